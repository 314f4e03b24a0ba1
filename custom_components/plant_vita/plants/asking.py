"""Asking about a photo of a plant, from the dialog of the cards over Home Assistant's WebSocket."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import voluptuous as vol
from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.importlib import async_import_module
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..model.finding import Task
from ..photos.panel import async_get_desk
from ..photos.permission import may_control
from .entry import plant_of_device

ASK: Final = f"{DOMAIN}/photos/ask"
SERVICES: Final = f"{DOMAIN}/photos/services"
DATA_ASKING: HassKey[dict[ActiveConnection, int]] = HassKey(f"{DOMAIN}_asking")
"""The one message of each connection that is being answered."""

_INQUIRY: Final = f"custom_components.{DOMAIN}.photos.inquiry"
_TASKS: Final = (Task.IDENTIFY, Task.DIAGNOSE)
_ABOUT: Final = {vol.Optional(ATTR_DEVICE_ID): vol.All(str, vol.Length(max=64))}


@callback
def async_register(hass: HomeAssistant) -> None:
    """Offer the commands."""
    websocket_api.async_register_command(hass, async_ask)
    websocket_api.async_register_command(hass, async_services)


@websocket_api.websocket_command({vol.Required("type"): SERVICES, **_ABOUT})
@websocket_api.async_response
async def async_services(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Tell who would be asked what: to whom a photo goes has to be said before it is sent."""
    if not _may_ask(hass, connection.user, msg):
        connection.send_error(msg["id"], websocket_api.ERR_UNAUTHORIZED, "Unauthorized")
        return
    desk = await async_get_desk(hass)
    titles = {entry.entry_id: entry.title for entry in hass.config_entries.async_entries(DOMAIN)}
    asked = {
        task: [seat for seat in desk.panel.seats_for(task) if seat.id in titles] for task in _TASKS
    }
    # Only general models learn more than what is in the photo; only databases look a species up.
    readings = [seat for seat in asked[Task.DIAGNOSE] if seat.spec.general]
    known = desk.panel.seats_for(Task.ENRICH)
    databases = [seat for seat in known if seat.id in titles and not seat.spec.general]
    connection.send_result(
        msg["id"],
        {
            name: [titles[seat.id] for seat in seats]
            for name, seats in (
                *asked.items(),
                ("readings", readings),
                ("databases", databases),
            )
        },
    )


@websocket_api.websocket_command(
    {
        vol.Required("type"): ASK,
        vol.Required("task"): vol.All(vol.In(_TASKS), vol.Coerce(Task)),
        **_ABOUT,
        vol.Optional("file_id"): vol.All(str, vol.Length(max=64)),
        vol.Optional("answer"): bool,
        vol.Optional("language", default="en"): vol.All(str, vol.Length(max=16)),
    }
)
@websocket_api.async_response
async def async_ask(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Ask about a photo that was uploaded; diagnosing needs a plant, and can do without a photo.

    Events come until the last, which is a result or an error: {"type": "progress", "service",
    "state", "message"}, with words where a service failed (the rest as in `asking.Tell`);
    {"type": "result", …} with all that the action answers, and in "catalogue" what
    `async_proposals` says of its candidates; {"type": "error", "key", "message"}. Who unsubscribes
    gives the question up.
    """
    if not _may_ask(hass, connection.user, msg):
        connection.send_error(msg["id"], websocket_api.ERR_UNAUTHORIZED, "Unauthorized")
        return
    asking = hass.data.setdefault(DATA_ASKING, {})
    if connection in asking:
        # One photo takes up to 150 MB of memory, and calls that are paid for.
        words = "Something is being asked already"
        connection.send_error(msg["id"], websocket_api.ERR_NOT_ALLOWED, words)
        return
    task = asyncio.current_task()

    @callback
    def _async_give_up() -> None:
        if task is not None and asking.get(connection) == msg["id"]:
            del asking[connection]
            task.cancel()

    asking[connection] = msg["id"]
    connection.subscriptions[msg["id"]] = _async_give_up
    connection.send_result(msg["id"])
    try:
        await async_import_module(hass, _INQUIRY)
        from ..photos.inquiry import Inquiry  # noqa: PLC0415 - imported already

        plant = plant_of_device(hass, msg.get(ATTR_DEVICE_ID, ""))
        await Inquiry(hass, connection, msg, plant).async_answer()
    finally:
        if asking.get(connection) == msg["id"]:
            del asking[connection]


@callback
def _may_ask(hass: HomeAssistant, user: User, msg: Mapping[str, Any]) -> bool:
    """Whether the actions would serve this person, too."""
    if ATTR_DEVICE_ID in msg:
        return may_control(hass, user, msg[ATTR_DEVICE_ID])
    return user.permissions.access_all_entities(POLICY_CONTROL)
