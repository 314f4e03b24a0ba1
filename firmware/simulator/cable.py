"""The node's USB cable: its console as a serial port of this machine."""

import asyncio
import contextlib
import os
import termios
import tty
from collections.abc import Callable

READ_BYTES = 4096


class Cable:
    """A pseudo-terminal; `path` is what a program opens instead of /dev/ttyUSB0."""

    def __init__(self, typed: Callable[[bytes], None]) -> None:
        self._typed = typed
        self._near, self._far = os.openpty()
        # We keep the far end open, too: else the near end fails whenever nobody else has it open.
        tty.setraw(self._far)
        os.set_blocking(self._near, False)
        self.path = os.ttyname(self._far)
        asyncio.get_running_loop().add_reader(self._near, self._read)

    def _read(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._typed(os.read(self._near, READ_BYTES))

    def write(self, data: bytes) -> None:
        """What the node says; what nobody reads is lost, the oldest first, as on a cable."""
        try:
            sent = os.write(self._near, data)
        except BlockingIOError:
            sent = 0
        if sent < len(data):
            termios.tcflush(self._far, termios.TCIFLUSH)
            with contextlib.suppress(BlockingIOError):
                os.write(self._near, data)

    def close(self) -> None:
        """Unplug."""
        asyncio.get_running_loop().remove_reader(self._near)
        os.close(self._near)
        os.close(self._far)
