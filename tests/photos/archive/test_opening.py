"""A store is tried before anything is kept of it."""

import asyncio
from typing import Any

import pytest
from homeassistant.core import HomeAssistant

from custom_components.plant_vita.model.errors import ProviderAnswerError, ProviderKeyError
from custom_components.plant_vita.photos.archive.gcs import GcsStore
from custom_components.plant_vita.photos.archive.opening import async_check, store_of
from tests.photos.archive.archived import of_gcs, of_s3
from tests.photos.archive.emulators import (
    S3,
    Gcs,
    Tokens,
    gcs_fixture,
    s3_fixture,
    tokens_fixture,
)

gcs = gcs_fixture()
s3 = s3_fixture()
tokens = tokens_fixture()


async def test_trying_writes_a_note_that_stays(
    hass: HomeAssistant, s3: S3, gcs: Gcs, tokens: Tokens
) -> None:
    await async_check(hass, of_s3(s3))
    await async_check(hass, of_gcs(gcs, tokens))
    for objects in (
        await asyncio.to_thread(s3.objects),
        await asyncio.to_thread(gcs.objects),
    ):
        ((name, note),) = objects.items()
        assert name.endswith("plant_vita.txt")
        assert note.startswith(b"Plant Vita keeps photos of plants here.")


async def test_a_store_that_reads_something_else_is_refused(
    hass: HomeAssistant, gcs: Gcs, tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def old(self: GcsStore, name: str) -> bytes:
        return b"Plant Vita keeps photos of plants here. 0000000000000000\n"

    monkeypatch.setattr(GcsStore, "get", old)
    with pytest.raises(ProviderAnswerError):
        await async_check(hass, of_gcs(gcs, tokens))


async def test_an_account_that_is_none(hass: HomeAssistant, gcs: Gcs, tokens: Tokens) -> None:
    data: dict[str, Any] = of_gcs(gcs, tokens, secrets={"service_account": "{}"})
    with pytest.raises(ProviderKeyError):
        store_of(hass, data)
