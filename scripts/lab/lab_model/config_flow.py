"""Adding the model asks nothing."""

from typing import Any, override

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult

from . import DOMAIN


class LabModelFlow(ConfigFlow, domain=DOMAIN):
    """One step."""

    @override
    async def async_step_user(self, _: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Add it."""
        return self.async_create_entry(title="Lab model", data={})
