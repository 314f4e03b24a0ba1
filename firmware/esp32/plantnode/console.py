"""The serial console: the pairing code for a person, and `stop` when nothing else works."""

import select
import sys

from plantnode import clock, pairing

_LINE_MAX = 64
_HELP = "help, status, code, stop, restart"


class Console:
    """Reads lines without ever holding the main loop."""

    def __init__(self, node) -> None:
        self.node = node
        self.line = ""
        self.poller = select.poll()
        self.poller.register(sys.stdin, select.POLLIN)

    def show_code(self) -> None:
        """What a person types into Home Assistant."""
        keys = self.node.keys
        print(
            "pairing code:",
            pairing.spelled(keys.code) if keys.code else "none, this node is paired",
        )

    def show_status(self) -> None:
        """A few lines about everything."""
        node = self.node
        print("node:", node.id, node.board.model, "boot", node.boot)
        print("link:", node.link.status, "- key", node.keys.kid)
        print("outputs:", node.outputs.state())
        print(
            "unconfirmed:",
            len(node.backlog.ring),
            "in memory,",
            len(node.backlog.journal.segments),
            "files",
        )

    def obey(self, line: str) -> None:
        """One line."""
        word = line.strip().lower()
        if word == "stop":
            self.node.outputs.stop("button")
            print("everything off")
        elif word == "code":
            self.show_code()
        elif word == "status":
            self.show_status()
        elif word == "restart":
            self.node.restarting = True
        elif word:
            print(_HELP)

    def feed(self, letter: str) -> None:
        """One character."""
        if letter in "\r\n":
            line, self.line = self.line, ""
            self.obey(line)
        elif len(self.line) < _LINE_MAX:
            self.line += letter

    async def run(self) -> None:
        """Read for ever; ends where there is no console."""
        while True:
            while self.poller.poll(0):
                letter = sys.stdin.read(1)
                if not letter:
                    return
                self.feed(letter)
            await clock.pause_ms(50)
