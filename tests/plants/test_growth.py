"""The growth of a plant, from its photos."""

from typing import Final

import pytest

from custom_components.plant_vita.model.errors import AlbumError
from custom_components.plant_vita.photos.album import Album
from scripts.lab.clouds.pictures import jpeg, plant
from tests.photos.album_photos import album_fixture
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()
album = album_fixture()
DAY: Final = 86_400.0


async def photographed(
    growing: Growing, album: Album, plant_id: str, *leaves: int, scene: int = 1
) -> None:
    """Photos from the same place, every four days, the last one now."""
    now = growing.freezer.time_to_freeze.timestamp()
    for number, count in enumerate(leaves):
        at = now - (len(leaves) - 1 - number) * 4 * DAY
        await album.async_keep(plant_id, jpeg(plant(scene, (320, 240), leaves=count)), taken_at=at)
    await growing.hass.async_block_till_done(wait_background_tasks=True)
    await growing.settle()


async def test_a_plant_with_photos_has_a_growth_once_it_can_be_told(
    growing: Growing, album: Album
) -> None:
    basil = await growing.grow({"title": "Basil"}, {"title": "Fern"})
    assert growing.entity_id(basil, "sensor", "growth") is None
    await photographed(growing, album, basil, 8, 9, scene=2)
    shown = growing.state(basil, "sensor", "growth")
    assert (shown.state, shown.attributes["direction"]) == ("unknown", None)
    await photographed(growing, album, basil, 10, 13, 16, 19, 22, 25)
    shown = growing.state(basil, "sensor", "growth")
    # From 10 leaves to 25 in 20 days, which would be 38 % if none lay over another.
    assert 15 < float(shown.state) < 38
    assert shown.attributes["low"] < float(shown.state) < shown.attributes["high"]
    assert shown.attributes["direction"] == "rising"
    assert shown.attributes["unit_of_measurement"] == "%/wk"
    fern = list(growing.entry.subentries)[1]
    assert growing.entity_id(fern, "sensor", "growth") is None


async def test_it_is_known_after_a_restart_whatever_the_disk_says(
    growing: Growing, album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    basil = await growing.grow({"title": "Basil"})
    await photographed(growing, album, basil, 10, 13, 16, 19, 22, 25)
    before = growing.shown(basil, "growth")
    assert float(before) > 0
    await growing.stop()

    async def refused(*_: object, **_more: object) -> None:
        raise AlbumError("looked at")

    monkeypatch.setattr(Album, "async_list", refused)
    await growing.start()
    assert growing.shown(basil, "growth") == before


async def test_old_photos_tell_nothing_of_today(growing: Growing, album: Album) -> None:
    basil = await growing.grow({"title": "Basil"})
    await photographed(growing, album, basil, 10, 13, 16, 19, 22, 25)
    assert float(growing.shown(basil, "growth")) > 0
    await growing.pass_time(days=50)
    await growing.settle()
    assert growing.shown(basil, "growth") == "unknown"
    # All are removed by hand: there is nothing to compare, and nothing that fails.
    await album.async_remove(basil)
    await growing.settle()
    assert growing.shown(basil, "growth") == "unknown"


async def test_a_plant_without_photos_costs_no_look_at_the_disk(
    growing: Growing, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    async def noted(_album: Album, plant_id: str, **_more: object) -> list[object]:
        asked.append(plant_id)
        return []

    monkeypatch.setattr(Album, "async_list", noted)
    await growing.grow({"title": "Basil"})
    await growing.pass_time(hours=13)
    assert asked == []
