"""The serial console: words for a person, and the messages of a cable (docs/protocol.md §9).

A person reads the pairing code here, and says `stop` when nothing else works.
"""

import select
import sys

from plantnode import clock, limits, lines, pairing

_HELP = "help, status, code, stop, restart"
# A UART holds 260 bytes for us, which 115200 baud fill in 22 ms.
_PAUSE_MS = 10
_BYTES_A_TURN = 160  # more than arrive in a pause, and little enough for the safety loop to wait


class Console:
    """Reads lines without ever holding the main loop."""

    def __init__(self, node, cable) -> None:
        self.node, self.cable = node, cable
        self.lines = lines.Lines(limits.CABLE_MESSAGE_MAX)
        self.poller = select.poll()
        self.poller.register(sys.stdin, select.POLLIN)

    def greet(self) -> None:
        """Who this is, for both readers; a battery node does not say it each time it wakes."""
        self.show_code()
        if not self.node.sleeper.woken:
            self.cable.say(self.cable.hello())

    def show_code(self) -> None:
        """What a person types into Home Assistant."""
        keys = self.node.keys
        print(
            "pairing code:",
            pairing.spelled(keys.code) if keys.code else "none, this node is paired",
        )

    def show_status(self) -> None:
        """A few lines about everything, without any secret."""
        node = self.node
        print("node:", node.id, node.board.model, "boot", node.boot)
        print("wifi:", node.wifi.status)
        print("link:", node.link.status, "- key", node.keys.kid)
        if node.beacon is not None:
            print("bluetooth:", node.beacon.radio.address, node.beacon.radio.status())
        print("cable:", self.lines.dropped, "lines dropped,", self.cable.ignored, "ignored")
        print("outputs:", node.outputs.state())
        for problem in node.board.problems:
            print("problem:", problem)
        print(
            "unconfirmed:",
            len(node.backlog.ring),
            "in memory,",
            len(node.backlog.journal.segments),
            "files",
        )

    def obey(self, word: str) -> None:
        """One word."""
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
        else:
            print()  # the heartbeat of a cable, and an answer to an impatient Return key

    def take(self, line: bytes) -> None:
        """One line: a message, a word, or neither."""
        payload = lines.payload(line, limits.CABLE_MESSAGE_MAX)
        if payload is not None:
            self.cable.hear(payload)
            return
        word = lines.word(line)
        if word is None:
            self.lines.dropped += 1
        else:
            self.obey(word)

    async def run(self) -> None:
        """Read for ever; ends where there is no console."""
        # Bytes: half a character in text mode would hold the main loop until its other half comes.
        stdin = sys.stdin.buffer
        while True:
            for _ in range(_BYTES_A_TURN):
                if not self.poller.poll(0):
                    break
                byte = stdin.read(1)
                if not byte:
                    return
                line = self.lines.feed(byte[0])
                if line is not None:
                    self.take(line)
            await clock.pause_ms(_PAUSE_MS)
