"""The options of the garden: what holds for all plants that are cared for by themselves."""

from typing import Any

import voluptuous as vol
from homeassistant.components.binary_sensor import BinarySensorDeviceClass
from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.const import Platform
from homeassistant.helpers.selector import (
    BooleanSelector,
    DateSelector,
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TimeSelector,
)
from homeassistant.util import dt as dt_util

from ..lighting.wishes import CONF_LIGHT_FROM, CONF_LIGHT_TO, CONF_PRICE
from ..photos.retention import CONF_PHOTOS_DAYS, CONF_PHOTOS_FORGET, CONF_PHOTOS_KEPT, MOST
from ..watering.wishes import (
    CONF_HOLIDAY_FROM,
    CONF_HOLIDAY_UNTIL,
    CONF_LEAK_SENSORS,
    CONF_QUIET_FROM,
    CONF_QUIET_TO,
    CONF_WATER_AT,
    CONF_WEATHER,
    async_entity,
    reference,
)

# Both ends of some hours of the day, and what is said where one of them is missing.
_HOURS = (
    (CONF_QUIET_FROM, CONF_QUIET_TO, "quiet_half"),
    (CONF_LIGHT_FROM, CONF_LIGHT_TO, "light_half"),
)
_PLAIN = (
    CONF_WATER_AT,
    CONF_QUIET_FROM,
    CONF_QUIET_TO,
    CONF_HOLIDAY_FROM,
    CONF_HOLIDAY_UNTIL,
    CONF_LIGHT_FROM,
    CONF_LIGHT_TO,
)
_ENTITIES = (CONF_WEATHER, CONF_PRICE)
_COUNTS = (CONF_PHOTOS_KEPT, CONF_PHOTOS_DAYS)
_DAYS_MAX = 3650


class GardenOptionsFlow(OptionsFlow):
    """Whatever is left empty is as it was before anybody set it; all of it holds at once."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """A name of its own: what is said of a step is said for nodes, too."""
        return await self.async_step_garden(user_input)

    async def async_step_garden(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for everything."""
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = _faults(user_input)
            if not errors:
                return self.async_create_entry(data=self._options(user_input))
        return self.async_show_form(
            step_id="garden",
            data_schema=self.add_suggested_values_to_schema(
                _form(), self._present() if user_input is None else user_input
            ),
            errors=errors,
        )

    def _options(self, said: dict[str, Any]) -> dict[str, Any]:
        """What is kept; what a pump gives may have been measured while this was open."""
        ours = {*_PLAIN, *_COUNTS, *_ENTITIES, CONF_PHOTOS_FORGET, CONF_LEAK_SENSORS}
        kept = {key: value for key, value in self.config_entry.options.items() if key not in ours}
        kept |= {key: said[key] for key in _PLAIN if said.get(key)}
        kept |= {key: int(said[key]) for key in _COUNTS if said.get(key) is not None}
        if said.get(CONF_PHOTOS_FORGET):
            kept[CONF_PHOTOS_FORGET] = True
        kept |= {key: reference(self.hass, said[key]) for key in _ENTITIES if said.get(key)}
        if sensors := said.get(CONF_LEAK_SENSORS):
            kept[CONF_LEAK_SENSORS] = [reference(self.hass, one) for one in sensors]
        return kept

    def _present(self) -> dict[str, Any]:
        """What is set now, by present names; a holiday that is over is not."""
        options = self.config_entry.options
        present = {key: options.get(key) for key in (*_PLAIN, *_COUNTS, CONF_PHOTOS_FORGET)}
        if (options.get(CONF_HOLIDAY_UNTIL) or "") < _today():
            present[CONF_HOLIDAY_FROM] = present[CONF_HOLIDAY_UNTIL] = None
        found = [async_entity(self.hass, one) for one in options.get(CONF_LEAK_SENSORS) or ()]
        return {
            **present,
            **{key: async_entity(self.hass, options.get(key)) for key in _ENTITIES},
            CONF_LEAK_SENSORS: [one for one in found if one],
        }


def _today() -> str:
    return dt_util.now().date().isoformat()


def _faults(said: dict[str, Any]) -> dict[str, str]:
    """What makes no sense; dates are compared as they are written, year first."""
    faults: dict[str, str] = {}
    for start, end, half in _HOURS:
        for one, other in ((start, end), (end, start)):
            if said.get(one) and not said.get(other):
                faults[other] = half
    first, last = said.get(CONF_HOLIDAY_FROM), said.get(CONF_HOLIDAY_UNTIL)
    if first and not last:
        faults[CONF_HOLIDAY_UNTIL] = "holiday_endless"
    elif last and last < _today():
        faults[CONF_HOLIDAY_UNTIL] = "holiday_past"
    elif first and last and last < first:
        faults[CONF_HOLIDAY_UNTIL] = "holiday_order"
    return faults


def _count(least: int, most: int) -> NumberSelector:
    return NumberSelector(
        NumberSelectorConfig(min=least, max=most, step=1, mode=NumberSelectorMode.BOX)
    )


def _form() -> vol.Schema:
    leaks = EntitySelectorConfig(
        filter={
            "domain": Platform.BINARY_SENSOR,
            "device_class": BinarySensorDeviceClass.MOISTURE,
        },
        multiple=True,
    )
    return vol.Schema(
        {
            vol.Optional(CONF_WATER_AT): TimeSelector(),
            vol.Optional(CONF_QUIET_FROM): TimeSelector(),
            vol.Optional(CONF_QUIET_TO): TimeSelector(),
            vol.Optional(CONF_HOLIDAY_FROM): DateSelector(),
            vol.Optional(CONF_HOLIDAY_UNTIL): DateSelector(),
            vol.Optional(CONF_WEATHER): EntitySelector(
                EntitySelectorConfig(filter={"domain": Platform.WEATHER})
            ),
            vol.Optional(CONF_LEAK_SENSORS): EntitySelector(leaks),
            vol.Optional(CONF_LIGHT_FROM): TimeSelector(),
            vol.Optional(CONF_LIGHT_TO): TimeSelector(),
            vol.Optional(CONF_PRICE): EntitySelector(
                EntitySelectorConfig(filter={"domain": [Platform.SENSOR, Platform.EVENT]})
            ),
            # At least the newest one stays, or a photo would be gone once it was kept.
            vol.Optional(CONF_PHOTOS_KEPT): _count(1, MOST),
            vol.Optional(CONF_PHOTOS_DAYS): _count(0, _DAYS_MAX),
            vol.Optional(CONF_PHOTOS_FORGET): BooleanSelector(),
        }
    )
