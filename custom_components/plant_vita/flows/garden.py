"""The step that makes the garden, and leads on to its first plant."""

from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigFlow,
    ConfigFlowResult,
    FlowType,
    SubentryFlowContext,
)
from homeassistant.helpers.translation import async_get_translations

from ..const import CONF_KIND, DOMAIN, EntryKind
from ..plants.definition import SUBENTRY_PLANT
from ..plants.entry import is_garden

# There is one garden in a house; what stands where is said by areas. A node's hardware id, which is
# the unique id of its entry, has no colon: no node can pass for the garden.
GARDEN_ID = "kind:garden"


class GardenSteps(ConfigFlow):
    """The part of the config flow that is about plants."""

    async def async_step_garden(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Make the garden if there is none; plants are added to it."""
        if await self.async_set_unique_id(GARDEN_ID, raise_on_progress=False):
            return self.async_abort(reason="garden_exists")
        texts = await async_get_translations(
            self.hass, self.hass.config.language, "selector", [DOMAIN]
        )
        title = texts.get(f"component.{DOMAIN}.selector.garden.options.title", DOMAIN)
        return self.async_create_entry(title=title, data={CONF_KIND: EntryKind.GARDEN})

    @override
    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        if not is_garden(entry := result["result"]):
            return result
        first = await self.hass.config_entries.subentries.async_init(
            (entry.entry_id, SUBENTRY_PLANT), context=SubentryFlowContext(source=SOURCE_USER)
        )
        result["next_flow"] = (FlowType.CONFIG_SUBENTRIES_FLOW, first["flow_id"])
        return result
