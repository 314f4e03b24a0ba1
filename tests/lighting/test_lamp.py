"""A lamp does what its plants need and a person leaves it to do."""

from typing import Any
from unittest.mock import patch

import pytest
from homeassistant.const import EVENT_HOMEASSISTANT_STOP

from custom_components.plant_vita.lighting import lamp, register
from custom_components.plant_vita.model.errors import NoAnswerError
from tests.lighting.shelf import FERN, LAMP, MOSS, Shelf, shelf_fixture

shelf = shelf_fixture()


async def set_options(shelf: Shelf, **options: Any) -> None:
    shelf.hass.config_entries.async_update_entry(shelf.entry, options=options)
    await shelf.hass.async_block_till_done()


async def test_a_day_of_a_plant_whose_light_is_measured(shelf: Shelf) -> None:
    plant = await shelf.grow(FERN)
    shelf.sun_ppfd = 50.0
    await shelf.until("10:00")
    assert (shelf.lit, shelf.standing(plant)) == ("off", "later")
    # Without prices and likings the end of the day is lit: until then the sun may have done it.
    await shelf.until("15:00")
    shelf.sun_ppfd = 0.0
    await shelf.until("19:00")
    assert (shelf.lit, shelf.standing(plant)) == ("off", "later")
    await shelf.until("21:50")
    assert (shelf.lit, shelf.standing(plant)) == ("on", "shines")
    assert shelf.written()["ours"] is True
    await shelf.until("22:05")
    assert (shelf.lit, shelf.standing(plant)) == ("off", "night")
    assert shelf.written()["ours"] is False
    # 8 hours of sun gave 1.44, the lamp the rest.
    today = float(shelf.state(plant, "sensor", "dli_today").state)
    assert today == pytest.approx(2.2, abs=0.06)


async def test_a_plant_without_a_sensor_is_lit_by_time_in_the_hours_that_are_liked(
    shelf: Shelf,
) -> None:
    plant = await shelf.grow(MOSS)
    await set_options(shelf, light_from="10:00:00", light_to="15:00:00")
    lit = []
    for _ in range(14 * 6):
        await shelf.pass_time(minutes=10)
        lit.append(shelf.lit == "on")
    assert sum(lit) * 10 == pytest.approx(240, abs=10)
    # It ends with the hours that are liked.
    assert lit.index(True) * 10 == pytest.approx(240, abs=10)
    shown = shelf.state(plant, "sensor", "light_state").attributes
    assert (shown["decided_by"], shown["lamp_hours_left"]) == ("time", 0.0)


async def test_advice_only_says_what_it_would_do(shelf: Shelf) -> None:
    plant = await shelf.grow(MOSS | {"lighting": {"automatic": "advice", "hours": 15}})
    await shelf.pass_minutes(10)
    assert (shelf.lit, shelf.standing(plant)) == ("off", "would_shine")
    assert not shelf.written().get("ours")


async def test_off_does_nothing_and_lets_go_of_what_was_on(shelf: Shelf) -> None:
    plant = await shelf.grow(MOSS | {"lighting": {"automatic": "on", "hours": 15}})
    await shelf.pass_minutes(10)
    assert shelf.lit == "on"
    await choose(shelf, plant, "off")
    await shelf.pass_minutes(5)
    assert (shelf.lit, shelf.standing(plant)) == ("off", "off")


async def choose(shelf: Shelf, plant: str, option: str) -> None:
    target = {"entity_id": shelf.entity_id(plant, "select", "automatic_light"), "option": option}
    await shelf.hass.services.async_call("select", "select_option", target, blocking=True)
    await shelf.hass.async_block_till_done()


LONG = MOSS | {"lighting": {"automatic": "on", "hours": 15}}


async def test_what_somebody_switches_off_stays_off_until_the_next_night(shelf: Shelf) -> None:
    plant = await shelf.grow(LONG)
    await shelf.pass_minutes(10)
    assert shelf.lit == "on"
    await shelf.turn("off")
    for clock in ("07:40", "14:00", "21:40"):
        shelf.freezer.move_to(f"2026-11-10 {clock}:00+00:00")
        await shelf.pass_minutes(15)
        assert (shelf.lit, shelf.standing(plant)) == ("off", "switched_off")
    await shelf.pass_minutes(10)
    assert shelf.standing(plant) == "night"
    shelf.freezer.move_to("2026-11-11 07:05:00+00:00")
    await shelf.pass_minutes(15)
    assert (shelf.lit, shelf.standing(plant)) == ("on", "shines")


async def test_what_is_set_while_it_is_being_decided_is_not_missed(shelf: Shelf) -> None:
    plant = await shelf.grow(LONG)
    await shelf.pass_time(minutes=10)
    assert shelf.lit == "on"
    decide = lamp.async_outlooks

    async def slowly(*args: Any, **more: Any) -> Any:
        found = await decide(*args, **more)
        with patch.object(lamp, "async_outlooks", decide):
            await choose(shelf, plant, "off")
        return found

    with patch.object(lamp, "async_outlooks", slowly):
        await shelf.pass_time(minutes=10)
    await shelf.pass_time(seconds=1)
    assert shelf.lit == "off"


async def test_choosing_automatic_again_ends_the_rest(shelf: Shelf) -> None:
    plant = await shelf.grow(LONG)
    await shelf.pass_minutes(10)
    await shelf.turn("off")
    await choose(shelf, plant, "on")
    await shelf.pass_minutes(5)
    assert shelf.lit == "on"


