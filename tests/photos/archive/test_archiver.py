"""Photos reach the archive whole, whatever happens on the way; here they go only after that."""

import asyncio
import json
import logging
from datetime import timedelta

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.plant_vita.photos.album import Album
from custom_components.plant_vita.photos.archive import gcs as google
from custom_components.plant_vita.photos.archive.gcs import GcsStore
from custom_components.plant_vita.photos.retention import async_retention
from tests.photos.album_photos import AT, PLANT, album_fixture, picture
from tests.photos.archive.archived import add, files, of_gcs, of_s3
from tests.photos.archive.emulators import (
    S3,
    Gcs,
    Tokens,
    gcs_fixture,
    s3_fixture,
    tokens_fixture,
)

album = album_fixture()
gcs = gcs_fixture()
s3 = s3_fixture()
tokens = tokens_fixture()
FINDING = {"kind": "identify", "title": "Basil", "confidence": 0.9}


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(google, "AGAIN_S", 0.001)


class Clock:
    """Time in the hands of a test."""

    def __init__(self, hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
        self._hass, self._freezer = hass, freezer

    async def passes(self, seconds: float, *, wait: bool = True) -> None:
        self._freezer.tick(timedelta(seconds=seconds))
        async_fire_time_changed(self._hass, dt_util.utcnow())
        await self._hass.async_block_till_done(wait_background_tasks=wait)


@pytest.fixture
def clock(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Clock:
    return Clock(hass, freezer)


def names(objects: dict[str, bytes], prefix: str = "") -> list[str]:
    start = f"{prefix}{PLANT}/"
    return sorted(one.removeprefix(start) for one in objects if one.startswith(start))


async def test_all_that_is_known_of_a_photo_is_there(
    hass: HomeAssistant, album: Album, clock: Clock, s3: S3, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    first = await album.async_keep(PLANT, picture(), taken_at=AT, findings=[FINDING])
    entry = await add(hass, of_s3(s3))
    await clock.passes(121)
    objects = await asyncio.to_thread(s3.objects)
    assert names(objects, "home/plants/") == [f"{first.photo_id}.jpg", f"{first.photo_id}.json"]
    there = f"home/plants/{PLANT}/{first.photo_id}"
    assert objects[f"{there}.jpg"] == album.path(first).read_bytes()
    assert json.loads(objects[f"{there}.json"])["findings"][0]["title"] == "Basil"
    assert await album.async_waiting(5) == []
    # The next one does not wait for a start, and what is found later is written there, too.
    second = await album.async_keep(PLANT, picture(2), taken_at=AT + 60)
    await clock.passes(11)
    assert len(names(await asyncio.to_thread(s3.objects), "home/plants/")) == 4
    await album.async_add_findings(second, [FINDING])
    await clock.passes(11)
    known = (await asyncio.to_thread(s3.objects))[f"home/plants/{PLANT}/{second.photo_id}.json"]
    assert json.loads(known)["findings"][0]["title"] == "Basil"
    assert entry.runtime_data.done == 3
    assert s3.secret not in caplog.text
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_an_outage_costs_no_photo(
    hass: HomeAssistant,
    album: Album,
    clock: Clock,
    gcs: Gcs,
    tokens: Tokens,
    *,
    caplog: pytest.LogCaptureFixture,
) -> None:
    entry = await add(hass, of_gcs(gcs, tokens))
    gcs.kill()
    photos = [await album.async_keep(PLANT, picture(one), taken_at=AT + one) for one in (1, 2, 3)]
    await clock.passes(121)
    await clock.passes(61)
    await clock.passes(121)
    assert len(await album.async_waiting(5)) == 3
    assert caplog.text.count("photos are not archived now") == 1
    assert not issues(hass)
    for _ in range(24):
        await clock.passes(3601)
    assert len(issues(hass)) == 1
    await asyncio.to_thread(gcs.start)
    await clock.passes(3601)
    assert await album.async_waiting(5) == []
    assert issues(hass) == []
    assert len(names(await asyncio.to_thread(gcs.objects))) == 6
    assert "photos are archived again" in caplog.text
    assert len(files(album.path(photos[0]).parents[3])) == 3
    assert await hass.config_entries.async_unload(entry.entry_id)


def issues(hass: HomeAssistant) -> list[str]:
    return [name for _, name in ir.async_get(hass).issues if name.startswith("archive_failing")]


async def test_what_was_not_verified_stays(
    hass: HomeAssistant,
    album: Album,
    clock: Clock,
    gcs: Gcs,
    tokens: Tokens,
    *,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A store that says yes and keeps something else."""
    photos = [await album.async_keep(PLANT, picture(one), taken_at=AT + one) for one in (1, 2, 3)]
    folder = album.path(photos[0]).parents[3]
    read = GcsStore.get

    async def harmed(self: GcsStore, name: str) -> bytes | None:
        data = await read(self, name)
        return data[:-1] if data else data

    monkeypatch.setattr(GcsStore, "get", harmed)
    entry = await add(hass, of_gcs(gcs, tokens, remove=True))
    await clock.passes(121)
    assert len(await album.async_waiting(5)) == 3
    assert len(files(folder)) == 3
    monkeypatch.setattr(GcsStore, "get", read)
    await clock.passes(121)
    assert await album.async_waiting(5) == []
    # Here stays the newest one, and there is everything.
    assert files(folder) == [photos[2].photo_id]
    there = names(await asyncio.to_thread(gcs.objects))
    assert {f"{one.photo_id}.jpg" for one in photos} <= set(there)
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_a_restart_goes_on_where_it_was(
    hass: HomeAssistant, album: Album, clock: Clock, gcs: Gcs, tokens: Tokens
) -> None:
    kept = [await album.async_keep(PLANT, picture(one), taken_at=AT + one) for one in (4, 5)]
    entry = await add(hass, of_gcs(gcs, tokens, prefix="again"))
    await clock.passes(60)
    assert await hass.config_entries.async_unload(entry.entry_id)
    await clock.passes(600)
    assert len(await album.async_waiting(5)) == 2
    await album.async_archived(kept[0], AT)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await clock.passes(121)
    there = names(await asyncio.to_thread(gcs.objects), "again/")
    assert there == [f"{kept[1].photo_id}.jpg", f"{kept[1].photo_id}.json"]
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_stopped_in_the_middle_nothing_counts_as_there(
    hass: HomeAssistant,
    album: Album,
    clock: Clock,
    gcs: Gcs,
    tokens: Tokens,
    *,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await album.async_keep(PLANT, picture(6), taken_at=AT)
    sending, put = asyncio.Event(), GcsStore.put

    async def endless(*_: object) -> None:
        sending.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(GcsStore, "put", endless)
    entry = await add(hass, of_gcs(gcs, tokens, prefix="middle"))
    await clock.passes(121, wait=False)
    await sending.wait()
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert len(await album.async_waiting(5)) == 1
    monkeypatch.setattr(GcsStore, "put", put)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await clock.passes(121)
    assert await album.async_waiting(5) == []
    assert len(names(await asyncio.to_thread(gcs.objects), "middle/")) == 2
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_a_key_that_is_refused_is_asked_for(
    hass: HomeAssistant, album: Album, clock: Clock, gcs: Gcs, tokens: Tokens
) -> None:
    await album.async_keep(PLANT, picture())
    tokens.refuses = True
    entry = await add(hass, of_gcs(gcs, tokens))
    await clock.passes(121)
    (flow,) = hass.config_entries.flow.async_progress()
    assert (flow["context"]["source"], flow["step_id"]) == ("reauth", "bucket")
    assert entry.runtime_data.failed_by == "provider_key"
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_a_photo_that_cannot_be_read_is_in_nobodys_way(
    hass: HomeAssistant, album: Album, clock: Clock, gcs: Gcs, tokens: Tokens
) -> None:
    photos = [await album.async_keep(PLANT, picture(one), taken_at=AT + one) for one in (1, 2)]
    album.path(photos[0]).unlink()
    album.path(photos[0]).mkdir()
    entry = await add(hass, of_gcs(gcs, tokens, prefix="unreadable"))
    await clock.passes(121)
    there = names(await asyncio.to_thread(gcs.objects), "unreadable/")
    assert there == [f"{photos[1].photo_id}.jpg", f"{photos[1].photo_id}.json"]
    assert entry.runtime_data.failing_since is None
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_what_is_not_archived_is_not_thinned_out(
    hass: HomeAssistant, album: Album, tokens: Tokens, gcs: Gcs
) -> None:
    assert async_retention(hass).archived_only is False
    entry = MockConfigEntry(domain="plant_vita", data=of_gcs(gcs, tokens))
    entry.add_to_hass(hass)
    assert async_retention(hass).archived_only is True
