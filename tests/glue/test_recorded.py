"""Waiting until the recorder's database has everything."""

import asyncio

import pytest
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.components.recorder.common import async_block_recorder

from custom_components.plant_vita.glue.statistics import async_recorded


@pytest.fixture
def mock_recorder_before_hass(async_test_recorder: object) -> None:
    """Let the database be there before Home Assistant."""


async def test_recorded_is_what_the_recorder_has_not_only_taken_from_its_queue(
    recorder_mock: Recorder, hass: HomeAssistant
) -> None:
    await async_block_recorder(hass, 0.3)
    waiting = asyncio.create_task(async_recorded(hass))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await waiting


async def test_a_recorder_that_has_stopped_is_not_waited_for(
    recorder_mock: Recorder, hass: HomeAssistant
) -> None:
    await recorder_mock._async_shutdown(None)
    hass.states.async_set("sensor.air", "20.0")
    await asyncio.wait_for(async_recorded(hass), 2)


async def test_without_a_recorder_nothing_is_waited_for(hass: HomeAssistant) -> None:
    await async_recorded(hass)
