"""Asking a garden as an automation would."""

from typing import Any

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.plants.entry import device_of
from tests.plants.growing import Growing


async def ask(growing: Growing, action: str, **data: Any) -> Any:
    """What an action answers."""
    return await growing.hass.services.async_call(
        DOMAIN, action, data, blocking=True, return_response=True
    )


def device(growing: Growing, plant_id: str) -> str:
    """The device of a plant."""
    found = device_of(growing.hass, growing.entry, plant_id)
    assert found is not None
    return found.id
