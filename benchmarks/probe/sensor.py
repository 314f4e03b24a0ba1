"""Plain sensors that are told their value, with nothing around them: the ceiling."""

import asyncio
import time

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity, SensorStateClass
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .values import SENSORS, hardware_id  # type: ignore[import-not-found]


class PlainSensor(SensorEntity):
    """One of six sensors of one node."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    _attr_state_class = SensorStateClass.MEASUREMENT

    def __init__(self, node: str, device_class: str, unit: str) -> None:
        """As thin as an entity can be."""
        self._attr_unique_id = f"{node}_{device_class}"
        self._attr_device_class = SensorDeviceClass(device_class)
        self._attr_native_unit_of_measurement = unit
        self._attr_device_info = DeviceInfo(identifiers={("bench_probe", node)}, name=node)
        self._attr_native_value = None

    def set(self, value: float) -> None:
        """Take a value and write it."""
        self._attr_native_value = value
        self.async_write_ha_state()


class Sensors:
    """All nodes' sensors, and the loop that writes them."""

    def __init__(self, prefix: str, count: int) -> None:
        """`count` nodes of six sensors, their ids headed by `prefix`."""
        self.number = 0
        self.nodes = [
            [PlainSensor(prefix + hardware_id(index), sensor[0], sensor[1]) for sensor in SENSORS]
            for index in range(count)
        ]

    async def run(self, each: int) -> dict[str, float]:
        """Write `each` reports of every node; wall and CPU seconds of this process."""
        makers = [sensor[3] for sensor in SENSORS]
        wall, cpu = time.monotonic(), time.process_time()
        for _ in range(each):
            self.number += 1
            for sensors in self.nodes:
                for sensor, make in zip(sensors, makers, strict=True):
                    sensor.set(make(self.number))
            await asyncio.sleep(0)
        return {"seconds": time.monotonic() - wall, "cpu": time.process_time() - cpu}


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: ConfigEntry[list[Sensors]],
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add them all."""
    async_add_entities(
        sensor for group in entry.runtime_data for sensors in group.nodes for sensor in sensors
    )
