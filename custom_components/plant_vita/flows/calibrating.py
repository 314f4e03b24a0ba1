"""The steps about a plant's pump: what it must be told, and how much it gives.

A pump that was only just chosen waters no plant yet; it is borrowed for as long as it is measured.
"""

from abc import abstractmethod
from typing import Any, Final, override

import voluptuous as vol
from homeassistant.config_entries import SubentryFlowResult
from homeassistant.const import Platform, UnitOfVolume
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)

from ..model.watering import Finished, Source
from ..plants.definition import CONF_PUMP
from ..watering import wishes
from ..watering.asking import raise_refusal
from ..watering.bindings import PumpReference, pump_of
from ..watering.waterworks import DATA_WORKS, async_get_works
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
    """The part of a plant's forms that is about its pump."""

    _pump: PumpReference | None = None
    _demand_id = ""

    @abstractmethod
    def _save(self) -> SubentryFlowResult:
        """Keep the plant."""

    @override
    def _finish(self) -> SubentryFlowResult:
        pump = pump_of(self.hass, self._plant.get(CONF_PUMP))
        if pump is None:
            return self._save()
        self._pump = pump
        return self._ask_about_pump()

    def _ask_about_pump(self) -> SubentryFlowResult:
        tank = wishes.async_entity(self.hass, self._plant.get(CONF_TANK))
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
            self._plant[CONF_TANK] = wishes.reference(self.hass, tank)
        if user_input.get(CONF_AI_WATER):
            self._plant[CONF_AI_WATER] = True
        return await self.async_step_cup() if user_input.get(CONF_CALIBRATE) else self._save()

    async def async_step_cup(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Have a measuring cup put under the hose, and run the pump."""
        if user_input is None:
            return self._ask_for_cup()
        try:
            await self._async_run()
        except HomeAssistantError as error:
            return self._ask_for_cup("pump_refused", str(error))
        return await self.async_step_measured()

    def _ask_for_cup(self, error: str | None = None, reason: str = "") -> SubentryFlowResult:
        return self.async_show_form(
            step_id="cup",
            data_schema=vol.Schema({}),
            errors={"base": error} if error else {},
            description_placeholders={"seconds": f"{RUN_S:g}", "reason": reason},
        )

    async def _async_run(self) -> None:
        assert self._pump is not None  # noqa: S101 - `_finish` has found it
        works = await async_get_works(self.hass)
        await works.async_borrow(self._pump)
        # What goes into a cup is meant for no plant, and counts for all of them all the same.
        demand, result = await works.async_ask(
            self._pump.pump_id, Source.MANUAL, plant_ids=(), ms=round(RUN_S * 1000)
        )
        self._demand_id = demand.demand_id
        raise_refusal(result, demand.asked_at)

    async def async_step_measured(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask what was in the cup when the pump had stopped."""
        if user_input is None:
            return self._ask_what_came()
        assert self._pump is not None  # noqa: S101 - `_finish` has found it
        works, pump_id = await async_get_works(self.hass), self._pump.pump_id
        came = works.outlets[pump_id].results.get(self._demand_id)
        if not isinstance(came, Finished):
            return self._ask_what_came("pump_runs")
        if came.why is not None or not came.sure:
            # A pump that is thought to be weaker than it is gives too much.
            return self._ask_for_cup("pump_cut_short")
        rate = round(user_input[CONF_MEASURED] / (came.ms / 1000), 3)
        wishes.async_set_rate(self.hass, self._get_entry(), pump_id, rate)
        # What went into a cup did not reach the soil, and that was right this time.
        works.async_unlock(pump_id)
        return self._save()

    def _ask_what_came(self, error: str | None = None) -> SubentryFlowResult:
        return self.async_show_form(
            step_id="measured",
            data_schema=_MEASURED,
            errors={"base": error} if error else {},
        )

    @override
    @callback
    def async_remove(self) -> None:
        """The dialog is over, or was left: the pump is the plants' alone again."""
        if self._demand_id and self._pump is not None:
            works = self.hass.data[DATA_WORKS]
            self.hass.async_create_task(works.async_give_back(self._pump.pump_id))
