"""Nodes on the network: one WebSocket that the node has opened to Home Assistant."""

import asyncio
import socket
import struct
from collections.abc import Coroutine
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
        await _sent(self._socket.send_str(text), _SEND_WITHIN_S)

    @override
    async def send_bytes(self, data: bytes) -> None:
        await _sent(self._socket.send_bytes(data), _SEND_WITHIN_S)

    @override
    async def close(self, code: int) -> None:
        try:
            with suppress(LinkError, RuntimeError):
                await _sent(self._socket.close(code=code), _CLOSE_WITHIN_S)
        finally:
            if self._transport is not None and self._transport.get_write_buffer_size():
                _drop(self._transport)


def _drop(transport: asyncio.Transport) -> None:
    # A peer that never reads would keep socket and buffer for as long as it likes, first ours and
    # then the kernel's.
    if (connection := transport.get_extra_info("socket")) is not None:
        with suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


async def _sent(sending: Coroutine[object, object, object], within: float) -> None:
    try:
        async with asyncio.timeout(within):
            await sending
    except (OSError, TimeoutError) as error:
        msg = "could not send"
        raise LinkError(msg) from error
    except asyncio.CancelledError as error:
        if (task := asyncio.current_task()) and task.cancelling():
            raise
        # Whoever waits for the same full buffer waits for one future of aiohttp's: the first to
        # give up cancels it for all of them.
        msg = "could not send, like others before"
        raise LinkError(msg) from error


def _refuse(message: WSMessage) -> NoReturn:
    if message.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED):
        msg = f"closed by the node ({message.data})" if message.data else "closed"
    elif message.type is WSMsgType.ERROR:
        msg = f"broken: {message.data}"
    else:
        msg = f"unexpected {message.type.name} message"
    raise LinkError(msg)
