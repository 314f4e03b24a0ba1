from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp import web

from custom_components.plant_vita.model import errors
from custom_components.plant_vita.providers.request import (
    LARGEST_BODY,
    Response,
    request,
    retry_after,
)

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("99999999999999999999", 32 * 86_400.0),
        ("Sat, 21 Nov 2026 12:02:00 GMT", 120.0),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0.0),
        ("Sat, 21 Nov 2099 11:00:00 GMT", 32 * 86_400.0),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": text}, NOW) == seconds


@pytest.mark.parametrize(
    ("status", "kind", "unbilled"),
    [
        (400, errors.ProviderRefusedError, True),
        (401, errors.ProviderKeyError, True),
        (403, errors.ProviderForbiddenError, True),
        (404, errors.ProviderRefusedError, True),
        (408, errors.ProviderDownError, True),
        (413, errors.ProviderRefusedError, True),
        (429, errors.ProviderBusyError, True),
        (500, errors.ProviderDownError, False),
        (502, errors.ProviderDownError, False),
        (503, errors.ProviderDownError, True),
        (504, errors.ProviderDownError, False),
        (302, errors.ProviderAnswerError, False),
        (777, errors.ProviderAnswerError, False),
    ],
)
def test_a_status_is_one_error(
    status: int, kind: type[errors.ProviderError], *, unbilled: bool
) -> None:
    found = Response(status=status, headers={"Retry-After": "9"}, body=b"canary").error()
    assert type(found) is kind
    assert found.unbilled is unbilled
    assert found.wait_s == 9
    assert "canary" not in str(found)


def test_a_success_is_read() -> None:
    assert Response(status=201, headers={}, body=b'{"a": 1}').answer()["a"].number() == 1


async def asked(handler: object) -> Response:
    """One request to a server with this handler."""
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with aiohttp.ClientSession() as session:
            url = f"http://127.0.0.1:{runner.addresses[0][1]}/x"
            return await request(session, "GET", url, params={"key": "canary"})
    finally:
        await runner.cleanup()


async def test_a_body_without_a_length_is_bounded_too() -> None:
    sent = 0

    async def endless(http: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        response.enable_chunked_encoding()
        await response.prepare(http)
        while sent < 100 * LARGEST_BODY:
            await response.write(bytes(100_000))
            sent += 100_000
        return response

    with pytest.raises(errors.ProviderAnswerError):
        await asked(endless)
    assert sent < 10 * LARGEST_BODY


async def test_a_small_body_that_unpacks_to_a_large_one_is_bounded() -> None:
    async def bomb(_: web.Request) -> web.Response:
        response = web.Response(body=bytes(30 * LARGEST_BODY))
        response.enable_compression(web.ContentCoding.gzip)
        return response

    with pytest.raises(errors.ProviderAnswerError):
        await asked(bomb)


async def test_the_key_is_not_taken_elsewhere() -> None:
    seen: list[str] = []

    async def moved(http: web.Request) -> web.Response:
        seen.append(http.path)
        return web.Response(status=307, headers={"Location": "/elsewhere"})

    response = await asked(moved)
    assert seen == ["/x"]
    assert isinstance(response.error(), errors.ProviderAnswerError)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/x", "ftp://x.example/", "no address", ""])
async def test_nowhere_is_down_and_cost_nothing(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(errors.ProviderDownError) as caught:
            await request(session, "GET", url, params={"key": "canary"})
    assert caught.value.unbilled
    assert caught.value.__context__ is None
    assert "canary" not in str(caught.value)
