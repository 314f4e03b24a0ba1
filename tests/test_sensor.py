"""What a node measures, as Home Assistant shows it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import State
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import (
    async_fire_time_changed,
    mock_restore_cache_with_extra_data,
)

from custom_components.plant_vita.model.quantity import QUANTITIES
from custom_components.plant_vita.sensor import CHANNEL_SENSORS
from tests.nodes.fake_node import until
from tests.nodes.home import Home, home_fixture

home = home_fixture()

# kind: sent, shown, name, unit, device class, category
SHOWN: dict[str, tuple[float, str, str, str, str, str | None]] = {
    "m": (41.26, "41.3", "Soil moisture", "%", "moisture", None),
    "t": (21.456, "21.46", "Temperature", "°C", "temperature", None),
    "st": (-3.5, "-3.5", "Soil temperature", "°C", "temperature", None),
    "h": (100, "100.0", "Humidity", "%", "humidity", None),
    "lx": (12345.6, "12346.0", "Light", "lx", "illuminance", None),
    "ec": (1413, "1413.0", "Soil conductivity", "μS/cm", "conductivity", None),
    "p": (1013.25, "1013.2", "Air pressure", "hPa", "atmospheric_pressure", None),
    "bat": (87, "87.0", "Battery", "%", "battery", "diagnostic"),
    "v": (3.3129, "3.313", "Supply voltage", "V", "voltage", "diagnostic"),
    "rssi": (-61, "-61.0", "Signal", "dBm", "signal_strength", "diagnostic"),
}
CHANNELS = [[index, kind] for index, kind in enumerate(SHOWN)]
ASKED_FOR = ("8_v", "9_rssi", "started", "last_seen")


def test_every_quantity_is_here_with_its_own_unit() -> None:
    units = {wire: one.native_unit_of_measurement for wire, one in CHANNEL_SENSORS.items()}
    assert units == {quantity.wire: quantity.unit for quantity in QUANTITIES}
    assert set(SHOWN) == set(units)


async def test_every_quantity_becomes_the_right_sensor(home: Home) -> None:
    node = home.node(channels=CHANNELS)
    home.enable(node, "sensor", *ASKED_FOR)
    await home.add(node)
    await node.connect()
    await node.measures({index: SHOWN[kind][0] for index, kind in CHANNELS})
    registry = er.async_get(home.hass)
    for index, kind in CHANNELS:
        _, shown, name, unit, device_class, category = SHOWN[kind]
        await home.shows(node, "sensor", f"{index}_{kind}", shown)
        state = home.state(node, "sensor", f"{index}_{kind}")
        entity = registry.async_get(state.entity_id)
        assert entity is not None
        assert state.name == f"Kitchen {name}"
        assert state.attributes["unit_of_measurement"] == unit
        assert state.attributes["device_class"] == device_class
        assert state.attributes["state_class"] == "measurement"
        assert entity.entity_category == category


async def test_what_few_need_is_there_but_not_enabled(home: Home) -> None:
    node = home.node(channels=CHANNELS)
    await home.add(node)
    registry = er.async_get(home.hass)
    entry = home.coordinator(node).config_entry
    disabled = {
        entity.unique_id.removeprefix(f"{node.hardware_id}_")
        for entity in er.async_entries_for_config_entry(registry, entry.entry_id)
        if entity.disabled
    }
    # Only for a node that sleeps are these of use every day.
    assert disabled == {*ASKED_FOR, "waiting_commands", "cancel_waiting"}


@pytest.mark.parametrize("fault", ["open", "short", "range", "silent", "warm"])
async def test_a_fault_is_unknown_and_a_problem(home: Home, fault: str) -> None:
    node = home.node(channels=[[0, "m"], [1, "t", "Air"]])
    await home.add(node)
    await node.connect()
    await node.measures({0: 40, 1: 20})
    await home.shows(node, "binary_sensor", "problem", "off")
    await home.shows(node, "sensor", "1_t", "20.0")
    await node.measures({1: fault})
    await home.shows(node, "sensor", "1_t", "unknown")
    assert home.state(node, "sensor", "0_m").state == "40.0"
    problem = home.state(node, "binary_sensor", "problem")
    assert problem.state == "on"
    assert problem.attributes["faults"] == [{"input": "t", "label": "Air", "fault": fault}]
    await node.measures({1: 21})
    await home.shows(node, "binary_sensor", "problem", "off")
    await home.shows(node, "sensor", "1_t", "21.0")


def restored(home: Home, entity_id: str, native: dict[str, Any]) -> None:
    extra = {"native_value": native.get("value"), "native_unit_of_measurement": "%"}
    mock_restore_cache_with_extra_data(home.hass, ((State(entity_id, "37.5"), extra),))


async def test_the_last_value_is_shown_after_a_restart_until_the_node_speaks(home: Home) -> None:
    node = home.node(channels=[[0, "m"], [2, "pump"]])
    restored(home, "sensor.kitchen_soil_moisture", {"value": 37.5})
    await home.add(node)
    assert home.state(node, "sensor", "0_m").state == "37.5"
    assert home.state(node, "switch", "2_pump").state == "unknown"
    await node.connect()
    assert home.state(node, "sensor", "0_m").state == "37.5"
    await node.measures({0: 36})
    await home.shows(node, "sensor", "0_m", "36.0")


async def test_what_was_unknown_is_not_restored(home: Home) -> None:
    node = home.node()
    restored(home, "sensor.kitchen_soil_moisture", {"value": None})
    await home.add(node)
    assert home.state(node, "sensor", "0_m").state == "unknown"


async def test_values_outlive_a_reload(home: Home) -> None:
    node = home.node()
    entry = await home.add(node)
    await node.connect()
    await node.measures({0: 42})
    await home.shows(node, "sensor", "0_m", "42.0")
    assert await home.hass.config_entries.async_reload(entry.entry_id)
    assert home.state(node, "sensor", "0_m").state == "42.0"


async def test_moments_in_the_life_of_a_node_outlive_it(
    home: Home, freezer: FrozenDateTimeFactory
) -> None:
    freezer.move_to("2026-11-21 12:00:00+00:00")
    node = home.node(uptime_ms=3_600_000)
    home.enable(node, "sensor", "started", "last_seen")
    await home.add(node)
    assert home.state(node, "sensor", "last_seen").state == "unknown"
    await node.connect()
    started = home.state(node, "sensor", "started")
    assert datetime.fromisoformat(started.state) == datetime(2026, 11, 21, 11, tzinfo=UTC)
    assert started.name == "Kitchen Running since"
    seen = home.state(node, "sensor", "last_seen")
    assert datetime.fromisoformat(seen.state) == datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert seen.attributes["device_class"] == "timestamp"
    await node.hang_up()
    await until(lambda: home.coordinator(node).session is None)
    freezer.tick(timedelta(minutes=5))
    async_fire_time_changed(home.hass)
    await home.hass.async_block_till_done()
    assert home.state(node, "sensor", "0_m").state == "unavailable"
    assert home.state(node, "sensor", "last_seen").state == seen.state
