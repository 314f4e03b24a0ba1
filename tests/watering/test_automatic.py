"""A plant that is to be watered by itself gets water when it is dry, and at no other time."""

import time
from typing import Any

import pytest

from custom_components.plant_vita.care.automatic import Decision, decide
from custom_components.plant_vita.model.watering import Booking, Moment, Source, Why
from custom_components.plant_vita.plants.definition import Input
from custom_components.plant_vita.plants.state import Care
from custom_components.plant_vita.plants.track import Track
from custom_components.plant_vita.watering.automatic import facts_of
from custom_components.plant_vita.watering.books import Books
from tests.watering.garden_hose import BASIL, PUMP, Hose, hose_fixture
from tests.watering.test_sky import DAILY, entry, station

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


async def set_options(hose: Hose, **options: Any) -> None:
    hose.hass.config_entries.async_update_entry(hose.entry, options=options)
    await hose.hass.async_block_till_done()


async def test_in_quiet_hours_a_plant_waits_until_they_are_over(hose: Hose) -> None:
    plant = await dry(hose, "on")
    garden = hose.garden
    await set_options(hose, quiet_from="11:00:00", quiet_to="12:30:00")
    assert hose.garden is garden
    await hose.pass_time(minutes=5)
    shown = hose.state(plant, "select", "automatic_watering").attributes
    assert shown["why_not"] == "quiet_hours"
    assert shown["looks_again"].isoformat() == "2026-06-10T12:30:00+00:00"
    assert hose.written("booking") == []
    await hose.pass_time(minutes=20)
    hose.say("sensor.soil", 19)
    await hose.settle()
    await hose.pass_time(minutes=10)
    assert len(hose.written("booking")) == 1


@pytest.mark.parametrize(
    ("options", "wants"),
    [
        # Dry counts from 30 %; on a holiday only from halfway down to 15 %.
        ({}, True),
        ({"holiday_until": "2026-06-10"}, False),
        ({"holiday_until": "2026-06-09"}, True),
        ({"holiday_from": "2026-06-11", "holiday_until": "2026-06-12"}, True),
    ],
)
async def test_on_a_holiday_a_plant_gets_just_enough(
    hose: Hose, options: dict[str, str], *, wants: bool
) -> None:
    plant = await dry(hose, "on", moisture=25)
    await set_options(hose, **options)
    await hose.pass_time(minutes=5)
    assert (hose.written("booking") != []) is wants
    why = hose.state(plant, "select", "automatic_watering").attributes["why_not"]
    assert why == (None if wants else "holiday")


async def test_a_holiday_ends_by_itself(hose: Hose) -> None:
    await dry(hose, "on", moisture=25)
    await set_options(hose, holiday_until="2026-06-10")
    for _ in range(3):
        await hose.pass_time(hours=4)
        hose.say("sensor.soil", 25.1)
        await hose.settle()
        hose.say("sensor.soil", 25)
        await hose.settle()
    # It is midnight: the holiday is over as soon as somebody looks.
    assert hose.written("booking") == []
    await hose.pass_time(minutes=5)
    assert len(hose.written("booking")) == 1


async def test_rain_that_is_forecast_waters_outdoors(hose: Hose) -> None:
    one = await station(hose.hass, DAILY)
    one.says["daily"] = [entry(0, native_precipitation=12)]
    plant = await dry(hose, "on", moisture=25, outdoors=True)
    assert one.asked == []
    await hose.pass_time(minutes=5)
    assert one.asked == ["daily"]
    assert hose.state(plant, "select", "automatic_watering").attributes["why_not"] == "rain"
    assert hose.written("booking") == []


async def test_rain_of_the_night_waters_a_plant_without_a_sensor(hose: Hose) -> None:
    hose.hass.states.async_set("weather.home", "pouring", {"temperature": 15})
    plant = await hose.grow(
        {
            "title": "Fern",
            "pump": PUMP,
            "outdoors": True,
            "water": {"automatic": "on"},
            "limits": {"water_days": 2},
        }
    )
    hose.freezer.move_to("2026-06-11 05:58:00+00:00")
    for _ in range(7):
        await hose.pass_time(minutes=5)
    hose.hass.states.async_set("weather.home", "sunny", {"temperature": 15})
    for _ in range(7):
        await hose.pass_time(minutes=5)
    assert hose.state(plant, "select", "automatic_watering").attributes["why_not"] == "rain"
    assert hose.written("booking") == []


async def test_what_a_pump_refuses_to_everybody_is_not_asked_for_and_is_said(hose: Hose) -> None:
    hose.hass.states.async_set("binary_sensor.tank", "on")
    plant = await hose.grow(
        {
            "title": "Fern",
            "pump": PUMP,
            "tank": "binary_sensor.tank",
            "water": {"automatic": "on"},
            "limits": {"water_days": 2},
        }
    )
    await set_options(hose, water_at="18:30:00")
    hose.freezer.move_to("2026-06-10 18:28:00+00:00")
    await hose.pass_time(minutes=5)
    assert hose.state(plant, "select", "automatic_watering").attributes["why_not"] == "tank_empty"
    assert hose.outlet(plant).last is None
    # Filled within the hour, it gets its water all the same; not while somebody still pours.
    hose.hass.states.async_set("binary_sensor.tank", "off")
    await hose.hass.async_block_till_done(wait_background_tasks=True)
    assert hose.written("booking") == []
    await hose.pass_time(minutes=5)
    [booking] = hose.written("booking")
    assert booking["demand_id"].endswith("@1781116200.0")


