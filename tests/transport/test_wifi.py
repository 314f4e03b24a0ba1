"""A WebSocket link against aiohttp's own client, and against raw sockets that behave badly."""

import asyncio
import base64
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, web

from custom_components.plant_vita.model.errors import LinkError
from custom_components.plant_vita.transport import wifi
from custom_components.plant_vita.transport.wifi import WebSocketLink

type Play = Callable[[WebSocketLink], Awaitable[None]]


@dataclass
class Server:
    """A server whose handler plays what a test has written."""

    session: ClientSession
    play: Play | None = None
    heartbeat: float = 20.0
    port: int = 0
    links: list[WebSocketLink] = field(default_factory=list)
    handled: asyncio.Event = field(default_factory=asyncio.Event)
    error: LinkError | None = None
    task: asyncio.Task[None] | None = None

    async def handle(self, request: web.Request) -> web.StreamResponse:
        link = WebSocketLink(heartbeat=self.heartbeat, largest=1000)
        response = await link.open(request)
        self.links.append(link)
        # aiohttp cancels whoever serves a connection that is lost; the hub plays elsewhere, too.
        await asyncio.shield(self.playing(link))
        return response

    def playing(self, link: WebSocketLink) -> asyncio.Task[None]:
        async def play() -> None:
            assert self.play is not None
            try:
                await self.play(link)
            except LinkError as error:
                self.error = error
            finally:
                self.handled.set()

        self.task = asyncio.create_task(play())
        return self.task

    async def dial(self) -> ClientWebSocketResponse:
        return await self.session.ws_connect(f"http://127.0.0.1:{self.port}/", autoping=False)

    async def dial_raw(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Upgrade by hand, on a socket that may then say anything or nothing."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(
            b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
            + base64.b64encode(bytes(16))
            + b"\r\n\r\n"
        )
        await reader.readuntil(b"\r\n\r\n")
        return reader, writer

    async def done(self) -> None:
        await asyncio.wait_for(self.handled.wait(), 5)
        assert self.task is not None
        await self.task


@pytest.fixture
async def server(socket_enabled: None) -> AsyncGenerator[Server]:
    async with ClientSession() as session:
        made = Server(session)
        app = web.Application()
        app.router.add_get("/", made.handle)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        made.port = runner.addresses[0][1]
        yield made
        await runner.cleanup()


async def test_text_and_bytes_both_ways(server: Server) -> None:
    heard: list[str | bytes] = []

    async def play(link: WebSocketLink) -> None:
        heard.extend([await link.receive(1), await link.receive(1), await link.receive_bytes()])
        await link.send_text("µ")
        await link.send_bytes(b"\x00\xff")
        await link.close(4400)

    server.play = play
    socket = await server.dial()
    await socket.send_str("Grüße")
    await socket.send_bytes(b"\x01")
    await socket.send_bytes(b"\x02")
    assert await socket.receive_str() == "µ"
    assert await socket.receive_bytes() == b"\x00\xff"
    assert (await socket.receive()).type is WSMsgType.CLOSE
    assert socket.close_code == 4400
    await server.done()
    assert heard == ["Grüße", b"\x01", b"\x02"]
    assert server.links[0].peer == "127.0.0.1"


async def test_before_it_is_open_nobody_is_there() -> None:
    link = WebSocketLink(heartbeat=20, largest=1000)
    assert link.peer == "?"
    await link.close(1001)


async def test_silence(server: Server) -> None:
    async def play(link: WebSocketLink) -> None:
        await link.receive(0.05)

    server.play = play
    socket = await server.dial()
    await server.done()
    assert not socket.closed
    assert str(server.error) == "nothing received in time"


@pytest.mark.parametrize("binary", [True, False])
@pytest.mark.parametrize(
    ("last", "why"),
    [
        (lambda socket: socket.close(code=4000), "closed by the node (4000)"),
        (lambda socket: socket._response.connection.transport.abort(), ""),
        (lambda socket: socket.send_bytes(bytes(1001)), "broken"),
        (lambda socket: socket._writer.send_frame(b"\xff", WSMsgType.TEXT), "broken"),
    ],
    ids=["closes", "vanishes", "says too much", "says no text"],
)
async def test_the_other_end(
    server: Server, *, binary: bool, last: Callable[[ClientWebSocketResponse], object], why: str
) -> None:
    async def play(link: WebSocketLink) -> None:
        await (link.receive_bytes() if binary else link.receive(5))

    server.play = play
    socket = await server.dial()
    result = last(socket)
    if asyncio.iscoroutine(result):
        await result
    await server.done()
    assert server.error is not None
    assert why in str(server.error)


