"""How nodes and plants, and later providers, come into Home Assistant."""

from typing import Any, override

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigFlowResult,
    ConfigSubentryFlow,
    OptionsFlow,
)
from homeassistant.core import callback

from .const import DOMAIN
from .flows.cable import CableSteps
from .flows.garden import GardenSteps
from .flows.garden_options import GardenOptionsFlow
from .flows.plant import PlantSubentryFlow
from .flows.wiring import NodeOptionsFlow
from .plants.definition import SUBENTRY_PLANT
from .plants.entry import is_garden


class PlantVitaConfigFlow(GardenSteps, CableSteps, domain=DOMAIN):
    """The config flow; its steps are in `flows/`."""

    VERSION = 1
    MINOR_VERSION = 1

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Begin by hand: bring in a node, or plants."""
        return self.async_show_menu(step_id="user", menu_options=["node", "cable", "garden"])

    @override
    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        if is_garden(self._get_reconfigure_entry()):
            return self.async_abort(reason="nothing_to_set")
        return await super().async_step_reconfigure(user_input)

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Plants belong to the garden."""
        return {SUBENTRY_PLANT: PlantSubentryFlow} if is_garden(config_entry) else {}

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """The options of the garden, or of a node."""
        return GardenOptionsFlow() if is_garden(config_entry) else NodeOptionsFlow()
