"""Water that an assistant was asked for goes the only way there is."""

import pytest
from homeassistant.exceptions import ServiceValidationError

from custom_components.plant_vita.model.watering import Source, Started
from custom_components.plant_vita.voice.doing import async_stop, async_water, dose_of
from custom_components.plant_vita.voice.seen import async_seen
from tests.voice.talking import Talking, hose, talking_fixture
from tests.watering.garden_hose import BASIL

__all__ = ["hose"]

talking = talking_fixture()


async def test_the_dose_of_the_plant_is_given_and_stopped(talking: Talking) -> None:
    await talking.grow({**BASIL, "water": {"dose_ml": 60}})
    (seen,) = (await async_seen(talking.hass, "conversation")).values()
    assert dose_of(seen) == 60.0
    given = await async_water(talking.hass, seen, Source.VOICE)
    assert given.ml == 60.0
    assert isinstance(given.result, Started)
    assert [one["source"] for one in talking.hose.written("booking")] == ["voice"]
    assert talking.hose.pump == "on"
    await async_stop(talking.hass, by="assistant")
    assert talking.hose.pump == "off"


async def test_a_plant_that_has_no_exposed_pump_is_refused(talking: Talking) -> None:
    await talking.grow({"title": "Fern"})
    (seen,) = (await async_seen(talking.hass, "conversation")).values()
    with pytest.raises(ServiceValidationError) as refused:
        await async_water(talking.hass, seen, Source.VOICE)
    assert refused.value.translation_key == "watering_no_pump"
