"""The sensors of a plant."""

from typing import Any

import pytest

from custom_components.plant_vita.model.plant import DryForecast, Quantiles, Silence
from custom_components.plant_vita.model.species import Danger, Season, Toxicity
from custom_components.plant_vita.plants import drying
from custom_components.plant_vita.plants.definition import PlantDefinition
from custom_components.plant_vita.plants.profile import limits
from custom_components.plant_vita.plants.sensor import SENSORS, TOXICITY
from custom_components.plant_vita.plants.state import Care, PlantState
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()
ALWAYS = {"last_watered", "last_fed", "next_watering", "next_feeding", "problem_reason"}
SUMMER = limits(PlantDefinition(plant_id="p", name="P"), None, Season.SUMMER)
JUDGED = {"health", "health_trend"}


def keys(growing: Growing, plant_id: str) -> set[str]:
    return {one.key for one in SENSORS if growing.entity_id(plant_id, "sensor", one.key)}


@pytest.mark.parametrize(
    ("plant", "more"),
    [
        ({}, set()),
        ({"moisture": ["sensor.a"]}, {*JUDGED, "days_to_dry"}),
        ({"light": ["sensor.a"]}, {*JUDGED, "dli", "dli_today"}),
        ({"temperature": ["sensor.a"]}, JUDGED),
        (
            {"temperature": ["sensor.a"], "humidity": ["sensor.b"]},
            {*JUDGED, "vpd"},
        ),
    ],
)
async def test_a_plant_has_what_makes_sense_for_it(
    growing: Growing, plant: dict[str, Any], more: set[str]
) -> None:
    plant_id = await growing.grow(plant)
    assert keys(growing, plant_id) == ALWAYS | more


async def test_air(growing: Growing) -> None:
    growing.say("sensor.t", 77, "°F")
    growing.say("sensor.h", 50)
    plant_id = await growing.grow({"temperature": ["sensor.t"], "humidity": ["sensor.h"]})
    shown = growing.state(plant_id, "sensor", "vpd")
    assert float(shown.state) == pytest.approx(1.58, abs=0.01)
    assert shown.attributes["unit_of_measurement"] == "kPa"


async def test_light_of_a_day(growing: Growing) -> None:
    growing.freezer.move_to("2026-06-10 00:00:00+00:00")
    growing.say("sensor.lux", 10_000, "lx")
    plant_id = await growing.grow({"light": ["sensor.lux"]})
    for _ in range(12):
        await growing.pass_time(minutes=10)
        growing.say("sensor.lux", 10_000, "lx")
    await growing.settle()
    # 185 μmol/(m² s) for two hours.
    assert float(growing.shown(plant_id, "dli_today")) == pytest.approx(1.33, abs=0.02)
    assert growing.shown(plant_id, "dli") == "unknown"
    for _ in range(22 * 6 + 1):
        await growing.pass_time(minutes=10)
        growing.say("sensor.lux", 10_000, "lx")
    await growing.settle()
    assert float(growing.shown(plant_id, "dli")) == pytest.approx(15.98, abs=0.2)
    assert float(growing.shown(plant_id, "dli_today")) < 0.2


async def test_what_limits(growing: Growing) -> None:
    growing.say("sensor.t", -30, "°C")
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow({"temperature": ["sensor.t"], "moisture": ["sensor.soil"]})
    shown = growing.state(plant_id, "sensor", "health")
    assert shown.attributes["limiting"] == "temperature"
    assert shown.attributes["factors"]["moisture"] == {"status": "good", "score": 100, "value": 40}


async def test_without_sensors_the_next_watering_follows_the_last(growing: Growing) -> None:
    plant_id = await growing.grow({})
    plant = growing.plant(plant_id)
    await plant.async_cared(Care.WATERED, plant.data.at)
    assert growing.shown(plant_id, "last_watered") == "2026-06-10T12:00:00+00:00"
    assert growing.shown(plant_id, "next_watering") == "2026-06-17T12:00:00+00:00"
    await growing.stop()
    await growing.start()
    assert growing.shown(plant_id, "next_watering") == "2026-06-17T12:00:00+00:00"


