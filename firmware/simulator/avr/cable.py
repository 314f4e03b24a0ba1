"""The USB cable: a pseudo-terminal that can be pulled out and put in again.

A pseudo-terminal has no DTR line. But its master sees whether anybody has the other end open, and
opening is when a computer pulls DTR: so the first reader resets the board, as on a real Uno.
"""

import contextlib
import errno
import os
import pty
import select
import tty
from pathlib import Path

MOST_BYTES = 4096


class Cable:
    """One end for the board. `path` is a link that names the other end while it is plugged in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._master = -1
        self._is_open = False

    @property
    def plugged(self) -> bool:
        """Whether there is a port at `path`."""
        return self._master >= 0

    def plug(self, path: Path | None = None) -> None:
        """Appear, at another path if one is given."""
        self.unplug()
        self.path = path or self.path
        self._master, other = pty.openpty()
        tty.setraw(other)  # kept for as long as the master is open; nobody holds the other end
        name = os.ttyname(other)
        os.close(other)
        os.set_blocking(self._master, False)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(name)

    def unplug(self) -> None:
        """Vanish: whoever has it open gets an error, and the path names nothing."""
        if self._master >= 0:
            self.path.unlink(missing_ok=True)
            os.close(self._master)
            self._master = -1
        self._is_open = False

    def was_opened(self) -> bool:
        """Whether somebody opened the port since this was asked last, nobody having had it."""
        if self._master < 0:
            return False
        before, self._is_open = self._is_open, not self._hung_up()
        return self._is_open and not before

    @property
    def is_open(self) -> bool:
        """Whether somebody has the port open, as `was_opened` saw it last."""
        return self._is_open

    def _hung_up(self) -> bool:
        poll = select.poll()
        poll.register(self._master, select.POLLIN)
        return any(event & select.POLLHUP for _, event in poll.poll(0))

    def read(self) -> bytes:
        """What has been sent to the board."""
        if self._master < 0:
            return b""
        try:
            return os.read(self._master, MOST_BYTES)
        except BlockingIOError:
            return b""
        except OSError as error:
            if error.errno == errno.EIO:  # nobody is there
                return b""
            raise

    def write(self, data: bytes) -> None:
        """Send from the board. With nobody there, or nobody who reads, it is lost."""
        if self._master >= 0 and self._is_open and data:
            with contextlib.suppress(BlockingIOError):
                os.write(self._master, data)
