"""A cloud on this machine: answers as the real one is documented to, or fails as it is told."""

import asyncio
import random
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from aiohttp import web

LARGE = 10 * 1024 * 1024


class Fault(StrEnum):
    """What can be wrong with an answer."""

    S400 = "400"
    S401 = "401"
    S403 = "403"
    S404 = "404"
    S429 = "429"
    S429_SOON = "429 with Retry-After: 1"
    S429_LATE = "429 with Retry-After: 3600"
    S500 = "500"
    S503 = "503"
    REDIRECT = "302"
    TIMEOUT = "never answers"
    RESET = "connection reset"
    TRUNCATED = "breaks off"
    GARBAGE = "no JSON"
    LARGE = "10 MB"
    LIE = "other types than documented"
    EMPTY = "an empty object"
    NOTHING = "an empty body"
    BLOCKED = "blocked by the model"


_STATUSES = {
    Fault.S400: 400,
    Fault.S401: 401,
    Fault.S403: 403,
    Fault.S404: 404,
    Fault.S429: 429,
    Fault.S429_SOON: 429,
    Fault.S429_LATE: 429,
    Fault.S500: 500,
    Fault.S503: 503,
}
_WAITS = {Fault.S429_SOON: "1", Fault.S429_LATE: "3600"}


def gbif_id(name: str) -> int:
    """A number for a species that all clouds agree on, as they do on GBIF's."""
    return zlib.crc32(name.encode()) % 10_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = field(repr=False)


type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Cloud:
    """One cloud; `calls` are all requests so far, `keys` the accounts it knows.

    `delay` is the least and the most seconds an answer takes. `fail` makes the next answers fail;
    a failing answer is still a call, and repeats the key as careless services do.
    """

    PATH: ClassVar[str] = ""
    LIE: ClassVar[object] = {"result": "none", "results": 5, "data": {"a": 1}, "candidates": "x"}

    def __init__(self, *, keys: tuple[str, ...] = ("key",), seed: int = 1) -> None:
        self.keys = keys
        self.calls: list[Call] = []
        self.delay = (0.0, 0.0)
        self.served = 0
        self._dice = random.Random(seed)  # noqa: S311
        self._fault: Fault | None = None
        self._times = 0
        self._methods: tuple[str, ...] = ()
        self._runner: web.AppRunner | None = None
        self._stopped = asyncio.Event()
        self.url = ""
        self.port = 0

    def fail(
        self, fault: Fault | None, times: int = 1_000_000, methods: tuple[str, ...] = ()
    ) -> None:
        """Let the next `times` requests (with one of `methods`, if any) fail like this."""
        self._fault, self._times, self._methods = fault, times, methods

    async def start(self, port: int = 0) -> None:
        """Listen on the loopback; `url` is then the base address, `port` where it listens."""
        app = web.Application(client_max_size=64 * 1024 * 1024, middlewares=[self._middleware])
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        host, self.port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{self.port}{self.PATH}"

    async def stop(self) -> None:
        """Hang up on everybody."""
        self._stopped.set()
        if self._runner is not None:
            await self._runner.cleanup()

    def routes(self) -> list[web.RouteDef]:
        """What the cloud offers, below `PATH`."""
        raise NotImplementedError

    def error(self, status: int, key: str) -> web.Response:
        """A failure as this cloud words it."""
        raise NotImplementedError

    def key_of(self, call: Call) -> str:
        """The key that a request carries."""
        raise NotImplementedError

    @web.middleware
    async def _middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        call = Call(
            method=request.method,
            path=request.path,
            query=dict(request.query),
            headers=dict(request.headers),
            body=await request.read(),
        )
        self.calls.append(call)
        await asyncio.sleep(self._dice.uniform(*self.delay))
        if self._fault is not None and self._times > 0 and self._meant(call):
            self._times -= 1
            return await self._failing(self._fault, request, self.key_of(call))
        if self.key_of(call) not in self.keys:
            return self.error(401, self.key_of(call))
        response = await handler(request)
        self.served += 1
        return response

    def _meant(self, call: Call) -> bool:
        return not self._methods or call.method in self._methods

    async def _failing(self, fault: Fault, request: web.Request, key: str) -> web.StreamResponse:
        if fault in _STATUSES:
            response = self.error(_STATUSES[fault], key)
            if fault in _WAITS:
                response.headers["Retry-After"] = _WAITS[fault]
            return response
        match fault:
            case Fault.TIMEOUT:
                await self._stopped.wait()
            case Fault.RESET if request.transport is not None:
                request.transport.abort()
            case Fault.REDIRECT:
                return web.Response(status=302, headers={"Location": f"{self.url}/elsewhere"})
            case Fault.TRUNCATED:
                return await self._truncated(request)
            case _:
                pass
        return self._nonsense(fault, key)

    async def _truncated(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b'{"results": [')
        if request.transport is not None:
            request.transport.close()
        return response

    def _nonsense(self, fault: Fault, key: str) -> web.Response:
        bodies = {
            Fault.GARBAGE: f"<html>Bad gateway for {key}</html>".encode(),
            Fault.LARGE: b'{"results": "' + b"x" * LARGE + b'"}',
            Fault.EMPTY: b"{}",
            Fault.NOTHING: b"",
        }
        if fault in bodies:
            return web.Response(body=bodies[fault], content_type="application/json")
        return self.lie() if fault is Fault.LIE else self.blocked()

    def lie(self) -> web.Response:
        """A success whose members have other types than documented."""
        return web.json_response(self.LIE)

    def blocked(self) -> web.Response:
        """A model's refusal; clouds without a model answer with nothing."""
        return web.json_response({})
