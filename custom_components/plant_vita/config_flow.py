"""How nodes, and later gardens and providers, come into Home Assistant."""

from typing import Any, override

from homeassistant.config_entries import ConfigEntry, ConfigFlowResult, OptionsFlow
from homeassistant.core import callback

from .const import DOMAIN
from .flows.cable import CableSteps
from .flows.wiring import NodeOptionsFlow


class PlantVitaConfigFlow(CableSteps, domain=DOMAIN):
    """The config flow; its steps are in `flows/`."""

    VERSION = 1
    MINOR_VERSION = 1

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Begin by hand: bring in a node."""
        return self.async_show_menu(step_id="user", menu_options=["node", "cable"])

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """The options of a node."""
        return NodeOptionsFlow()