async def test_text_where_only_bytes_are_allowed(server: Server) -> None:
    async def play(link: WebSocketLink) -> None:
        await link.receive_bytes()

    server.play = play
    socket = await server.dial()
    await socket.send_str("x")
    await server.done()
    assert str(server.error) == "unexpected TEXT message"


async def test_a_peer_that_answers_no_ping_is_gone(server: Server) -> None:
    async def play(link: WebSocketLink) -> None:
        await link.receive_bytes()

    server.play, server.heartbeat = play, 0.1
    _reader, writer = await server.dial_raw()
    await server.done()
    assert isinstance(server.error, LinkError)
    writer.close()


async def test_a_peer_that_answers_pings_stays(server: Server) -> None:
    async def play(link: WebSocketLink) -> None:
        assert await link.receive_bytes() == b"late"

    server.play, server.heartbeat = play, 0.1
    socket = await server.session.ws_connect(f"http://127.0.0.1:{server.port}/", autoping=True)
    reading = asyncio.create_task(socket.receive())
    await asyncio.sleep(0.5)
    await socket.send_bytes(b"late")
    await server.done()
    assert server.error is None
    await reading


async def test_after_the_end_sending_says_so_and_closing_does_nothing(server: Server) -> None:
    async def play(link: WebSocketLink) -> None:
        await link.close(4401)
        await link.close(4403)
        for send in (link.send_text("x"), link.send_bytes(b"x")):
            with pytest.raises(LinkError, match="could not send"):
                await send
        for receive in (link.receive(1), link.receive_bytes()):
            with pytest.raises(LinkError):
                await receive

    server.play = play
    socket = await server.dial()
    assert (await socket.receive()).data == 4401
    await server.done()
    assert server.error is None


async def test_closing_never_takes_longer_than_it_says(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    took: list[float] = []
    monkeypatch.setattr(wifi, "_CLOSE_WITHIN_S", 0.2)

    async def play(link: WebSocketLink) -> None:
        started = asyncio.get_running_loop().time()
        await link.close(4408)
        took.append(asyncio.get_running_loop().time() - started)

    server.play = play
    _reader, writer = await server.dial_raw()
    await server.done()
    assert 0.1 < took[0] < 1.0
    writer.close()


async def test_a_peer_that_reads_nothing_keeps_nothing(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wifi, "_CLOSE_WITHIN_S", 0.2)
    monkeypatch.setattr(wifi, "_SEND_WITHIN_S", 0.2)
    transports: list[asyncio.Transport] = []

    async def play(link: WebSocketLink) -> None:
        assert link._transport is not None
        transports.append(link._transport)
        with pytest.raises(LinkError, match="could not send"):
            await asyncio.gather(*(link.send_bytes(bytes(32_000)) for _ in range(1000)))
        assert link._transport.get_write_buffer_size() > 0
        await link.close(4408)
        assert link._transport.get_write_buffer_size() == 0

    server.play = play
    reader, writer = await server.dial_raw()
    assert isinstance(writer.transport, asyncio.Transport)
    writer.transport.pause_reading()
    await server.done()
    assert server.error is None
    assert transports[0].is_closing()
    writer.transport.abort()
    del reader


async def test_one_who_gives_up_does_not_cancel_the_others(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wifi, "_CLOSE_WITHIN_S", 0.1)
    given_up: list[BaseException | None] = []

    async def play(link: WebSocketLink) -> None:
        sending = [asyncio.create_task(link.send_bytes(bytes(32_000))) for _ in range(1000)]
        await asyncio.sleep(0.1)
        blocked = [task for task in sending if not task.done()]
        blocked[0].cancel()
        await asyncio.wait(blocked)
        assert blocked[0].cancelled()
        given_up.extend(task.exception() for task in blocked[1:])

    server.play = play
    _reader, writer = await server.dial_raw()
    assert isinstance(writer.transport, asyncio.Transport)
    writer.transport.pause_reading()
    await server.done()
    assert {type(error) for error in given_up} == {LinkError}
    writer.transport.abort()


async def test_closing_while_somebody_waits_for_a_message(server: Server) -> None:
    async def play(link: WebSocketLink) -> None:
        waiting = asyncio.create_task(link.receive_bytes())
        await asyncio.sleep(0.02)
        await link.close(4409)
        with pytest.raises(LinkError, match="closed"):
            await waiting

    server.play = play
    socket = await server.dial()
    assert (await socket.receive()).data == 4409
    await server.done()
    assert server.error is None


async def test_what_is_no_websocket(server: Server) -> None:
    async with server.session.get(f"http://127.0.0.1:{server.port}/") as response:
        assert response.status == 400
    assert server.links == []
