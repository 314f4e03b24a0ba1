"""Nodes on the network: one WebSocket that the node has opened to Home Assistant."""

import asyncio
from contextlib import suppress
from typing import NoReturn, override

from aiohttp import WSMessage, WSMsgType, web

from ..model.errors import LinkError
from .link import Link

_CLOSE_WITHIN_S = 2.0
_SEND_WITHIN_S = 5.0


class WebSocketLink(Link):
    """A `Link` over aiohttp's server side WebSocket.

    `heartbeat` is in seconds: a peer that does not answer a ping within half of it is gone, which
    is how a half-open TCP connection is noticed.
    """

    def __init__(self, *, heartbeat: float, largest: int) -> None:
        """Make the link; `largest` is the longest message in bytes that is read at all."""
        self._socket = web.WebSocketResponse(
            heartbeat=heartbeat,
            max_msg_size=largest,
            timeout=_CLOSE_WITHIN_S,
            autoping=True,
            compress=False,
        )
        self._peer = "?"
        self._transport: asyncio.Transport | None = None

    async def open(self, request: web.Request) -> web.WebSocketResponse:
        """Answer the upgrade request; the response is what the view returns in the end."""
        self._peer = request.remote or "?"
        self._transport = request.transport
        await self._socket.prepare(request)
        return self._socket

    @property
    @override
    def peer(self) -> str:
        return self._peer

    @override
    async def receive(self, within: float) -> str | bytes:
        try:
            async with asyncio.timeout(within):
                message = await self._socket.receive()
        except TimeoutError as error:
            msg = "nothing received in time"
            raise LinkError(msg) from error
        if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
            _refuse(message)
        data: str | bytes = message.data
        return data

    @override
    async def receive_bytes(self) -> bytes:
        message = await self._socket.receive()
        if message.type is not WSMsgType.BINARY:
            _refuse(message)
        data: bytes = message.data
        return data

    @override
    async def send_text(self, text: str) -> None:
        try:
            async with asyncio.timeout(_SEND_WITHIN_S):
                await self._socket.send_str(text)
        except (OSError, TimeoutError) as error:
            msg = "could not send"
            raise LinkError(msg) from error

    @override
    async def send_bytes(self, data: bytes) -> None:
        try:
            async with asyncio.timeout(_SEND_WITHIN_S):
                await self._socket.send_bytes(data)
        except (OSError, TimeoutError) as error:
            msg = "could not send"
            raise LinkError(msg) from error

    @override
    async def close(self, code: int) -> None:
        with suppress(OSError, TimeoutError, RuntimeError):
            async with asyncio.timeout(_CLOSE_WITHIN_S):
                await self._socket.close(code=code)
        if self._transport is not None and self._transport.get_write_buffer_size():
            # A peer that never reads would keep the socket and the buffer for as long as it likes.
            self._transport.abort()


def _refuse(message: WSMessage) -> NoReturn:
    if message.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED):
        msg = f"closed by the node ({message.data})" if message.data else "closed"
    elif message.type is WSMsgType.ERROR:
        msg = f"broken: {message.data}"
    else:
        msg = f"unexpected {message.type.name} message"
    raise LinkError(msg)
