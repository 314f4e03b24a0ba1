"""The guardian: it owns every output, and outlives the node that drives them.

Pumps fall dry when the node is killed, hangs, crashes or lets a timer run out, because none of that
happens in here. What is left is the death of the guardian itself: then the node puts the outputs to
rest (wire.py), or systemd does (`off`), or the kernel and the pull-down resistors.
"""

import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from . import systemd, wire
from .bank import Bank

BEGIN_S = 60.0  # until the node shows life for the first time
TURN_S = 1.0  # the longest wait, so that systemd hears of us
END_S = 5.0  # for the node to write down what it knows
RESET = 71  # its exit code when it wants to begin again
AGAIN_S, AGAIN_AFTER_CRASH_S = 0.2, 10.0


@dataclass(kw_only=True)
class Life:
    """One node process, and what it has asked for. Times are those of `time.monotonic`."""

    process: subprocess.Popen[bytes]
    port: socket.socket
    lifeline: int
    dead_at: float
    timer_at: float | None = None

    def wait_s(self, now: float) -> float:
        """How long nothing has to be done unless somebody speaks."""
        due = self.dead_at if self.timer_at is None else min(self.dead_at, self.timer_at)
        return max(0.0, min(TURN_S, due - now))


class Guardian:
    """Starts the node again and again until it is told to end."""

    def __init__(self, command: Sequence[str], bank: Bank) -> None:
        self._command, self._bank = command, bank
        self._ending = False
        self._bell, self._rope = os.pipe()
        os.set_blocking(self._rope, False)
        self._words: dict[str, Callable[[Life, list[int]], None]] = {
            "out": lambda _, given: self._bank.switch(*given),
            "dim": lambda _, given: self._bank.dim(*given),
            "put": lambda _, given: self._put(*given),
            "timer": self._timer,
            "clear": self._clear,
            "feed": self._feed,
        }

    def run(self) -> None:
        """Until SIGTERM or SIGINT."""
        signal.set_wakeup_fd(self._rope)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told_to_end)
        try:
            while not self._ending:
                self._pause(self._live())
        finally:
            self._bank.rest()

    def _told_to_end(self, *_: object) -> None:
        self._ending = True

    # ── one life of the node ────────────────────────────────────────────────────────────

    def _live(self) -> float:
        """Run one node to its end; how long to wait before the next."""
        life = self._begin()
        try:
            self._attend(life)
        finally:
            # First of all, and whatever has happened: nobody is left to switch anything off.
            self._bank.rest()
            self._bury(life)
        code = life.process.returncode
        print(f"the node has ended ({code}): everything off", flush=True)
        return AGAIN_S if code == RESET else AGAIN_AFTER_CRASH_S

    def _begin(self) -> Life:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        lifeline, held = os.pipe()
        passed = (theirs.fileno(), lifeline)
        process = subprocess.Popen(
            [*self._command, "node", *map(str, passed)], stdin=subprocess.DEVNULL, pass_fds=passed
        )
        theirs.close()
        os.close(lifeline)
        dead_at = time.monotonic() + BEGIN_S
        return Life(process=process, port=ours, lifeline=held, dead_at=dead_at)

    def _attend(self, life: Life) -> None:
        """Do what the node asks until it is gone or has to go."""
        systemd.notify("READY=1")
        ended_at = None
        while True:
            now = time.monotonic()
            if self._ending and ended_at is None:
                ended_at = now + END_S
                self._bank.rest()
                life.process.terminate()
            if life.timer_at is not None and now >= life.timer_at:
                life.timer_at = None
                self._bank.rest(dimmed=False)
            if now >= life.dead_at or (ended_at is not None and now >= ended_at):
                print("the node shows no life", flush=True)
                return
            systemd.notify("WATCHDOG=1")
            ready = select.select([life.port.fileno(), self._bell], [], [], life.wait_s(now))[0]
            if self._bell in ready:
                os.read(self._bell, 64)
            if life.port.fileno() in ready and not self._serve(life):
                return

    def _serve(self, life: Life) -> bool:
        """One request; False when the node is gone."""
        try:
            request = life.port.recv(wire.LONGEST)
            if not request:
                return False
            life.port.send(self._answer(life, request))
        except OSError:
            return False
        return True

    def _answer(self, life: Life, request: bytes) -> bytes:
        try:
            word, *given = request.decode().split()
            self._words[word](life, [int(value) for value in given])
        except (OSError, ValueError, KeyError, TypeError) as error:
            return f"{type(error).__name__}: {error}".encode()[: wire.LONGEST]
        return wire.OK

    def _put(self, pin: int, value: int) -> None:
        if self._ending and not self._bank.rests_at(pin, value):
            raise OSError("the service is ending")
        self._bank.put(pin, value)

    def _timer(self, life: Life, given: list[int]) -> None:
        [ms] = given
        life.timer_at = time.monotonic() + ms / 1000

    def _clear(self, life: Life, _: list[int]) -> None:
        life.timer_at = None

    def _feed(self, life: Life, given: list[int]) -> None:
        [ms] = given
        life.dead_at = time.monotonic() + ms / 1000

    def _bury(self, life: Life) -> None:
        life.process.kill()
        life.process.wait()
        life.port.close()
        os.close(life.lifeline)

    def _pause(self, seconds: float) -> None:
        """Wait, unless told to end."""
        until = time.monotonic() + seconds
        while not self._ending and (left := until - time.monotonic()) > 0:
            systemd.notify("WATCHDOG=1")
            if select.select([self._bell], [], [], min(left, TURN_S))[0]:
                os.read(self._bell, 64)
