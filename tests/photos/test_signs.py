"""What a plant's own sensors say of the last two weeks."""

import time

import pytest

from custom_components.plant_vita.model.species import Measure
from custom_components.plant_vita.photos.signs import readings_of, seen_of
from custom_components.plant_vita.plants.definition import Input
from custom_components.plant_vita.plants.track import Track
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()
HOUR_S = 3600.0


async def grown(growing: Growing, **past: float) -> str:
    """A plant whose inputs were always at these values, and are."""
    units = {"moisture": "%", "temperature": "°C", "light": "lx"}
    for one, value in past.items():
        growing.say(f"sensor.{one}", value, units[one])
    plant_id = await growing.grow(
        {"species": "ocimum_basilicum", **{one: [f"sensor.{one}"] for one in past}}
    )
    now = time.time()
    for one, value in past.items():
        track = Track([now - HOUR_S * back for back in range(15 * 24, -1, -1)], [value] * 361)
        growing.plant(plant_id).memory.tracks[Input(one)] = track
    await growing.settle()
    return plant_id


async def test_every_input_has_its_course(growing: Growing) -> None:
    plant = growing.plant(await grown(growing, moisture=3, temperature=20, light=100))
    seen = seen_of(plant, 12.0)
    assert set(seen.courses) == {Measure.MOISTURE, Measure.TEMPERATURE, Measure.DLI}
    assert seen.courses[Measure.MOISTURE].low == 1.0
    assert seen.courses[Measure.TEMPERATURE].low == 0.0
    # 100 of light for a day is 8.64 mol.
    assert seen.courses[Measure.DLI].mean == pytest.approx(8.64, rel=0.01)
    assert seen.courses[Measure.DLI].days == 14.0
    assert (seen.overdue, seen.blocked, seen.yellowing) == (False, False, 12.0)


async def test_a_model_gets_figures_and_no_names(growing: Growing) -> None:
    plant = growing.plant(await grown(growing, moisture=3))
    readings = readings_of(plant, seen_of(plant))
    assert readings == {
        "moisture_mean_14_days": 3.0,
        "moisture_percent_of_time_too_low": 100,
        "moisture_percent_of_time_too_high": 0,
        "outdoors": False,
    }


async def test_what_is_not_believed_is_no_sign(growing: Growing) -> None:
    plant_id = await grown(growing, moisture=3)
    await growing.pass_time(hours=20)
    assert growing.plant(plant_id).data.inputs[Input.MOISTURE].stale
    seen = seen_of(growing.plant(plant_id))
    assert seen.courses == {}
    assert readings_of(growing.plant(plant_id), seen) == {}
