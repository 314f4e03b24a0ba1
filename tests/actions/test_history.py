"""What plants were, and what is expected of them, as an automation asks for it."""

import json
from datetime import datetime
from typing import Any

import numpy as np
import pytest
import voluptuous as vol
from homeassistant.components.recorder import Recorder
from homeassistant.components.recorder.models import StatisticMeanType
from homeassistant.components.recorder.statistics import async_import_statistics
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util

from custom_components.plant_vita.actions import history
from custom_components.plant_vita.glue.statistics import async_recorded
from custom_components.plant_vita.model.plant import Silence
from custom_components.plant_vita.plants import past
from custom_components.plant_vita.plants.definition import Input
from custom_components.plant_vita.plants.report import NOT_MEASURED
from custom_components.plant_vita.plants.track import Track
from tests.actions.asking import ask, device
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()

HOUR = 3600.0
NOON = datetime.fromisoformat("2026-06-10T12:00:00+00:00").timestamp()


@pytest.fixture
def mock_recorder_before_hass(async_test_recorder: object) -> None:
    """Let the database be there before Home Assistant."""


async def write(growing: Growing, entity_id: str, unit: str, values: dict[float, float]) -> None:
    async_import_statistics(
        growing.hass,
        {
            "mean_type": StatisticMeanType.ARITHMETIC,
            "has_sum": False,
            "name": None,
            "source": "recorder",
            "statistic_id": entity_id,
            "unit_class": None,
            "unit_of_measurement": unit,
        },
        [
            {"start": dt_util.utc_from_timestamp(at), "mean": one, "min": one - 1, "max": one + 1}
            for at, one in values.items()
        ],
    )
    await async_recorded(growing.hass)


def row(hour: str, mean: float) -> dict[str, Any]:
    return {
        "start": f"2026-06-10T{hour}:00+00:00",
        "mean": mean,
        "min": mean - 1,
        "max": mean + 1,
    }


def moisture(answer: Any) -> list[dict[str, Any]]:
    values: list[dict[str, Any]] = answer["plants"][0]["measures"]["moisture"]["values"]
    return values


async def test_hours_of_the_recorder_and_what_was_done(
    recorder_mock: Recorder, growing: Growing
) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow({"title": "Basil", "moisture": ["sensor.soil"]})
    basil = device(growing, plant_id)
    await write(growing, "sensor.soil", "%", {NOON - 3 * HOUR: 44.0, NOON - 2 * HOUR: 43.0})
    await write(growing, "sensor.basil_health", "%", {NOON - 3 * HOUR: 90.0})
    for at in ("2026-06-10 09:10", "2026-06-08 09:10"):
        await ask(growing, "log_care", device_id=basil, care="fed", at=at)
    answer = await ask(
        growing, "get_history", device_id=basil, start="2026-06-10 09:00", end="2026-06-10 11:30"
    )
    answer = json.loads(json.dumps(answer))
    (plant,) = answer.pop("plants")
    assert answer == {
        "period": "hour",
        "start": "2026-06-10T09:00:00+00:00",
        "end": "2026-06-10T12:00:00+00:00",
    }
    assert (plant["plant_id"], plant["name"]) == (plant_id, "Basil")
    assert plant["care"] == [{"care": "fed", "at": "2026-06-10T09:10:00+00:00"}]
    assert plant["measures"] == {
        "moisture": {
            "unit": "%",
            "from": ["statistics"],
            "values": [row("09:00", 44.0), row("10:00", 43.0)],
        },
        "health": {"unit": "%", "from": ["statistics"], "values": [row("09:00", 90.0)]},
    }


async def test_days_of_the_house(recorder_mock: Recorder, growing: Growing) -> None:
    await growing.hass.config.async_set_time_zone("Europe/Berlin")
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow({"moisture": ["sensor.soil"]})
    midnight = datetime.fromisoformat("2026-06-10T00:00:00+02:00").timestamp()
    await write(growing, "sensor.soil", "%", {midnight - HOUR: 20.0, midnight: 30.0})
    answer = await ask(
        growing,
        "get_history",
        device_id=device(growing, plant_id),
        days=1,
        period="day",
        measures="moisture",
    )
    assert answer["start"] == "2026-06-09T00:00:00+02:00"
    assert [(row["start"], row["min"], row["max"]) for row in moisture(answer)] == [
        ("2026-06-09T00:00:00+02:00", 19.0, 21.0),
        # What the sensor says now belongs to the day that is not over.
        ("2026-06-10T00:00:00+02:00", 29.0, 40.0),
    ]
    assert answer["plants"][0]["measures"]["moisture"]["from"] == ["statistics", "plant"]


