"""What node and guardian say to each other: one short request in a packet, one answer.

| request            | does                                                             |
|--------------------|------------------------------------------------------------------|
| `out PIN LEVEL`    | makes an output that rests at this level                         |
| `dim PIN DUTY HZ`  | makes a dimmed output that rests at this duty                    |
| `put PIN VALUE`    | drives an output                                                 |
| `timer MS`         | after so long every switched output rests, whatever the node does |
| `clear`            | no timer                                                         |
| `feed MS`          | I live; without another word of this within MS, end me           |
"""

import os
import socket
import threading
import time
from typing import NoReturn

from .bank import Bank

LONGEST = 256
OK = b"ok"
ANSWER_S = 2.0
TRIES = 50
_GUARDIAN_GONE = 74


class Wire:
    """The node's end. Any thread may ask."""

    def __init__(self, port: socket.socket) -> None:
        port.settimeout(ANSWER_S)
        self._port = port
        self._asking, self._leaving = threading.Lock(), threading.Lock()
        self._outputs: list[tuple[str, int, int]] = []

    def ask(self, *words: object) -> None:
        """Have it done; raises OSError where it could not be."""
        request = " ".join(map(str, words)).encode()
        with self._asking:
            try:
                self._port.send(request)
                answer = self._port.recv(LONGEST)
            except TimeoutError:
                # It holds the lines and hangs: systemd ends it, and an answer that comes later
                # must not be taken for the next one's.
                os._exit(_GUARDIAN_GONE)
            except OSError:
                answer = b""
        if not answer:
            self._leave()
        if answer != OK:
            raise OSError(answer.decode(errors="replace"))

    def made(self, kind: str, pin: int, rest: int) -> None:
        """Remember an output, for the case that we have to take over."""
        self._outputs.append((kind, pin, rest))

    def outlive(self, lifeline: int) -> None:
        """Wait in a thread of its own for the guardian's end, which closes this pipe."""

        def wait() -> None:
            os.read(lifeline, 1)  # nobody ever writes
            self._leave()

        threading.Thread(target=wait, name="lifeline", daemon=True).start()

    def _leave(self) -> NoReturn:
        """The guardian is gone, and its lines are free: do what it would have done, and end."""
        with self._leaving:
            print("the guardian is gone: everything off", flush=True)
            take_over(self._outputs, Bank())
            os._exit(_GUARDIAN_GONE)


def take_over(outputs: list[tuple[str, int, int]], bank: Bank, pause_s: float = 0.02) -> None:
    """Claim these outputs at their rest, each on its own; bounded.

    The kernel may need a moment until it has taken a line from a process that was killed.
    """
    for kind, pin, rest in outputs:
        # Dark needs no dimming.
        level = rest if kind == "out" else int(rest > 0)
        for attempt in range(TRIES):
            try:
                bank.switch(pin, level)
                break
            except OSError as error:
                if attempt == TRIES - 1:
                    print(f"GPIO {pin} could not be put to rest: {error}", flush=True)
                time.sleep(pause_s)
