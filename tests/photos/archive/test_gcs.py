"""Google Cloud Storage: whole objects, uploads that break off, and accounts that are refused."""

import asyncio
import json

import aiohttp
import pytest

from custom_components.plant_vita.model.errors import (
    ProviderDownError,
    ProviderError,
    ProviderKeyError,
    ProviderRefusedError,
)
from custom_components.plant_vita.photos.archive import gcs as module
from custom_components.plant_vita.photos.archive.gcs import CHUNK, GcsStore, service_account
from tests.photos.archive.emulators import (
    BUCKET,
    Gcs,
    Line,
    Tokens,
    gcs_fixture,
    session_fixture,
    tokens_fixture,
)

gcs = gcs_fixture()
session = session_fixture()
tokens = tokens_fixture()
NAME = "garden-1/01JALBUM/20260528T202640-aaaaaaaaaaaa.jpg"
LARGE = bytes(range(251)) * 5200


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AGAIN_S", 0.01)


def store(
    session: aiohttp.ClientSession, url: str, tokens: Tokens, bucket: str = BUCKET
) -> GcsStore:
    account = service_account(tokens.account())
    return GcsStore(session, address=url, bucket=bucket, account=account)


async def test_what_is_written_is_read_and_others_see_it(
    session: aiohttp.ClientSession, gcs: Gcs, tokens: Tokens
) -> None:
    ours = store(session, gcs.url, tokens)
    assert await ours.get(NAME) is None
    await ours.put(NAME, LARGE, "image/jpeg")
    assert await ours.get(NAME) == LARGE
    await ours.put(NAME, b"anew", "image/jpeg")
    assert await asyncio.to_thread(gcs.objects) == {NAME: b"anew"}
    assert tokens.given == 1


async def test_what_has_arrived_is_not_sent_again(
    session: aiohttp.ClientSession, gcs: Gcs, tokens: Tokens
) -> None:
    line = Line(target=gcs.port, breaks_after=3 * CHUNK + CHUNK // 2)
    server = await line.start()
    ours = store(session, line.url, tokens)
    await ours.put("broken.jpg", LARGE, "image/jpeg")
    assert line.broken == 1
    assert await ours.get("broken.jpg") == LARGE
    # The part that broke off may go twice; three whole ones went once.
    assert len(LARGE) < line.sent < len(LARGE) + 2 * CHUNK
    server.close()


async def test_a_store_that_stays_away_is_down(
    session: aiohttp.ClientSession, gcs: Gcs, tokens: Tokens
) -> None:
    ours = store(session, gcs.url, tokens)
    gcs.kill()
    try:
        with pytest.raises(ProviderDownError):
            await ours.put("away.jpg", b"x", "image/jpeg")
    finally:
        await asyncio.to_thread(gcs.start)
    assert await ours.get("away.jpg") is None


async def test_no_bucket_is_refused(
    session: aiohttp.ClientSession, gcs: Gcs, tokens: Tokens
) -> None:
    with pytest.raises(ProviderRefusedError):
        await store(session, gcs.url, tokens, "elsewhere").put(NAME, b"x", "text/plain")


async def test_an_account_that_is_refused(
    session: aiohttp.ClientSession, gcs: Gcs, tokens: Tokens
) -> None:
    tokens.refuses = True
    with pytest.raises(ProviderKeyError):
        await store(session, gcs.url, tokens).get(NAME)


@pytest.mark.parametrize(
    "text",
    ["", "no JSON", "[]", "{}", json.dumps({"client_email": "a", "private_key": "b"}), "[" * 9999],
)
def test_what_is_no_account(text: str) -> None:
    with pytest.raises(ProviderKeyError) as raised:
        service_account(text)
    assert raised.value.__context__ is None


async def test_a_key_that_is_none(session: aiohttp.ClientSession, tokens: Tokens) -> None:
    told = {**json.loads(tokens.account()), "private_key": "-----BEGIN secret-canary"}
    account = service_account(json.dumps(told))
    ours = GcsStore(session, address="http://127.0.0.1:1", bucket=BUCKET, account=account)
    with pytest.raises(ProviderKeyError) as raised:
        await ours.get(NAME)
    assert "canary" not in str(raised.value)
    assert raised.value.__context__ is None


async def test_a_store_that_takes_nothing_is_given_up(
    session: aiohttp.ClientSession, tokens: Tokens
) -> None:
    """It says again and again that it has nothing."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        port = writer.get_extra_info("sockname")[1]
        if head.startswith(b"POST"):
            place = f"Location: http://127.0.0.1:{port}/place\r\n"
            writer.write(f"HTTP/1.1 200 OK\r\n{place}".encode())
        else:
            writer.write(b"HTTP/1.1 308 Resume Incomplete\r\n")
        writer.write(b"Content-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    with pytest.raises(ProviderError):
        await store(session, url, tokens).put(NAME, b"x", "text/plain")
    server.close()
