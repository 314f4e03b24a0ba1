"""Waits that end: a time limit, a race.

A reader that never holds more than it was asked for.
"""

import asyncio

_CHUNK = 1024


class ClosedError(Exception):
    """The other end is gone, too slow, or not what it claims to be; the text says which."""


async def within(ms: int, awaitable, what: str):
    """The result of `awaitable`, or ClosedError after `ms` of real time."""
    try:
        return await asyncio.wait_for(awaitable, ms / 1000)
    except asyncio.TimeoutError:
        raise ClosedError("timeout: " + what) from None
    except OSError as error:
        raise ClosedError("{}: {}".format(what, error)) from None
    except EOFError:
        raise ClosedError("closed: " + what) from None


async def hang_up(writer) -> None:
    """Close a stream without another word; a second at most."""
    try:
        writer.close()
        await asyncio.wait_for(writer.wait_closed(), 1)
    except (OSError, asyncio.TimeoutError, EOFError):
        pass


async def race(*coroutines) -> None:
    """Run all until the first one ends, then cancel the others; its exception is raised."""
    ended = asyncio.Event()
    outcome = []

    async def run(coroutine) -> None:
        try:
            await coroutine
            outcome.append(None)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - handed on to whoever waits for the race
            outcome.append(error)
        finally:
            ended.set()

    tasks = [asyncio.create_task(run(coroutine)) for coroutine in coroutines]
    try:
        await ended.wait()
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            try:
                await task
            except asyncio.CancelledError:  # noqa: PERF203 - each on its own
                pass
    if outcome and outcome[0] is not None:
        raise outcome[0]


class Reader:
    """Reads from an asyncio stream into a buffer of bounded size."""

    def __init__(self, stream) -> None:
        self.stream = stream
        self.buffer = b""

    async def _more(self) -> None:
        data = await self.stream.read(_CHUNK)
        if not data:
            raise EOFError
        self.buffer += data

    async def exactly(self, count: int) -> bytes:
        """The next `count` bytes."""
        if count <= len(self.buffer):
            data, self.buffer = self.buffer[:count], self.buffer[count:]
            return data
        data = bytearray(count)
        filled = len(self.buffer)
        data[:filled] = self.buffer
        self.buffer = b""
        while filled < count:
            piece = await self.stream.read(min(count - filled, _CHUNK))
            if not piece:
                raise EOFError
            data[filled : filled + len(piece)] = piece
            filled += len(piece)
        return bytes(data)

    async def until(self, mark: bytes, most: int) -> bytes:
        """Everything up to and with `mark`, which must come within `most` bytes."""
        while True:
            at = self.buffer.find(mark)
            if 0 <= at <= most - len(mark):
                end = at + len(mark)
                data, self.buffer = self.buffer[:end], self.buffer[end:]
                return data
            if len(self.buffer) >= most:
                raise ClosedError("too long")
            await self._more()
