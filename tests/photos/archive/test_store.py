"""One request to a store, which may never be answered."""

import asyncio

import aiohttp
import pytest

from custom_components.plant_vita.model.errors import ProviderTimeoutError
from custom_components.plant_vita.photos.archive import store
from tests.photos.archive.emulators import session_fixture

session = session_fixture()


async def test_no_answer_is_not_waited_for_forever(
    session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_WITHIN_S", 0.2)

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    silent = await asyncio.start_server(listen, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{silent.sockets[0].getsockname()[1]}/x?secret=canary"
    with pytest.raises(ProviderTimeoutError) as raised:
        await store.asked(session, "GET", url)
    assert "canary" not in str(raised.value)
    assert raised.value.__context__ is None
    silent.close()
