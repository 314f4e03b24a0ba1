"""The energy dashboard's view of water takes both sums: asked of Home Assistant's own validator."""

from datetime import UTC, datetime

import pytest
from homeassistant.components.energy.data import async_get_manager
from homeassistant.components.energy.validate import async_validate
from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
)

from tests.watering.garden_hose import BASIL, Hose, hose_fixture

hose = hose_fixture()


@pytest.fixture
def mock_recorder_before_hass(async_test_recorder: object) -> None:
    """Let the database be there before Home Assistant."""


NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)


async def test_both_sums_pass_home_assistants_validator_and_count_what_was_given(
    recorder_mock: Recorder, hose: Hose
) -> None:
    hass = hose.hass
    for name in ("sensor", "energy"):
        assert await async_setup_component(hass, name, {})
    plant = await hose.grow(BASIL)
    today, total = (hose.entity_id(plant, "sensor", key) for key in ("water_today", "water_total"))
    assert today is not None
    assert total is not None
    await hose.turn(plant, "on")
    await hose.pass_time(seconds=3.4)
    assert hose.shown(plant, "water_total") == "0.102"
    await async_wait_recording_done(hass)
    do_adhoc_statistics(hass, start=NOON)
    await async_wait_recording_done(hass)

    manager = await async_get_manager(hass)
    no_costs = {"stat_cost": None, "entity_energy_price": None, "number_energy_price": None}
    await manager.async_update(
        {
            "energy_sources": [{"type": "water", "stat_energy_from": total, **no_costs}],
            "device_consumption_water": [{"stat_consumption": today}],
        }
    )
    said = (await async_validate(hass)).as_dict()
    assert (said["energy_sources"], said["device_consumption_water"]) == ([[]], [[]])

    sums = await get_instance(hass).async_add_executor_job(
        statistics_during_period, hass, NOON, None, {today, total}, "5minute", None, {"sum"}
    )
    assert {one: rows[0]["sum"] for one, rows in sums.items()} == {today: 0.102, total: 0.102}
