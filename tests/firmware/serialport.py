"""Home Assistant's end of a node's cable, as raw bytes: a serial port of this machine."""

import asyncio
import binascii
import contextlib
import json
import os
import time
import tty


def framed(message: dict | bytes) -> bytes:
    """A line for the cable, with a CRC that is not the firmware's own."""
    payload = message if isinstance(message, bytes) else json.dumps(message).encode()
    return payload + f"*{binascii.crc_hqx(payload, 0xFFFF):04X}\n".encode()


PING = framed({"t": "cmd", "op": "ping"})


class Port:
    """An open serial port; `lines` is all that was heard."""

    def __init__(self, path: str) -> None:
        self.lines: list[bytes] = []
        self._rest = b""
        self._fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self._fd)
        asyncio.get_running_loop().add_reader(self._fd, self._read)

    def _read(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._rest += os.read(self._fd, 4096)
        *lines, self._rest = self._rest.split(b"\n")
        self.lines += [line.removesuffix(b"\r") for line in lines]

    async def write(self, data: bytes) -> None:
        """All of it, however slowly it is taken."""
        while data:
            with contextlib.suppress(BlockingIOError):
                data = data[os.write(self._fd, data) :]
            await asyncio.sleep(0.001)

    def messages(self) -> list[dict]:
        """What was heard in right lines."""
        found = []
        for line in self.lines:
            payload = line[:-5]
            if payload and framed(payload) == line + b"\n":
                found.append(json.loads(payload))
        return found

    async def until(self, check, within: float = 10.0):
        """Wait until `check()` is true, and give what it gave."""
        end = time.monotonic() + within
        while not (value := check()):
            if time.monotonic() > end:
                raise TimeoutError(b"\n".join(self.lines[-30:]))
            await asyncio.sleep(0.005)
        return value

    async def printed(self, text: bytes, within: float = 10.0) -> bytes:
        """The first line with this in it."""
        return await self.until(lambda: next((li for li in self.lines if text in li), None), within)

    async def answer(self, request: dict | bytes, kind: str, within: float = 10.0) -> dict:
        """Send a line, and give the first message of a type that comes after it."""
        before = len(self.messages())
        await self.write(request if isinstance(request, bytes) else framed(request))

        def heard():
            return next((m for m in self.messages()[before:] if m["t"] == kind), None)

        return await self.until(heard, within)

    def close(self) -> None:
        """Unplug."""
        asyncio.get_running_loop().remove_reader(self._fd)
        os.close(self._fd)
