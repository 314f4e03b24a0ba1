"""A garden with pumps that can be talked to: by sentences, and by a model that calls tools."""

from typing import Any
from unittest.mock import patch

import pytest
from homeassistant.components import conversation
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import entity_registry as er, llm
from homeassistant.setup import async_setup_component

from custom_components.plant_vita.const import DOMAIN
from tests.watering.garden_hose import Hose, hose_fixture

__all__ = ["Talking", "hose", "talking_fixture"]

hose = hose_fixture()


class Talking:
    """Somebody who talks to a garden."""

    def __init__(self, hose: Hose) -> None:
        self.hose = hose
        self.hass = hose.hass

    async def grow(self, *plants: dict[str, Any]) -> list[str]:
        """Grow these plants; their ids."""
        await self.hose.grow(*plants)
        return list(self.hose.entry.subentries)

    async def pumps(self, *names: str) -> None:
        """Have these switches instead of the one there is."""
        config = {"input_boolean": dict.fromkeys(names)}
        with patch("homeassistant.config.load_yaml_config_file", return_value=config):
            await self.hass.services.async_call(
                "input_boolean", "reload", blocking=True, context=self.hose.person()
            )
        await self.hass.async_block_till_done()

    def expose(self, *, to: bool, plant_id: str | None = None) -> None:
        """Expose every entity of a plant or of the whole garden to Assist, or none."""
        registry = er.async_get(self.hass)
        for one in er.async_entries_for_config_entry(registry, self.hose.entry.entry_id):
            if plant_id is None or one.config_subentry_id == plant_id:
                async_expose_entity(self.hass, conversation.DOMAIN, one.entity_id, to)

    def message(self) -> Context:
        """The context of one more message of the same person."""
        return self.hose.person()

    async def api(
        self, context: Context | None = None, *, assistant: str = conversation.DOMAIN
    ) -> llm.APIInstance:
        """What a model is given for one message."""
        asked = llm.LLMContext(
            platform="test",
            context=context,
            language="en",
            assistant=assistant,
            device_id=None,
        )
        return await llm.async_get_api(self.hass, llm.LLM_API_ASSIST, asked)

    async def call(self, tool: str, context: Context | None = None, **args: Any) -> Any:
        """What a tool answers; in a message of its own unless one is given."""
        api = await self.api(context or self.message())
        result = await api.async_call_tool(llm.ToolInput(f"{DOMAIN}__{tool}", args))
        assert result.error is ("error" in result.data)
        return result.data


async def _talking(hose: Hose) -> Talking:
    hass: HomeAssistant = hose.hass
    for component in ("homeassistant", "conversation", "llm"):
        assert await async_setup_component(hass, component, {})
    await hass.async_block_till_done()
    return Talking(hose)


def talking_fixture() -> Any:
    """The fixture, to be given the name `talking` in a test module that has `hose` as well."""
    return pytest.fixture(_talking)
