"""A model in Home Assistant's own AI Task, and an account that asks it."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockModule,
    MockPlatform,
    mock_config_flow,
    mock_integration,
    mock_platform,
)

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.photos.account import account_id
from custom_components.plant_vita.providers.registry import PROVIDERS
from scripts.lab import lab_model
from scripts.lab.lab_model.ai_task import LabModel
from scripts.lab.lab_model.config_flow import LabModelFlow

ENTITY = "ai_task.lab_model"


async def set_up_model(hass: HomeAssistant) -> LabModel:
    """The laboratory's model, set up as any other integration's."""
    model = LabModel()

    async def add(_: Any, __: Any, async_add_entities: Any) -> None:
        async_add_entities([model])

    mock_integration(
        hass,
        MockModule(
            lab_model.DOMAIN,
            async_setup_entry=lab_model.async_setup_entry,
            async_unload_entry=lab_model.async_unload_entry,
        ),
    )
    mock_platform(hass, f"{lab_model.DOMAIN}.ai_task", MockPlatform(async_setup_entry=add))
    mock_platform(hass, f"{lab_model.DOMAIN}.config_flow")
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "ai_task", {})
    entry = MockConfigEntry(domain=lab_model.DOMAIN, title="Lab model")
    entry.add_to_hass(hass)
    with mock_config_flow(lab_model.DOMAIN, LabModelFlow):
        assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert model.entity_id == ENTITY
    return model


def data_of_model(hass: HomeAssistant, **more: Any) -> dict[str, Any]:
    """What the entry of an account keeps that asks the model."""
    entry = er.async_get(hass).async_get(ENTITY)
    assert entry is not None
    return {
        "kind": "provider",
        "service": "ai_task",
        "secrets": {},
        "base_url": "",
        "daily": None,
        "choices": {"entity": entry.id},
        **more,
    }


async def add_model(hass: HomeAssistant) -> MockConfigEntry:
    """An account that is set up already."""
    data = data_of_model(hass)
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="AI Task: Lab model",
        unique_id=account_id(PROVIDERS["ai_task"], {}, data["choices"]),
        data=data,
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry
