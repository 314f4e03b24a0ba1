"""What a person has set, and what is true while nobody has set anything."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.glue import wishes


def entry(**options: Any) -> MockConfigEntry:
    return MockConfigEntry(domain=DOMAIN, options=options)


def test_without_a_wish() -> None:
    nothing = entry()
    assert wishes.pulse_s(nothing, 2) == 5.0
    assert wishes.pulse_ms(nothing, 2) == 5000
    assert wishes.light_ms() == 57_600_000
    assert wishes.level(nothing, 3) == 100
    assert wishes.filters(nothing) == {}
    assert wishes.rhythm(nothing) is None


@pytest.mark.parametrize(("seconds", "ms"), [(0.5, 500), (7.1, 7100), (30, 30_000)])
def test_a_pulse_is_milliseconds_of_its_own_channel(seconds: float, ms: int) -> None:
    wished = entry(pulses={"2": seconds})
    assert (wishes.pulse_ms(wished, 2), wishes.pulse_ms(wished, 3)) == (ms, 5000)


def test_a_level_is_a_whole_number() -> None:
    level = wishes.level(entry(levels={"3": 40.0}), 3)
    assert (level, type(level)) == (40, int)


def test_filters_in_the_words_of_the_protocol() -> None:
    wished = entry(
        channels={"0": {"median": 5, "dead_band": 0.5}, "12": {"heartbeat": 600}}, every=30
    )
    assert wishes.filters(wished) == {0: {"med": 5, "db": 0.5}, 12: {"hb": 600}}
    assert wishes.rhythm(wished) == 30


def test_a_channel_without_settings_is_told_so() -> None:
    chosen = entry(channels={"0": {}, "1": {"median": 3}})
    assert wishes.filters(chosen) == {0: {}, 1: {"med": 3}}


async def test_a_new_wish_leaves_the_others(hass: HomeAssistant) -> None:
    wished = entry(pulses={"2": 3.0}, levels={"4": 50.0}, every=30)
    wished.add_to_hass(hass)
    wishes.async_set(hass, wished, "pulses", 5, 9.0)
    assert wished.options == {
        "pulses": {"2": 3.0, "5": 9.0},
        "levels": {"4": 50.0},
        "every": 30,
    }
