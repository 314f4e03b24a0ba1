"""Names, ids and availability that all entities of a node have in common."""

from datetime import timedelta

import pytest
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from tests.nodes.fake_node import until
from tests.nodes.home import Home, home_fixture

home = home_fixture()


async def test_siblings_have_their_label_or_their_number(home: Home) -> None:
    node = home.node(
        channels=[[0, "m", "Basil"], [1, "m"], [7, "m"], [2, "t"], [3, "pump"], [4, "pump"]]
    )
    await home.add(node)
    names = {
        (platform, tail): home.state(node, platform, tail).name
        for platform, tail in [
            ("sensor", "0_m"),
            ("sensor", "1_m"),
            ("sensor", "7_m"),
            ("sensor", "2_t"),
            ("switch", "3_pump"),
            ("number", "4_pump_pulse"),
            ("button", "0_m_calibrate_dry"),
            ("button", "1_m_calibrate_wet"),
        ]
    }
    assert names == {
        ("sensor", "0_m"): "Kitchen Soil moisture Basil",
        ("sensor", "1_m"): "Kitchen Soil moisture 2",
        ("sensor", "7_m"): "Kitchen Soil moisture 3",
        ("sensor", "2_t"): "Kitchen Temperature",
        ("switch", "3_pump"): "Kitchen Pump 1",
        ("number", "4_pump_pulse"): "Kitchen Pump run time 2",
        ("button", "0_m_calibrate_dry"): "Kitchen Calibrate dry Basil",
        ("button", "1_m_calibrate_wet"): "Kitchen Calibrate wet 2",
    }


async def test_siblings_that_come_one_after_the_other(home: Home) -> None:
    node = home.node(channels=[[1, "pump"]])
    await home.add(node)
    await node.connect()
    for index in (2, 3):
        node.channels = [*node.channels, [index, "pump"]]
        await node.hello()
        await until(lambda index=index: home.entity_id(node, "switch", f"{index}_pump"))
        await home.hass.async_block_till_done()
        await node.connect()

    def names() -> list[str]:
        return [home.state(node, "switch", f"{index}_pump").name for index in (1, 2, 3)]

    await until(lambda: names() == [f"Kitchen Pump {number}" for number in (1, 2, 3)])


async def test_one_device_with_everything(home: Home) -> None:
    node = home.node(channels=[[0, "m"], [1, "tank"], [2, "pump"], [3, "light"]])
    entry = await home.add(node)
    entities = er.async_entries_for_config_entry(er.async_get(home.hass), entry.entry_id)
    assert len({entity.device_id for entity in entities}) == 1
    assert sorted(entity.unique_id.removeprefix("a4cf12000001_") for entity in entities) == [
        "0_m",
        "0_m_calibrate_dry",
        "0_m_calibrate_wet",
        "1_tank",
        "2_pump",
        "2_pump_pulse",
        "3_light",
        "3_light_level",
        "cancel_waiting",
        "identify",
        "last_seen",
        "problem",
        "restart",
        "started",
        "waiting_commands",
    ]


async def test_a_kind_of_newer_firmware_is_left_alone(home: Home) -> None:
    node = home.node(channels=[[0, "m"], [1, "co2"]])
    await home.add(node)
    await node.connect()
    await node.measures({0: 4, 1: 415})
    await home.shows(node, "sensor", "0_m", "4.0")
    assert home.entity_id(node, "sensor", "1_co2") is None


@pytest.mark.parametrize(
    ("platform", "tail"),
    [
        ("sensor", "0_m"),
        ("binary_sensor", "problem"),
        ("switch", "2_pump"),
        ("number", "2_pump_pulse"),
        ("button", "restart"),
        ("button", "0_m_calibrate_dry"),
    ],
)
async def test_everything_goes_and_returns_with_the_node(
    home: Home, platform: str, tail: str
) -> None:
    node = home.node(channels=[[0, "m"], [2, "pump"]])
    await home.add(node)
    assert home.state(node, platform, tail).state != "unavailable"
    async_fire_time_changed(home.hass, dt_util.utcnow() + timedelta(seconds=61))
    await home.hass.async_block_till_done()
    assert home.state(node, platform, tail).state == "unavailable"
    await node.connect()
    await until(lambda: home.state(node, platform, tail).state != "unavailable")