async def test_what_somebody_switched_on_is_left_on_even_at_night(shelf: Shelf) -> None:
    plant = await shelf.grow(MOSS | {"lighting": {"automatic": "on", "hours": 0}})
    await shelf.turn("on")
    shelf.freezer.move_to("2026-11-10 21:55:00+00:00")
    await shelf.pass_minutes(20)
    assert (shelf.lit, shelf.standing(plant)) == ("on", "by_hand")
    # What is switched off at night does not rest on the day that comes.
    await shelf.turn("off")
    assert shelf.standing(plant) == "night"


async def test_a_lamp_that_cannot_be_reached_is_told_when_it_is_back(shelf: Shelf) -> None:
    plant = await shelf.grow(LONG)
    shelf.hass.states.async_set(LAMP, "unavailable")
    await shelf.pass_minutes(0)
    await shelf.pass_time(minutes=10)
    assert shelf.standing(plant) == "unavailable"
    shelf.hass.states.async_set(LAMP, "off")
    await shelf.pass_time(minutes=1)
    assert (shelf.lit, shelf.standing(plant)) == ("on", "shines")


async def test_a_lamp_that_does_not_listen_is_told_again_and_that_is_shown(shelf: Shelf) -> None:
    plant = await shelf.grow(LONG)
    with patch("custom_components.plant_vita.glue.actuation.async_switch", autospec=True) as told:
        await shelf.pass_time(minutes=10)
        assert told.call_count == 1
        await shelf.pass_time(minutes=10)
        assert told.call_count == 2
    assert (shelf.lit, shelf.standing(plant)) == ("off", "no_answer")
    await shelf.pass_time(minutes=10)
    assert (shelf.lit, shelf.standing(plant)) == ("on", "shines")


async def test_a_lamp_that_could_not_be_told_is_told_again_within_a_minute(shelf: Shelf) -> None:
    await shelf.grow(LONG)
    with patch(
        "custom_components.plant_vita.glue.actuation.async_switch", side_effect=NoAnswerError
    ) as told:
        await shelf.pass_time(minutes=10)
        assert told.call_count == 1
    await shelf.pass_time(seconds=61)
    assert shelf.lit == "on"


async def test_nothing_is_switched_on_that_is_not_on_the_disk(shelf: Shelf) -> None:
    plant = await shelf.grow(LONG)
    with patch.object(register, "save_json", side_effect=OSError(28, "disk full")):
        await shelf.pass_minutes(20, step=10)
        assert (shelf.lit, shelf.standing(plant)) == ("off", "not_written")
    calls = shelf.calls()
    seen: list[bool] = []

    def write(*args: Any, **more: Any) -> None:
        seen.append(any(call.data["service"] == "turn_on" for call in calls))
        register_save(*args, **more)

    register_save = register.save_json
    with patch.object(register, "save_json", side_effect=write):
        await shelf.pass_minutes(10, step=10)
    assert shelf.lit == "on"
    assert seen[0] is False, "written down before it is switched on"


async def test_an_end_of_home_assistant_switches_off_what_would_shine_for_ever(
    shelf: Shelf,
) -> None:
    await shelf.grow(LONG)
    await shelf.pass_minutes(10)
    assert shelf.lit == "on"
    shelf.hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await shelf.hass.async_block_till_done()
    assert shelf.lit == "off"
    assert shelf.written()["ours"] is False


async def test_a_hands_lamp_survives_the_end_of_home_assistant(shelf: Shelf) -> None:
    await shelf.grow(LONG)
    await shelf.turn("on")
    await shelf.pass_minutes(10)
    shelf.hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await shelf.hass.async_block_till_done()
    assert shelf.lit == "on"


async def test_after_a_kill_what_is_ours_is_picked_up(shelf: Shelf) -> None:
    plant = await shelf.grow(LONG)
    await shelf.pass_minutes(10)
    kept = shelf.file.read_text()
    await shelf.stop()
    assert shelf.lit == "off"
    # As a power cut would have left it: on, and ours.
    shelf.file.write_text(kept)
    await shelf.turn("on")
    await shelf.start()
    await shelf.pass_minutes(5)
    assert (shelf.lit, shelf.standing(plant)) == ("on", "shines")
    shelf.freezer.move_to("2026-11-10 21:58:00+00:00")
    await shelf.pass_minutes(15)
    assert shelf.lit == "off"


@pytest.mark.parametrize(("gives", "by"), [(180.0, "measurement"), (0.0, "time")])
async def test_what_the_lamp_gives_is_seen_whoever_switches_it_on(
    shelf: Shelf, gives: float, by: str
) -> None:
    shelf.lamp_ppfd = gives
    plant = await shelf.grow(FERN | {"lighting": {"automatic": "advice"}})
    for _ in range(3):
        await shelf.turn("on")
        await shelf.pass_minutes(10, step=2)
        assert shelf.standing(plant) == "by_hand"
        await shelf.turn("off")
        await shelf.pass_minutes(4, step=2)
    await shelf.pass_minutes(10)
    shown = shelf.state(plant, "sensor", "light_state").attributes
    assert shown["decided_by"] == by
    assert shown["lamp_brightness"] == (180 if gives else None)
