"""The way between a node and Home Assistant, which can be cut without a word to either end."""

import asyncio
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit


class Cord:
    """A port of our own that leads to another. Cut, nothing comes through, and nobody is told.

    That is how a Wi-Fi goes. Once it is mended, what was connected before is lost, and whoever
    calls again gets through.
    """

    def __init__(self, url: str) -> None:
        """To where it leads."""
        self._to = urlsplit(url)
        self._whole = asyncio.Event()
        self._whole.set()
        self._ends: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        """Open the port."""
        self._server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it, and whatever leads through it."""
        assert self._server is not None
        self._server.close()
        self.mend()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        """Where to call."""
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        return self._to._replace(netloc=f"127.0.0.1:{port}").geturl()

    def cut(self) -> None:
        """From now on nothing comes through."""
        self._whole.clear()

    def mend(self) -> None:
        """Let everybody call again."""
        for end in list(self._ends):
            end.close()
        self._whole.set()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._whole.wait()
        there = await asyncio.open_connection(self._to.hostname, self._to.port)
        self._ends |= {writer, there[1]}
        try:
            await asyncio.gather(self._lead(reader, there[1]), self._lead(there[0], writer))
        finally:
            self._ends -= {writer, there[1]}

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while said := await reader.read(65_536):
                await self._whole.wait()
                writer.write(said)
                await writer.drain()
        writer.close()
