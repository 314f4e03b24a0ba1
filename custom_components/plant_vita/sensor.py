"""What a node measures, and how it fares."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import (
    RestoreSensor,
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    LIGHT_LUX,
    SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
    EntityCategory,
    Platform,
    UnitOfConductivity,
    UnitOfElectricPotential,
    UnitOfPressure,
    UnitOfRatio,
    UnitOfTemperature,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .coordinator import NodeCoordinator, PlantVitaConfigEntry
from .entity import ChannelEntity, NodeEntity, async_add_channels
from .model.node import Channel, Fault, NodeState, Reading
from .model.quantity import BY_WIRE
from .photos.entry import is_provider
from .plants.entry import async_add_plants, is_garden

# The node pushes; nothing is fetched.
PARALLEL_UPDATES = 0


def _measured(
    wire: str,
    device_class: SensorDeviceClass,
    unit: str,
    *,
    category: EntityCategory | None = None,
    enabled: bool = True,
) -> SensorEntityDescription:
    quantity = BY_WIRE[wire]
    return SensorEntityDescription(
        key=quantity.key,
        translation_key=quantity.key,
        device_class=device_class,
        native_unit_of_measurement=unit,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=min(quantity.decimals, 1),
        entity_category=category,
        entity_registry_enabled_default=enabled,
    )


_DIAGNOSTIC = EntityCategory.DIAGNOSTIC

CHANNEL_SENSORS = {
    "m": _measured("m", SensorDeviceClass.MOISTURE, UnitOfRatio.PERCENTAGE),
    "t": _measured("t", SensorDeviceClass.TEMPERATURE, UnitOfTemperature.CELSIUS),
    "st": _measured("st", SensorDeviceClass.TEMPERATURE, UnitOfTemperature.CELSIUS),
    "h": _measured("h", SensorDeviceClass.HUMIDITY, UnitOfRatio.PERCENTAGE),
    "lx": _measured("lx", SensorDeviceClass.ILLUMINANCE, LIGHT_LUX),
    "ec": _measured("ec", SensorDeviceClass.CONDUCTIVITY, UnitOfConductivity.MICROSIEMENS_PER_CM),
    "p": _measured("p", SensorDeviceClass.ATMOSPHERIC_PRESSURE, UnitOfPressure.HPA),
    "bat": _measured(
        "bat", SensorDeviceClass.BATTERY, UnitOfRatio.PERCENTAGE, category=_DIAGNOSTIC
    ),
    "v": _measured(
        "v",
        SensorDeviceClass.VOLTAGE,
        UnitOfElectricPotential.VOLT,
        category=_DIAGNOSTIC,
        enabled=False,
    ),
    "rssi": _measured(
        "rssi",
        SensorDeviceClass.SIGNAL_STRENGTH,
        SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
        category=_DIAGNOSTIC,
        enabled=False,
    ),
}


@dataclass(frozen=True, kw_only=True)
class NodeSensorEntityDescription(SensorEntityDescription):
    """A moment in the life of a node; `value_fn` gives Unix time in seconds."""

    value_fn: Callable[[NodeState], float | None]


NODE_SENSORS = (
    NodeSensorEntityDescription(
        key="started",
        translation_key="started",
        device_class=SensorDeviceClass.UPTIME,
        entity_category=_DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda state: state.started_at,
    ),
    NodeSensorEntityDescription(
        key="last_seen",
        translation_key="last_seen",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=_DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda state: state.last_seen,
    ),
)


QUEUE = SensorEntityDescription(
    key="waiting_commands",
    translation_key="waiting_commands",
    state_class=SensorStateClass.MEASUREMENT,
    entity_category=_DIAGNOSTIC,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: PlantVitaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Make the sensors of the plants, of an account, or of one node."""
    if is_provider(entry):
        from .photos.sensor import async_add_account  # noqa: PLC0415 - imported with the entry

        async_add_account(entry, async_add_entities)
        return
    if is_garden(entry):
        async_add_plants(entry, async_add_entities, Platform.SENSOR)
        return
    coordinator = entry.runtime_data.coordinator
    async_add_entities(NodeSensor(coordinator, description) for description in NODE_SENSORS)
    async_add_entities([QueueSensor(coordinator, QUEUE)])
    async_add_channels(entry, async_add_entities, _channel_sensors)


def _channel_sensors(coordinator: NodeCoordinator, channel: Channel) -> Iterable[ChannelSensor]:
    if description := CHANNEL_SENSORS.get(channel.kind):
        yield ChannelSensor(coordinator, description, channel)


class ChannelSensor(ChannelEntity, RestoreSensor):
    """One measured quantity; unknown while the probe has a fault."""

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        state, last = await self.async_get_last_state(), await self.async_get_last_sensor_data()
        if state and last and isinstance(last.native_value, int | float):
            reading = Reading(float(last.native_value), state.last_updated_timestamp)
            self.coordinator.async_restore(self.channel.index, reading)

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        # What came in one report happened together. Only here: the logbook leaves out what is
        # measured all the time, and would say of anything else that its neighbour had caused it.
        if (report := self.coordinator.report) is not None:
            self.async_set_context(report)
        self.async_write_ha_state()

    @property
    @override
    def extra_state_attributes(self) -> dict[str, str]:
        """Why it shows nothing, for whoever judges by it."""
        reading = self.coordinator.data.readings.get(self._index)
        return {"fault": reading[0]} if reading and isinstance(reading[0], Fault) else {}

    @property
    @override
    def native_value(self) -> float | None:
        reading = self.coordinator.data.readings.get(self._index)
        # A fault is a word.
        return reading[0] if reading and isinstance(reading[0], float) else None


class NodeSensor(NodeEntity, SensorEntity):
    """A moment in the life of a node; known also while the node is away."""

    entity_description: NodeSensorEntityDescription

    @property
    @override
    def available(self) -> bool:
        return True

    @property
    @override
    def native_value(self) -> datetime | None:
        moment = self.entity_description.value_fn(self.coordinator.data)
        return None if moment is None else dt_util.utc_from_timestamp(moment)


class QueueSensor(NodeEntity, SensorEntity):
    """How many commands wait for the node to come, which, and how the last one ended."""

    _unrecorded_attributes = frozenset({"waiting"})

    def __init__(self, coordinator: NodeCoordinator, description: SensorEntityDescription) -> None:
        """Only nodes that sleep have commands waiting for long."""
        super().__init__(coordinator, description)
        self._attr_entity_registry_enabled_default = coordinator.info.sleeps

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.queue.listen(self.async_write_ha_state))

    @property
    @override
    def available(self) -> bool:
        return True

    @property
    @override
    def native_value(self) -> int:
        return len(self.coordinator.queue.waiting)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        queue = self.coordinator.queue
        command, result = queue.last or (None, None)
        return {
            "waiting": [
                {
                    "command": one.command.name,
                    "channel": one.command.channel,
                    "until": dt_util.utc_from_timestamp(one.until),
                }
                for one in queue.waiting
            ],
            "last_command": command,
            "last_result": result,
        }
