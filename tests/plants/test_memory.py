"""What is written down of a plant, and read again."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from homeassistant.core import HomeAssistant, State

from custom_components.plant_vita.analysis.drydown import untaught
from custom_components.plant_vita.analysis.health import Remembered
from custom_components.plant_vita.model.plant import Direction, Status, Trend
from custom_components.plant_vita.model.species import Measure
from custom_components.plant_vita.plants.definition import Input, PlantDefinition
from custom_components.plant_vita.plants.memory import (
    Memory,
    async_recall,
    from_stored,
    store_of,
)
from custom_components.plant_vita.plants.sources import Sources
from custom_components.plant_vita.plants.state import Care
from custom_components.plant_vita.plants.track import Track


def is_new(memory: Memory) -> bool:
    return not (memory.tracks or memory.sources or memory.last or memory.model.days.any())


async def test_everything_comes_back(hass: HomeAssistant, hass_storage: dict[str, Any]) -> None:
    said = State("sensor.a", "40", {"unit_of_measurement": "%"})
    now = said.last_reported_timestamp
    sources = Sources()
    plant = PlantDefinition(plant_id="p", name="P", inputs={Input.MOISTURE: ("sensor.a",)})
    sources.async_bind(hass, plant, now)
    sources.of(Input.MOISTURE)[0].take(said)
    memory = Memory(
        tracks={Input.MOISTURE: Track([now], [40.0])},
        remembered=Remembered(
            status={Measure.MOISTURE: Status.GOOD},
            coming={Measure.MOISTURE: (Status.LOW, now)},
        ),
        last={Care.FED: 5.0},
        log=[(3.0, Care.WATERED), (5.0, Care.FED)],
        model=replace(untaught((10.0, 60.0)), days=np.full_like(untaught().days, 3.0)),
        seen_until=7.0,
        growth=Trend(direction=Direction.RISING, weekly=2.0, low=1.0, high=3.0),
    )
    store = store_of(hass, "p")
    await store.async_save(memory.as_stored(sources, now + 60))
    again = await async_recall(store_of(hass, "p"), "P")
    assert again.tracks[Input.MOISTURE].series.values.tolist() == [40.0]
    assert again.remembered == memory.remembered
    assert again.growth == memory.growth
    assert (again.last, again.seen_until) == ({Care.FED: 5.0}, 7.0)
    assert again.log == [(3.0, Care.WATERED), (5.0, Care.FED)]
    assert (again.model.low, again.model.high, again.model.days.max()) == (10.0, 60.0, 3.0)
    stored = again.sources["moisture"]["sensor.a"]
    assert (stored["value"], stored["silent_s"]) == (40.0, pytest.approx(60.0))


def test_care_is_in_order_once_and_not_without_end() -> None:
    memory = Memory()
    for at in (5.0, 3.0, 5.0):
        memory.note(Care.WATERED, at)
    memory.note(Care.FED, 5.0)
    assert memory.log == [(3.0, Care.WATERED), (5.0, Care.FED), (5.0, Care.WATERED)]
    for at in range(600):
        memory.note(Care.FED, 10.0 + at)
    assert (len(memory.log), memory.log[0]) == (500, (110.0, Care.FED))


def test_what_was_written_before_there_was_a_log_begins_it() -> None:
    stored = Memory(last={Care.WATERED: 9.0, Care.FED: 5.0}).as_stored(Sources(), 10.0)
    del stored["log"]
    assert from_stored(stored).log == [(5.0, Care.FED), (9.0, Care.WATERED)]


async def test_nothing_was_written(hass: HomeAssistant, hass_storage: dict[str, Any]) -> None:
    assert is_new(await async_recall(store_of(hass, "p"), "P"))


@pytest.mark.parametrize(
    "damaged",
    [{}, {"tracks": 3}, {"tracks": {}, "sources": {}, "health": {}, "last": {"x": 1}}, []],
)
async def test_what_cannot_be_read_is_learnt_anew(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    damaged: Any,
) -> None:
    hass_storage["plant_vita.plant.p"] = {"version": 1, "minor_version": 1, "data": damaged}
    assert is_new(await async_recall(store_of(hass, "p"), "Basil"))
    assert "What was known of Basil cannot be read" in caplog.text


def test_no_memory_is_told_by_an_error() -> None:
    with pytest.raises(KeyError):
        from_stored({})
