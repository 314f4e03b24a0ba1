"""Mending what only a person can mend: a pump whose water never reached the soil."""

from typing import Any

import voluptuous as vol
from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .watering.waterworks import async_get_works


class UnlockFlow(RepairsFlow):
    """Asks a person to look at the pump, and then lets it water again (W14)."""

    def __init__(self, pump_id: str) -> None:
        """Ask about this pump."""
        super().__init__()
        self._pump_id = pump_id

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Say what is the matter."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Unlock the pump once a person says that it is mended."""
        if user_input is not None:
            (await async_get_works(self.hass)).async_unlock(self._pump_id)
            return self.async_create_entry(data={})
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        return self.async_show_form(
            step_id="confirm",
            data_schema=vol.Schema({}),
            description_placeholders=issue.translation_placeholders if issue else None,
        )


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """The flow of an issue that can be mended from here: a locked pump is the only one."""
    return UnlockFlow(str((data or {}).get("pump_id", "")))