async def test_a_pump_that_is_there_for_a_moment_is_used_in_it(hose: Hose) -> None:
    plant = await dry(hose, "on")
    hose.hass.states.async_set(PUMP, "unavailable")
    await hose.pass_time(minutes=5)
    assert hose.state(plant, "select", "automatic_watering").attributes["why_not"] == "node_gone"
    hose.hass.states.async_set(PUMP, "off")
    await hose.hass.async_block_till_done(wait_background_tasks=True)
    assert [one["source"] for one in hose.written("booking")] == ["automatic"]


async def test_a_chosen_service_is_asked_and_not_the_first(hose: Hose) -> None:
    hose.hass.states.async_set("weather.a", "rainy")
    await station(hose.hass, DAILY)
    await dry(hose, "on", outdoors=True)
    await set_options(hose, weather="weather.station")
    await hose.pass_time(minutes=5)
    assert len(hose.written("booking")) == 1


async def test_nobody_asks_of_the_sky_for_plants_indoors_or_without_leave(hose: Hose) -> None:
    one = await station(hose.hass, DAILY)
    await dry(hose, "on")
    await hose.pass_time(minutes=5)
    assert one.asked == []


async def test_a_plan_says_what_will_happen_and_why_it_will_not(hose: Hose) -> None:
    plant = await hose.grow(
        {
            "title": "Fern",
            "pump": PUMP,
            "water": {"automatic": "advice"},
            "limits": {"water_days": 2},
        }
    )
    await set_options(hose, quiet_from="06:00:00", quiet_to="08:00:00")
    await hose.plant(plant).async_cared(Care.WATERED, time.time())
    await hose.pass_time(minutes=5)
    shown = hose.state(plant, "select", "automatic_watering").attributes["plan"]
    assert shown
    assert all(one["at"][11:16] == "08:05" and one["ml"] > 0 for one in shown), shown
    # Worked out again when something was set, else once an hour.
    at, _ = hose.works.plans[plant]
    await hose.pass_time(minutes=5)
    assert hose.works.plans[plant][0] == at
    await set_options(hose)
    await hose.pass_time(minutes=5)
    assert hose.works.plans[plant][0] > at
    shown = hose.state(plant, "select", "automatic_watering").attributes["plan"]
    assert {one["at"][11:13] for one in shown} == {"07"}
    await hose.hass.services.async_call(
        "select",
        "select_option",
        {"entity_id": hose.entity_id(plant, "select", "automatic_watering"), "option": "off"},
        blocking=True,
    )
    await hose.pass_time(minutes=5)
    assert hose.state(plant, "select", "automatic_watering").attributes["plan"] == []


async def test_once_a_person_has_looked_weak_answers_of_before_keep_nothing_dry(
    hose: Hose,
) -> None:
    """Two answers that were good, then two of a leaking hose: else it waits for a week."""
    plant = await dry(hose, "on")
    pump_id, books = hose.outlet(plant).pump_id, hose.works.books
    now = books.moment()
    track = hose.plant(plant).memory.tracks[Input.MOISTURE] = Track()
    for hours, rise in ((20, 15), (15, 15), (10, 1), (5, 1)):
        at = now.wall - hours * 3600
        moment = Moment(wall=at, steady=now.steady - hours * 3600, boot_id=now.boot_id)
        number = str(hours)
        booking = Booking(
            booking_id=number,
            demand_id=number,
            pump_id=pump_id,
            plant_ids=(plant,),
            source=Source.AUTOMATIC,
            at=moment,
            budget_at=books.ledger.time(now) - 1.0,
            ms=3000,
            ml=20.0,
        )
        books.ledger.book(booking)
        assert await books.async_write(booking)
        for minutes, level in ((-10, 20.0), (40, 20.0 + rise), (50, 20.0 + rise)):
            track.add(at + minutes * 60, level)
    track.add(now.wall, 20.0)

    def decision() -> Decision:
        binding = hose.works.bound[plant]
        facts = facts_of(hose.hass, hose.works, hose.plant(plant), binding)
        assert facts.given[-1].at == pytest.approx(now.wall - 5 * 3600, abs=5)
        return decide(facts, books.moment().wall)

    assert decision().why is Why.UNANSWERED
    hose.works.async_unlock(pump_id)
    await hose.hass.async_block_till_done()
    assert decision().ml > 0
    # Nor does a restart bring them back.
    again = Books(hose.hass)
    await again.async_load(expected=True)
    assert again.memory(pump_id).looked_at is not None
