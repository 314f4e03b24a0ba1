"""How nodes, and later gardens and providers, come into Home Assistant."""

from typing import Any, override

from homeassistant.config_entries import ConfigEntry, ConfigFlowResult, OptionsFlow
from homeassistant.core import callback

from .const import DOMAIN
from .flows.pairing import NodePairingSteps
from .flows.reporting import ReportingOptionsFlow


class PlantVitaConfigFlow(NodePairingSteps, domain=DOMAIN):
    """The config flow; its steps are in `flows/`."""

    VERSION = 1
    MINOR_VERSION = 1

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Begin by hand: bring in a node."""
        return await self.async_step_node()

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """The options of a node."""
        return ReportingOptionsFlow()
