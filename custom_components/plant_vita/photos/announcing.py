"""What was found is told on the event bus, for automations that did not ask themselves."""

from collections.abc import Mapping
from typing import Final

from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.util.json import JsonValueType

from ..const import DOMAIN
from ..model.finding import Task
from .garden import async_device

EVENTS: Final = {Task.IDENTIFY: f"{DOMAIN}_identified", Task.DIAGNOSE: f"{DOMAIN}_diagnosed"}


@callback
def async_announce(
    hass: HomeAssistant,
    context: Context,
    task: Task,
    plant_id: str | None,
    found: Mapping[str, JsonValueType],
) -> None:
    """Say that somebody's photo was judged; `plant_id` and `device_id` are None for no plant."""
    device = async_device(hass, plant_id) if plant_id else None
    data = {"plant_id": plant_id, "device_id": device.id if device else None, **found}
    hass.bus.async_fire(EVENTS[task], data, context=context)
