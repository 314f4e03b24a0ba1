"""Plants that another integration keeps: their sensors and limits can be taken over.

Both are called `plant`: the one in Home Assistant, set up in YAML, and the custom one of the same
name (homeassistant-plant), set up by entries. Nothing of theirs is changed or removed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    CONF_NAME,
    CONF_SENSORS,
    Platform,
    UnitOfTemperature,
)
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.reload import async_integration_yaml_config
from homeassistant.util.unit_conversion import TemperatureConverter

from ..model.species import Measure
from ..species.thresholds import Edge, ThresholdError, checked
from .definition import CONF_LIMITS, CONF_SPECIES, SUBENTRY_PLANT, Input

THEIRS: Final = "plant"
# What they call our inputs, first in YAML, then in their entries.
_READINGS: Final = {
    Input.MOISTURE: ("moisture", "moisture"),
    Input.LIGHT: ("brightness", "illuminance"),
    Input.TEMPERATURE: ("temperature", "temperature"),
    Input.HUMIDITY: ("humidity", "humidity"),
    Input.CONDUCTIVITY: ("conductivity", "conductivity"),
}
# Their limits are where they raise an alarm. A limit in lux is none of a day's light.
_EDGES: Final = {"min": Edge.MINIMUM, "max": Edge.MAXIMUM}


@dataclass(frozen=True, kw_only=True, slots=True)
class Foreign:
    """One of their plants; `key` is the same as long as it is theirs."""

    key: str
    name: str
    species: str
    inputs: Mapping[Input, str]
    limits: Mapping[str, float]

    def subentry(self, hass: HomeAssistant, sure: str | None) -> ConfigSubentry:
        """A plant of ours with all that is known of theirs; `sure` is its species of ours."""
        registry = er.async_get(hass)

        def reference(entity_id: str) -> str:
            known = registry.async_get(entity_id)
            return known.id if known else entity_id

        data: dict[str, Any] = {one: [reference(ref)] for one, ref in self.inputs.items()}
        if self.species:
            data[CONF_SPECIES] = sure or self.species
        if self.limits:
            data[CONF_LIMITS] = dict(self.limits)
        return ConfigSubentry(
            data=MappingProxyType(data),
            subentry_type=SUBENTRY_PLANT,
            title=self.name,
            unique_id=self.key,
        )


async def async_foreign(hass: HomeAssistant, garden: ConfigEntry[Any]) -> list[Foreign]:
    """All plants of theirs that are not in the garden yet."""
    ours = {subentry.unique_id for subentry in garden.subentries.values()}
    found = [
        *(_of_entry(hass, entry) for entry in hass.config_entries.async_entries(THEIRS)),
        *await _async_of_yaml(hass),
    ]
    return [one for one in found if one.key not in ours]


async def _async_of_yaml(hass: HomeAssistant) -> list[Foreign]:
    if THEIRS not in hass.config.components or hass.config_entries.async_entries(THEIRS):
        return []
    try:
        config = await async_integration_yaml_config(hass, THEIRS)
    except HomeAssistantError, FileNotFoundError:
        return []
    return [
        Foreign(
            key=f"{THEIRS}:{name}",
            name=name,
            species="",
            inputs={
                one: plant[CONF_SENSORS][reading]
                for one, (reading, _) in _READINGS.items()
                if reading in plant[CONF_SENSORS]
            },
            limits=_possible(
                {
                    f"{measure}_{edge}": float(plant[f"{end}_{measure}"])
                    for measure in Measure
                    for end, edge in _EDGES.items()
                    if f"{end}_{measure}" in plant
                }
            ),
        )
        for name, plant in (config or {}).get(THEIRS, {}).items()
    ]


def _of_entry(hass: HomeAssistant, entry: ConfigEntry[Any]) -> Foreign:
    info = entry.data.get("plant_info", {})
    inputs = {
        one: sensor
        for one, (_, reading) in _READINGS.items()
        if (sensor := _sensor(hass, entry, info, reading))
    }
    return Foreign(
        key=f"{THEIRS}:{entry.entry_id}",
        name=str(info.get(CONF_NAME) or entry.title),
        species=str(info.get("species") or info.get("plant_species") or ""),
        inputs=inputs,
        limits=_possible(dict(_limits(hass, entry, info))),
    )


def _sensor(
    hass: HomeAssistant, entry: ConfigEntry[Any], info: Mapping[str, Any], reading: str
) -> str | None:
    """What a plant of theirs measures with: it may have been replaced since it was set up."""
    shown = _state(hass, Platform.SENSOR, f"{entry.entry_id}-current-{reading}")
    sensor = shown.attributes.get("external_sensor") if shown else None
    return sensor or info.get(f"{reading}_sensor") or None


def _limits(
    hass: HomeAssistant, entry: ConfigEntry[Any], info: Mapping[str, Any]
) -> Iterator[tuple[str, float]]:
    for measure in Measure:
        for end, edge in _EDGES.items():
            shown = _state(hass, Platform.NUMBER, f"{entry.entry_id}-{end}-{measure}")
            said = shown.state if shown else info.get("limits", {}).get(f"{end}_{measure}")
            try:
                value = float(said)
            except TypeError, ValueError:
                continue
            # What was set in the beginning is in the unit of the house at that time.
            units = shown.attributes if shown else info
            unit = units.get(ATTR_UNIT_OF_MEASUREMENT if shown else "limits_temperature_unit")
            if measure is Measure.TEMPERATURE and unit == UnitOfTemperature.FAHRENHEIT:
                value = TemperatureConverter.convert(value, unit, UnitOfTemperature.CELSIUS)
            yield f"{measure}_{edge}", round(value, 1)


def _state(hass: HomeAssistant, platform: Platform, unique_id: str) -> State | None:
    entity_id = er.async_get(hass).async_get_entity_id(platform, THEIRS, unique_id)
    return hass.states.get(entity_id) if entity_id else None


def _possible(limits: Mapping[str, float]) -> Mapping[str, float]:
    """Without the measures whose limits cannot hold."""
    kept: dict[str, float] = {}
    for measure in Measure:
        own = {key: value for key, value in limits.items() if key.startswith(f"{measure}_")}
        try:
            kept |= checked(own)
        except ThresholdError:
            continue
    return kept