async def test_when_the_soil_will_be_dry(growing: Growing, monkeypatch: pytest.MonkeyPatch) -> None:
    def forecast(*_: Any, now: float, dry_below: float | None, **_more: Any) -> DryForecast:
        assert dry_below == 25
        return DryForecast(
            at=now,
            days=Quantiles(low=1.5, median=2.51, high=None),
            silence=None,
            levels={},
            learnt_days=8.0,
        )

    monkeypatch.setattr(drying, "forecast", forecast)
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow({"moisture": ["sensor.soil"]})
    shown = growing.state(plant_id, "sensor", "days_to_dry")
    assert shown.state == "2.5"
    assert (shown.attributes["earliest"], shown.attributes["latest"]) == (1.5, None)
    assert (shown.attributes["learnt_days"], shown.attributes["why_not"]) == (8.0, None)
    watering = growing.state(plant_id, "sensor", "next_watering")
    assert watering.state == "2026-06-13T00:00:00+00:00"
    assert watering.attributes["earliest"].isoformat() == "2026-06-12T00:00:00+00:00"
    assert watering.attributes["latest"] is None
    assert (shown.attributes["at_least"], watering.attributes["not_before"]) == (False, False)


@pytest.mark.parametrize(
    ("days", "silence", "earliest"),
    [
        (Quantiles(low=20.0, median=None, high=None), None, 20.0),
        (None, Silence.NOT_DRYING, None),
    ],
)
async def test_beyond_the_forecast_it_says_not_before(
    growing: Growing,
    monkeypatch: pytest.MonkeyPatch,
    days: Quantiles | None,
    silence: Silence | None,
    earliest: float | None,
) -> None:
    def forecast(*_: Any, now: float, **_more: Any) -> DryForecast:
        return DryForecast(at=now, days=days, silence=silence, levels={}, learnt_days=8.0)

    monkeypatch.setattr(drying, "forecast", forecast)
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow({"moisture": ["sensor.soil"]})
    shown = growing.state(plant_id, "sensor", "days_to_dry")
    assert (shown.state, shown.attributes["at_least"]) == ("45.0", True)
    assert (shown.attributes["earliest"], shown.attributes["why_not"]) == (earliest, silence)
    watering = growing.state(plant_id, "sensor", "next_watering")
    assert (watering.state, watering.attributes["not_before"]) == (
        "2026-07-25T00:00:00+00:00",
        True,
    )
    # Nothing is due that would wander through the calendar.
    assert growing.plant(plant_id).data.next_watering is None


async def test_without_a_forecast_it_says_why(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow({"moisture": ["sensor.soil"]})
    shown = growing.state(plant_id, "sensor", "days_to_dry")
    assert (shown.state, shown.attributes["why_not"]) == ("unknown", "too_short")
    assert growing.shown(plant_id, "next_watering") == "unknown"


async def test_where_the_health_is_going(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow({"moisture": ["sensor.soil"]})
    assert growing.shown(plant_id, "health_trend") == "unknown"
    level = 24.0
    for _ in range(9):
        # A little drier each day than it should be.
        level -= 1.0
        growing.say("sensor.soil", level)
        await growing.pass_time(hours=12)
        growing.say("sensor.soil", level)
        await growing.pass_time(hours=12)
    shown = growing.state(plant_id, "sensor", "health_trend")
    assert shown.state == "falling"
    assert shown.attributes["weekly_change"] < -10
    await growing.stop()
    await growing.start()
    assert growing.shown(plant_id, "health_trend") == "falling"


async def test_how_toxic_a_known_species_is(growing: Growing) -> None:
    lily = await growing.grow({"species": "spathiphyllum_wallisii"}, {"title": "Unknown"})
    shown = growing.state(lily, "sensor", "toxicity")
    assert shown.state == "toxic"
    assert {key: shown.attributes[key] for key in ("cats", "children", "agent", "part")} == {
        "cats": "toxic",
        "children": "mild",
        "agent": "calcium_oxalate",
        "part": "all",
    }
    unknown = list(growing.entry.subentries)[1]
    assert growing.entity_id(unknown, "sensor", "toxicity") is None


@pytest.mark.parametrize(
    ("cats", "children", "worst"),
    [
        (Danger.NONE, Danger.NONE, "none"),
        (Danger.NONE, Danger.UNKNOWN, "unknown"),
        (Danger.UNKNOWN, Danger.TOXIC, "toxic"),
        (Danger.SEVERE, Danger.MILD, "severe"),
    ],
)
def test_what_is_not_known_is_not_harmless(cats: Danger, children: Danger, worst: str) -> None:
    known = Toxicity(cats=cats, dogs=Danger.NONE, children=children)
    state = PlantState(at=0.0, thresholds=SUMMER, toxicity=known)
    assert TOXICITY.value_fn(state) == worst
