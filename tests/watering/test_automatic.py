"""A plant that is to be watered by itself gets water when it is dry, and at no other time."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant

from custom_components.plant_vita.care.weather import Weather
from custom_components.plant_vita.watering.automatic import facts_of, weather_of
from tests.watering.garden_hose import BASIL, Hose, hose_fixture

hose = hose_fixture()

LIMITS = {"moisture_minimum": 15, "moisture_low": 30, "moisture_high": 60, "moisture_maximum": 80}


async def dry(hose: Hose, mode: str, moisture: float = 20, **more: Any) -> str:
    plant = await hose.grow({**BASIL, "limits": LIMITS, "water": {"automatic": mode}, **more})
    for drop in (1.0, 0.6, 0.0):
        hose.say("sensor.soil", moisture + drop)
        await hose.settle()
    return plant


async def test_a_dry_plant_is_watered_and_says_who_did_it(hose: Hose) -> None:
    plant = await dry(hose, "on")
    assert hose.written("booking") == []
    await hose.pass_time(minutes=5)
    [booking] = hose.written("booking")
    assert (booking["source"], booking["plant_ids"]) == ("automatic", [plant])
    assert hose.pump == "on"
    # Once: what follows waits until this has soaked in.
    await hose.pass_time(seconds=booking["ms"] / 1000)
    await hose.pass_time(minutes=5)
    assert len({one["demand_id"] for one in hose.written("booking")}) == 1
    assert hose.state(plant, "select", "automatic_watering").attributes["why_not"] == "soaking"


@pytest.mark.parametrize(
    ("mode", "wants", "why"), [("advice", 100.0, None), ("off", 0.0, "automatic_off")]
)
async def test_without_leave_it_is_only_said(
    hose: Hose, mode: str, wants: float, why: str | None
) -> None:
    plant = await dry(hose, mode)
    await hose.pass_time(minutes=5)
    shown = hose.state(plant, "select", "automatic_watering").attributes
    assert (shown["wants_ml"] > 0) is (wants > 0)
    assert shown["why_not"] == why
    assert hose.written("booking") == []


async def test_a_plant_that_is_wet_enough_gets_nothing(hose: Hose) -> None:
    plant = await dry(hose, "on", moisture=50)
    await hose.pass_time(minutes=5)
    assert hose.state(plant, "select", "automatic_watering").attributes["why_not"] == "too_wet"
    assert hose.written("booking") == []


async def test_a_dose_that_a_person_chose_is_kept_to(hose: Hose) -> None:
    await dry(hose, "on", water={"automatic": "on", "dose_ml": 60})
    await hose.pass_time(minutes=5)
    assert hose.written("booking")[0]["ml"] == 60.0


async def test_rain_waters_outdoors(hose: Hose) -> None:
    hose.hass.states.async_set("weather.home", "rainy", {"temperature": 15})
    plant = await dry(hose, "on", outdoors=True)
    await hose.pass_time(minutes=5)
    assert hose.state(plant, "select", "automatic_watering").attributes["why_not"] == "rain"
    assert hose.written("booking") == []


async def test_what_was_given_before_and_how_the_soil_answered_is_known(hose: Hose) -> None:
    plant = await dry(hose, "on")
    await hose.pass_time(minutes=5)
    await hose.pass_time(seconds=hose.written("booking")[0]["ms"] / 1000)
    for _ in range(6):
        hose.say("sensor.soil", 45)
        await hose.settle()
        await hose.pass_time(minutes=8)
    binding = hose.works.bound[plant]
    facts = facts_of(hose.hass, hose.works, hose.plant(plant), binding)
    [given] = facts.given
    assert given.ml == pytest.approx(facts.used_ml)
    assert given.before == pytest.approx(20.5, abs=0.6)
    assert given.after == pytest.approx(45, abs=0.1)
    assert facts.recent[-1] == 45


@pytest.mark.parametrize(
    ("state", "attributes", "expected"),
    [
        ("sunny", {}, Weather(raining=False)),
        ("pouring", {"temperature": 12}, Weather(raining=True, lowest_c=12)),
        (
            "snowy",
            {"temperature": 32, "temperature_unit": "°F"},
            Weather(raining=True, lowest_c=0.0),
        ),
        ("sunny", {"temperature": "warm"}, Weather(raining=False)),
    ],
)
async def test_the_weather_is_what_the_first_service_says(
    hass: HomeAssistant, state: str, attributes: dict[str, Any], expected: Weather
) -> None:
    assert weather_of(hass) is None
    hass.states.async_set("weather.home", state, attributes)
    assert weather_of(hass) == expected