async def test_without_a_recorder_the_plant_itself_tells(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow({"moisture": ["sensor.soil"]}, {"title": "Fern"})
    fern = list(growing.entry.subentries)[1]
    devices = [device(growing, one) for one in (plant_id, fern)]
    await growing.pass_time(minutes=20)
    answer = await ask(growing, "get_history", device_id=devices)
    assert answer["start"] == "2026-05-11T12:00:00+00:00"
    assert answer["end"] == "2026-06-10T13:00:00+00:00"
    assert moisture(answer)[-1] == {
        "start": "2026-06-10T12:00:00+00:00",
        "mean": 40.0,
        "min": 40.0,
        "max": 40.0,
    }
    assert answer["plants"][1]["measures"] == {}


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"start": "2026-06-10 13:00"}, "history_ends_first"),
        ({"start": "2026-06-09 13:00", "end": "2026-06-08 13:00"}, "history_ends_first"),
        ({"start": "2024-06-09 13:00"}, "history_too_long"),
        ({"device_id": "nobody"}, "not_a_plant"),
    ],
)
async def test_what_cannot_be_is_refused(
    growing: Growing, asked: dict[str, Any], reason: str
) -> None:
    plant_id = await growing.grow({})
    with pytest.raises(ServiceValidationError) as refused:
        await ask(growing, "get_history", **{"device_id": device(growing, plant_id), **asked})
    assert refused.value.translation_key == reason
    if reason == "history_too_long":
        assert refused.value.translation_placeholders == {"days": "366"}


@pytest.mark.parametrize(
    "asked",
    [
        {"days": 0},
        {"days": 400},
        {"days": "nan"},
        {"days": 3, "start": "2026-06-01 00:00"},
        {"period": "week"},
        {"measures": ["joy"]},
        {"start": "yesterday"},
    ],
)
async def test_what_makes_no_sense_is_refused(growing: Growing, asked: dict[str, Any]) -> None:
    plant_id = await growing.grow({})
    with pytest.raises(vol.Invalid):
        await ask(growing, "get_history", device_id=device(growing, plant_id), **asked)


async def test_a_forecast(growing: Growing) -> None:
    hours = np.arange(-10 * 24, 1)
    # Dries from 70 to 40 % in ten days, the slower the drier, and was watered before.
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow(
        {"title": "Basil", "moisture": ["sensor.soil"], "limits": {"moisture_low": 38}}
    )
    plant = growing.plant(plant_id)
    plant.memory.tracks[Input.MOISTURE] = Track(
        (NOON + HOUR * hours).tolist(), (20.0 + 20.0 * np.exp(-hours / 264)).tolist()
    )
    # All of the past is looked at again.
    plant.async_redefine(plant.definition)
    await plant.async_refresh()
    answer = await ask(growing, "get_forecast", device_id=device(growing, plant_id))
    (told,) = json.loads(json.dumps(answer))["plants"]
    drying = plant.data.drying
    assert drying is not None
    assert drying.days is not None
    assert (told["plant_id"], told["name"]) == (plant_id, "Basil")
    assert (told["at"], told["moisture"]) == ("2026-06-10T12:00:00+00:00", 40.0)
    assert (told["dry_below"], told["why_not"], told["explanation"]) == (38.0, None, None)
    assert told["days_to_dry"]["median"] == round(drying.days.median or 0, 2)
    assert 0 < told["days_to_dry"]["low"] < told["days_to_dry"]["median"] < 5
    assert [level["hours"] for level in told["expected"]] == [24, 72, 168]
    tomorrow = told["expected"][0]
    assert tomorrow["at"] == "2026-06-11T12:00:00+00:00"
    assert 35 < tomorrow["low"] < tomorrow["median"] < tomorrow["high"] < 41
    assert told["earliest"] < told["next_watering"]
    assert told["learnt_days"] == drying.learnt_days > 0


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "No readings"),
        ("de", "Keine Messwerte"),
    ],
)
async def test_silence_is_explained(growing: Growing, language: str, words: str) -> None:
    plant_id = await growing.grow({"moisture": ["sensor.soil"]})
    answer = await ask(
        growing, "get_forecast", device_id=device(growing, plant_id), language=language
    )
    (told,) = answer["plants"]
    assert (told["days_to_dry"], told["expected"]) == (None, [])
    assert (told["why_not"], told["explanation"]) == (Silence.NO_READINGS, words)


async def test_a_plant_that_nothing_measures_has_its_calendar(growing: Growing) -> None:
    plant_id = await growing.grow({"limits": {"water_days": 4}})
    basil = device(growing, plant_id)
    await ask(growing, "log_care", device_id=basil, care="watered", at="2026-06-08 08:00")
    (told,) = (await ask(growing, "get_forecast", device_id=basil))["plants"]
    assert told["why_not"] == NOT_MEASURED
    assert told["explanation"] == "Soil not measured"
    assert told["next_watering"] == "2026-06-12T08:00:00+00:00"


def test_it_can_be_asked_for_what_there_is() -> None:
    assert set(history.PERIODS) == set(past.Period)
    assert set(history.MEASURES) == set(past.MEASURES)
