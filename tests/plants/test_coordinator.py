"""A plant that listens: to sensors that come late, fall silent, are renamed, removed or changed."""

import asyncio
import threading
from typing import Any

import pytest
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.helpers import entity_registry as er, issue_registry as ir

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.plants import coordinator as module
from custom_components.plant_vita.plants.assessment import STUDIED_S
from custom_components.plant_vita.plants.state import Care
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()
MOIST = {"moisture": ["sensor.soil"]}


async def grown_and_heard(growing: Growing) -> str:
    """A plant whose sensor has shown that it speaks every five minutes."""
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow(MOIST)
    for _ in range(3):
        await growing.pass_time(minutes=5)
        growing.say("sensor.soil", 40)
    return plant_id


async def test_a_sensor_that_is_new_may_speak_every_hour(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow(MOIST)
    await growing.pass_time(hours=2, minutes=59)
    assert growing.shown(plant_id, "health") == "100"
    await growing.pass_time(minutes=1, seconds=2)
    assert growing.reasons(plant_id) == ["moisture_stale"]


async def test_a_reading_in_range_is_healthy(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow(MOIST)
    assert growing.shown(plant_id, "health") == "100"
    assert growing.shown(plant_id, "plant_problem", "binary_sensor") == "off"


async def test_nothing_is_waited_for(growing: Growing) -> None:
    plant_id = await growing.grow(MOIST)
    assert growing.shown(plant_id, "health") == "unknown"
    assert growing.shown(plant_id, "plant_problem", "binary_sensor") == "unknown"
    growing.say("sensor.soil", 40)
    await growing.settle()
    assert growing.shown(plant_id, "health") == "100"


async def test_a_change_is_looked_at_once_the_sensors_have_settled(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow(MOIST)
    growing.say("sensor.soil", 41)
    await growing.pass_time(seconds=5)
    growing.say("sensor.soil", 42)
    await growing.pass_time(seconds=6)
    factors = growing.state(plant_id, "sensor", "health").attributes["factors"]
    assert factors["moisture"]["value"] == 42


@pytest.mark.parametrize(
    ("sensor", "unit", "values", "reason"),
    [
        ("moisture", "%", (16, 8), "moisture_too_low"),
        ("moisture", "%", (40, 1), "probe_out_of_soil"),
        ("moisture", "%", (40, 130), "moisture_faulty"),
        ("temperature", "°C", (11, 1), "temperature_too_low"),
        ("temperature", "°C", (30, 41), "temperature_too_high"),
        ("humidity", "%", (40, 9), "humidity_too_low"),
    ],
)
async def test_trouble_is_told_within_five_minutes_though_nothing_more_is_heard(
    growing: Growing, sensor: str, unit: str, values: tuple[float, float], reason: str
) -> None:
    good, bad = values
    growing.say("sensor.x", good, unit)
    plant_id = await growing.grow({sensor: ["sensor.x"]})
    await growing.pass_time(minutes=7)
    growing.say("sensor.x", bad, unit)
    told = None
    for second in range(0, 301, 5):
        if growing.shown(plant_id, "plant_problem", "binary_sensor") == "on":
            told = second
            break
        await growing.pass_time(seconds=5)
    assert told is not None
    # One wild report is no alarm.
    assert 240 <= told <= 295
    assert growing.reasons(plant_id) == [reason]
    assert growing.shown(plant_id, "problem_reason") == reason


async def test_a_watering_that_ends_a_drought_ends_the_problem(growing: Growing) -> None:
    growing.say("sensor.soil", 8)
    plant_id = await growing.grow(MOIST)
    assert growing.shown(plant_id, "plant_problem", "binary_sensor") == "on"
    for _ in range(4):
        growing.say("sensor.soil", 45)
        await growing.pass_time(minutes=5)
    assert growing.shown(plant_id, "plant_problem", "binary_sensor") == "off"
    assert growing.shown(plant_id, "problem_reason") == "none"


async def test_what_has_become_wrong_is_written_down_within_seconds(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow(MOIST)
    growing.say("sensor.soil", 8)
    await growing.pass_time(seconds=15)
    assert f"{DOMAIN}.plant.{plant_id}" not in growing.hass_storage
    await growing.pass_time(minutes=5)
    await growing.pass_time(seconds=10)
    stored = growing.hass_storage[f"{DOMAIN}.plant.{plant_id}"]["data"]
    assert stored["health"]["status"] == {"moisture": "too_low"}


async def test_a_sensor_that_has_not_moved_for_days_is_not_healthy(growing: Growing) -> None:
    growing.say("sensor.t", 21.3, "°C")
    plant_id = await growing.grow({"temperature": ["sensor.t"]})
    for _ in range(48):
        await growing.pass_time(hours=1)
        growing.say("sensor.t", 21.3, "°C")
    await growing.settle()
    assert growing.shown(plant_id, "health") == "unknown"
    assert growing.reasons(plant_id) == ["temperature_faulty"]
    growing.say("sensor.t", 21.4, "°C")
    await growing.settle()
    assert growing.shown(plant_id, "health") == "100"


@pytest.mark.parametrize("silence", ["unavailable", "unknown", None])
async def test_a_sensor_that_falls_silent_is_not_healthy_after_an_hour(
    growing: Growing, silence: str | None
) -> None:
    plant_id = await grown_and_heard(growing)
    if silence:
        growing.say("sensor.soil", silence)
        await growing.settle()
    await growing.pass_time(minutes=55)
    assert growing.shown(plant_id, "health") == "100"
    await growing.pass_time(minutes=5, seconds=2)
    assert growing.shown(plant_id, "health") == "unknown"
    assert growing.shown(plant_id, "plant_problem", "binary_sensor") == "on"
    assert growing.reasons(plant_id) == ["moisture_stale"]
    growing.say("sensor.soil", 41)
    await growing.settle()
    assert growing.shown(plant_id, "health") == "100"
    assert growing.shown(plant_id, "plant_problem", "binary_sensor") == "off"


async def test_a_sensor_that_repeats_itself_is_alive(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow(MOIST)
    for _ in range(10):
        await growing.pass_time(minutes=30)
        growing.say("sensor.soil", 40)
    assert growing.shown(plant_id, "health") == "100"


async def test_a_sensor_that_was_renamed_is_still_bound(growing: Growing) -> None:
    registry = er.async_get(growing.hass)
    soil = registry.async_get_or_create("sensor", "test", "x", suggested_object_id="soil")
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow({"moisture": [soil.id]})
    registry.async_update_entity("sensor.soil", new_entity_id="sensor.earth")
    await growing.hass.async_block_till_done()
    growing.say("sensor.earth", 45)
    await growing.settle()
    factors = growing.state(plant_id, "sensor", "health").attributes["factors"]
    assert factors["moisture"]["value"] == 45
    assert growing.issues() == []


async def test_a_sensor_that_was_removed_is_told_at_once(growing: Growing) -> None:
    registry = er.async_get(growing.hass)
    soil = registry.async_get_or_create("sensor", "test", "x", suggested_object_id="soil")
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow({"moisture": [soil.id]})
    registry.async_remove("sensor.soil")
    await growing.settle()
    assert growing.shown(plant_id, "health") == "unknown"
    assert growing.reasons(plant_id) == ["moisture_stale"]
    assert growing.issues() == [f"source_gone_{plant_id}"]
    # Home Assistant gives who comes back the same id, whatever it is called then.
    registry.async_get_or_create("sensor", "test", "y", suggested_object_id="other")
    assert growing.issues() == [f"source_gone_{plant_id}"]
    again = registry.async_get_or_create("sensor", "test", "x", suggested_object_id="soil")
    assert again.entity_id == "sensor.soil_2"
    growing.say("sensor.soil_2", 41)
    await growing.settle()
    assert growing.shown(plant_id, "health") == "100"
    assert growing.issues() == []


async def test_a_sensor_that_was_removed_before_the_start_is_told_by_its_name(
    growing: Growing,
) -> None:
    registry = er.async_get(growing.hass)
    soil = registry.async_get_or_create("sensor", "test", "x", suggested_object_id="soil")
    plant_id = await growing.grow({"moisture": [soil.id]})
    await growing.hass.config_entries.async_unload(growing.entry.entry_id)
    registry.async_remove("sensor.soil")
    await growing.hass.config_entries.async_setup(growing.entry.entry_id)
    await growing.hass.async_block_till_done()
    issue = ir.async_get(growing.hass).async_get_issue(DOMAIN, f"source_gone_{plant_id}")
    assert issue is not None
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["entities"] == "sensor.soil"


async def test_the_unit_changes_while_it_runs(growing: Growing) -> None:
    growing.say("sensor.air", 20, "°C")
    plant_id = await growing.grow({"temperature": ["sensor.air"]})
    growing.say("sensor.air", 68, "°F")
    await growing.settle()
    factors = growing.state(plant_id, "sensor", "health").attributes["factors"]
    assert factors["temperature"]["value"] == pytest.approx(20)
    assert growing.shown(plant_id, "plant_problem", "binary_sensor") == "off"


async def test_what_was_known_is_known_after_a_restart(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow(MOIST)
    await growing.plant(plant_id).async_cared(Care.FED, 1_780_000_000.0)
    await growing.stop()
    growing.hass.states.async_remove("sensor.soil")
    await growing.pass_time(hours=5)
    await growing.start()
    assert growing.shown(plant_id, "health") == "100"
    assert growing.shown(plant_id, "last_fed") == "2026-05-28T20:26:40+00:00"
    # It does not come back: then it is not healthy, three hours of listening later.
    await growing.pass_time(hours=2, minutes=59)
    assert growing.shown(plant_id, "health") == "100"
    await growing.pass_time(minutes=2)
    assert growing.shown(plant_id, "health") == "unknown"
    assert growing.reasons(plant_id) == ["moisture_stale"]


async def test_a_word_that_was_only_restored_is_no_reading(growing: Growing) -> None:
    """Soil that nobody has measured did not stand still: nothing is known but what was."""

    def earliest() -> float:
        shown = growing.state(plant_id, "sensor", "days_to_dry")
        return float(shown.attributes["earliest"])

    growing.say("sensor.soil", 60)
    plant_id = await growing.grow({**MOIST, "limits": {"moisture_low": 30.0}})
    for hour in range(1, 37):
        await growing.pass_time(hours=1)
        growing.say("sensor.soil", 60 - hour / 2)
    await growing.settle()
    await growing.stop()
    growing.hass.states.async_remove("sensor.soil")
    growing.freezer.tick(16 * 3600)
    await growing.start()
    unheard = earliest()
    await growing.stop()
    growing.say("sensor.soil", 42.0)
    await growing.start()
    assert earliest() == unheard


async def test_restarts_do_not_make_a_dead_sensor_young(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow(MOIST)
    growing.say("sensor.soil", "unavailable")
    for _ in range(3):
        await growing.pass_time(minutes=65)
        await growing.stop()
        await growing.start()
    assert growing.shown(plant_id, "health") == "unknown"


async def test_it_is_written_down_when_home_assistant_stops(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow(MOIST)
    key = f"{DOMAIN}.plant.{plant_id}"
    assert key not in growing.hass_storage
    growing.hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await growing.hass.async_block_till_done()
    await growing.pass_time(seconds=1)
    assert growing.hass_storage[key]["data"]["tracks"]["moisture"]["values"] == [40.0]


async def test_it_is_written_down_every_few_hours(growing: Growing) -> None:
    key = f"{DOMAIN}.plant.{await growing.grow({})}"
    await growing.settle()
    growing.hass_storage.pop(key, None)
    for _ in range(2):
        await growing.pass_time(hours=1)
    assert key not in growing.hass_storage
    await growing.pass_time(hours=1)
    # Home Assistant's own delay comes on top, and a timer of its own may take a turn or two.
    for _ in range(10):
        if key not in growing.hass_storage:
            await growing.pass_time(seconds=1)
    assert key in growing.hass_storage


async def test_what_a_person_did_is_written_down_within_seconds(growing: Growing) -> None:
    plant_id = await growing.grow({})
    await growing.plant(plant_id).async_cared(Care.WATERED, 1_780_000_000.0)
    await growing.pass_time(seconds=6)
    stored = growing.hass_storage[f"{DOMAIN}.plant.{plant_id}"]["data"]
    assert stored["last"] == {"watered": 1_780_000_000.0}


async def test_water_that_the_soil_shows_is_noticed(growing: Growing) -> None:
    growing.say("sensor.soil", 30)
    plant_id = await growing.grow(MOIST)
    heard: list[tuple[Care, float]] = []
    growing.plant(plant_id).async_on_care(lambda care, at: heard.append((care, at)))
    for _ in range(24):
        await growing.pass_time(minutes=5)
        growing.say("sensor.soil", 30)
    assert growing.shown(plant_id, "last_watered") == "unknown"
    for _ in range(36):
        await growing.pass_time(minutes=5)
        growing.say("sensor.soil", 55)
    await growing.settle()
    assert growing.shown(plant_id, "last_watered")[:13] == "2026-06-10T14"
    assert [care for care, _ in heard] == [Care.WATERED]
    # Whoever poured presses the button, too: that is one watering.
    await growing.plant(plant_id).async_cared(Care.WATERED, heard[0][1] + 60)
    assert len(heard) == 1
    await growing.plant(plant_id).async_cared(Care.WATERED, heard[0][1] + 10_000)
    assert len(heard) == 2


async def test_long_work_leaves_the_event_loop_and_short_work_stays(
    growing: Growing, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[bool] = []
    real = module.assess
    slow = threading.Event()

    def assess(facts: Any) -> Any:
        threads.append(threading.current_thread() is threading.main_thread())
        if slow.is_set():
            # Time stands still in these tests, unless somebody moves it.
            growing.freezer.tick(0.02)
        return real(facts)

    monkeypatch.setattr(module, "assess", assess)
    plant_id = await growing.grow({})
    plant = growing.plant(plant_id)
    plant.took_s = 0.0
    threads.clear()
    growing.freezer.tick(STUDIED_S)
    await plant.async_refresh()
    slow.set()
    for _ in range(2):
        growing.freezer.tick(STUDIED_S)
        await plant.async_refresh()
    # What has been studied lately needs no thread.
    await plant.async_refresh()
    assert threads == [True, True, False, True]


async def test_a_disabled_plant_is_watched_too(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow(MOIST)
    plant = growing.plant(plant_id)
    registry = er.async_get(growing.hass)
    for entity in er.async_entries_for_config_entry(registry, growing.entry.entry_id):
        registry.async_update_entity(entity.entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    await growing.hass.async_block_till_done()
    growing.say("sensor.soil", 44)
    await growing.settle()
    assert plant.data.inputs["moisture"].value == 44


async def test_seasons_of_the_south_and_the_tropics(growing: Growing) -> None:
    plant_id = await growing.grow({"species": "ocimum_basilicum"})
    plant = growing.plant(plant_id)
    north = plant.thresholds.water_days
    growing.hass.config.latitude = -35.0
    south = plant.thresholds.water_days
    growing.hass.config.latitude = 1.0
    tropics = plant.thresholds.water_days
    assert north is not None
    assert south is not None
    assert north < south
    assert tropics == north


async def test_twice_at_once_is_once(growing: Growing) -> None:
    plant_id = await growing.grow({})
    plant = growing.plant(plant_id)
    await asyncio.gather(plant.async_shutdown(), plant.async_shutdown())
    assert plant._listening == []
