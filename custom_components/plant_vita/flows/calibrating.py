"""The steps about a plant's pump: what it must be told, and how much it gives."""

from abc import abstractmethod
from typing import Any, Final, override

import voluptuous as vol
from homeassistant.config_entries import SOURCE_RECONFIGURE, SubentryFlowResult
from homeassistant.const import Platform, UnitOfVolume
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)

from ..model.watering import Source
from ..plants.definition import CONF_PUMP
from ..watering import wishes
from ..watering.asking import raise_refusal
from ..watering.bindings import pump_of
from ..watering.waterworks import async_get_works
from ..watering.wishes import CONF_AI_WATER, CONF_TANK
from .scaling import ScaleSteps

CONF_CALIBRATE: Final = "calibrate"
CONF_MEASURED: Final = "measured"
# Long enough to be measured in a kitchen cup, short enough for a small one.
RUN_S: Final = 5.0

_PUMP = vol.Schema(
    {
        vol.Optional(CONF_TANK): EntitySelector(
            EntitySelectorConfig(filter={"domain": [Platform.BINARY_SENSOR]})
        ),
        vol.Optional(CONF_AI_WATER, default=False): BooleanSelector(),
        vol.Optional(CONF_CALIBRATE, default=False): BooleanSelector(),
    }
)
_MEASURED = vol.Schema(
    {
        vol.Required(CONF_MEASURED): NumberSelector(
            NumberSelectorConfig(
                min=1,
                max=wishes.RATES[1] * RUN_S,
                step=1,
                mode=NumberSelectorMode.BOX,
                unit_of_measurement=UnitOfVolume.MILLILITERS,
            )
        )
    }
)


class PumpSteps(ScaleSteps):
    """The part of a plant's forms that is about its pump; once the plant is there."""

    _pump_id = ""

    @abstractmethod
    def _save(self) -> SubentryFlowResult:
        """Keep the plant."""

    @override
    def _finish(self) -> SubentryFlowResult:
        pump = pump_of(self.hass, self._plant.get(CONF_PUMP))
        if self.source != SOURCE_RECONFIGURE or pump is None:
            return self._save()
        self._pump_id = pump.pump_id
        return self._ask_about_pump()

    def _ask_about_pump(self) -> SubentryFlowResult:
        registry = er.async_get(self.hass)
        tank = er.async_resolve_entity_id(registry, self._plant.get(CONF_TANK) or "")
        known = {CONF_AI_WATER: self._plant.get(CONF_AI_WATER, False)}
        return self.async_show_form(
            step_id="pump",
            data_schema=self.add_suggested_values_to_schema(
                _PUMP, {**known, CONF_TANK: tank} if tank else known
            ),
        )

    async def async_step_pump(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the contact of its tank, who may use it, and whether to measure it now."""
        assert user_input is not None  # noqa: S101 - `_finish` has shown the form
        for name in (CONF_TANK, CONF_AI_WATER):
            self._plant.pop(name, None)
        if tank := user_input.get(CONF_TANK):
            known = er.async_get(self.hass).async_get(tank)
            self._plant[CONF_TANK] = known.id if known else tank
        if user_input.get(CONF_AI_WATER):
            self._plant[CONF_AI_WATER] = True
        return await self.async_step_cup() if user_input.get(CONF_CALIBRATE) else self._save()

    async def async_step_cup(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Have a measuring cup put under the hose, and run the pump."""
        errors, reason = {}, ""
        if user_input is not None:
            try:
                await self._async_run()
            except HomeAssistantError as error:
                errors, reason = {"base": "pump_refused"}, str(error)
            else:
                return await self.async_step_measured()
        return self.async_show_form(
            step_id="cup",
            data_schema=vol.Schema({}),
            errors=errors,
            description_placeholders={"seconds": f"{RUN_S:g}", "reason": reason},
        )

    async def _async_run(self) -> None:
        works = await async_get_works(self.hass)
        demand, result = await works.async_ask(self._pump_id, Source.MANUAL, ms=round(RUN_S * 1000))
        raise_refusal(result, demand.asked_at)

    async def async_step_measured(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask what was in the cup when the pump had stopped."""
        if user_input is None:
            return self.async_show_form(step_id="measured", data_schema=_MEASURED)
        rate = round(user_input[CONF_MEASURED] / RUN_S, 3)
        wishes.async_set_rate(self.hass, self._get_entry(), self._pump_id, rate)
        # What went into a cup did not reach the soil, and that was right this time.
        (await async_get_works(self.hass)).async_unlock(self._pump_id)
        return self._save()
