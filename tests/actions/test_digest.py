"""What became of the garden in a week: the data, and the text in the reader's language."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import voluptuous as vol

from custom_components.plant_vita.actions.digest import Digest, lines
from custom_components.plant_vita.actions.wording import async_words
from custom_components.plant_vita.photos.album import async_get_album
from custom_components.plant_vita.plants.state import Care
from scripts.lab.clouds.pictures import jpeg, plant
from tests.actions.asking import ask, device
from tests.house.python_files import PRODUCT
from tests.watering.garden_hose import BASIL, Hose, hose_fixture

hose = hose_fixture()
NOON_S = 1781092800.0
DAY_S = 86400.0
GARDEN = (
    {**BASIL, "species": "ocimum_basilicum"},
    {"title": "Fern\nIgnore this", "limits": {"water_days": 9}},
    {"title": "Mint", "temperature": ["sensor.air"], "limits": {"water_days": 4}},
)


async def a_week(hose: Hose) -> list[str]:
    """A week of three plants: one with a pump, one by the calendar, one in the cold."""
    hose.say("sensor.soil", 40)
    hose.say("sensor.air", 1, "°C")
    await hose.grow(*GARDEN)
    plants = list(hose.garden.plants)
    await hose.settle()
    done = [("2026-05-20 08:00", 0, "watered"), ("2026-06-04 08:00", 1, "watered")]
    done += [("2026-06-05 08:00", 0, "watered"), ("2026-06-08 08:00", 0, "watered")]
    done += [("2026-06-09 08:00", 2, "watered"), ("2026-06-09 08:00", 2, "fed")]
    done += [("2026-06-09 09:00", 2, "repotted")]
    for at, number, care in done:
        await ask(hose, "log_care", device_id=device(hose, plants[number]), care=care, at=at)
    return plants


async def test_a_week_as_data_and_as_text(hose: Hose) -> None:
    basil, fern, _ = await a_week(hose)
    await hose.hass.services.async_call(
        "plant_vita",
        "water",
        {"device_id": device(hose, basil), "ml": 120},
        blocking=True,
        context=hose.person(),
    )
    for _ in range(3):
        await hose.pass_time(seconds=4)
    told = await ask(hose, "get_digest")
    json.dumps(told)
    assert told["since"] == "2026-06-03T12:00:27+00:00"
    assert told["given_ml"] == 120
    by_name = {one["name"]: one for one in told["plants"]}
    assert list(by_name) == ["Basil", "Fern Ignore this", "Mint"]
    assert by_name["Basil"]["care"] == {"watered": 3}
    assert by_name["Basil"]["given_ml"] == 120.0
    assert by_name["Fern Ignore this"] == {
        "plant_id": fern,
        "device_id": device(hose, fern),
        "name": "Fern Ignore this",
        "care": {"watered": 1},
        "needs_water": False,
        "water_in_days": 3,
        "problem": False,
        "reasons": [],
        "health": None,
        "given_ml": None,
        "growth": None,
    }
    assert by_name["Mint"]["care"] == {"watered": 1, "fed": 1, "repotted": 1}
    assert told["text"].splitlines() == [
        "Watered: Basil (3×), Fern Ignore this, Mint.",
        "Need water next: Fern Ignore this (in 3 days), Mint (in 3 days).",
        "Something is wrong: Mint (Too cold).",
        "Also done: Mint (fed, repotted).",
        "Given by pumps: 120 ml of water.",
    ]


async def test_one_plant_and_one_day_in_another_language(hose: Hose) -> None:
    *_, mint = await a_week(hose)
    only = await ask(hose, "get_digest", device_id=device(hose, mint), days=1, language="de")
    assert only["text"].splitlines() == [
        "Gegossen wurde nichts.",
        "Brauchen als Nächstes Wasser: Mint (in 3 Tagen).",
        "Etwas stimmt nicht: Mint (Zu kalt).",
    ]


async def test_growth_is_that_of_the_photos_before_and_after(hose: Hose, tmp_path: Path) -> None:
    hose.hass.config.media_dirs = {"local": str(tmp_path / "media")}
    basil = await hose.grow({"title": "Basil"})
    album = await async_get_album(hose.hass)
    small, large = (jpeg(plant(7, (640, 480), leaves=count)) for count in (6, 14))
    await album.async_keep(basil, small, taken_at=NOON_S - 9 * DAY_S)
    assert (await ask(hose, "get_digest"))["plants"][0]["growth"] is None
    await album.async_keep(basil, large, taken_at=NOON_S - DAY_S)
    told = await ask(hose, "get_digest")
    (shown,) = told["plants"]
    assert 5 < shown["growth"] < 500
    assert f"Green in the photos: Basil (+{shown['growth']:.0f} %)." in told["text"]
    # Photos of long ago are compared with nothing.
    assert (await ask(hose, "get_digest", days=3))["plants"][0]["growth"] is None


@pytest.mark.parametrize("wrong", [{"days": 0}, {"days": 32}, {"days": "many"}])
async def test_what_makes_no_sense_is_refused(hose: Hose, wrong: dict[str, Any]) -> None:
    await hose.grow(BASIL)
    with pytest.raises(vol.Invalid):
        await ask(hose, "get_digest", **wrong)


async def test_without_plants_it_says_so(hose: Hose) -> None:
    await hose.grow()
    assert (await ask(hose, "get_digest"))["text"] == "There are no plants."
    await hose.stop()
    assert (await ask(hose, "get_digest"))["plants"] == []


def of(number: int, **more: Any) -> Digest:
    told: dict[str, Any] = {
        "plant_id": f"{number}",
        "device_id": None,
        "name": f"P{number}",
        "cared": Counter(),
        "thirsty": True,
        "in_days": 0,
        "problem": True,
        "reasons": ("moisture_too_low",),
        "health": 30,
        "given_ml": None,
        "growth": None,
    }
    return Digest(**told | more)


async def test_a_message_is_short_and_thirst_is_said_once(hose: Hose) -> None:
    await hose.grow()
    words = await async_words(hose.hass, "en")
    assert lines([of(number) for number in range(11)], words) == [
        "Nothing was watered.",
        "Need water now: P0, P1, P2, P3, P4, P5, P6, P7 and 3 more.",
    ]
    soon = [of(1, thirsty=False, problem=False, reasons=(), in_days=days) for days in (0, 1, 8)]
    assert lines(soon, words)[1] == "Need water next: P1 (today), P1 (tomorrow)."
    still = [of(1, thirsty=False, in_days=None, problem=False, reasons=(), growth=-0.4)]
    assert lines(still, words) == ["Nothing was watered."]


async def test_every_text_is_used(hose: Hose) -> None:
    texts: dict[str, Any] = json.loads((PRODUCT / "translations/en.json").read_text())
    source = (PRODUCT / "actions/digest.py").read_text()
    cares = {f"digest_{care}" for care in Care}
    keys = {key for key in texts["common"] if key.startswith("digest_")} - cares
    assert [key for key in keys if f'"{key}"' not in source] == []
