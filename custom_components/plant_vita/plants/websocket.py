"""What the cards ask for over Home Assistant's WebSocket.

Watering is not among it: a card calls the switch of the plant like everybody else, and Home
Assistant checks who may.
"""

import time
from typing import Any, Final

import voluptuous as vol
from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from ..const import DOMAIN
from ..photos.permission import may_read
from . import asking
from .catalogue import DATA_CATALOGUE
from .coordinator import PlantCoordinator
from .entry import SIGNAL_GARDEN, plant_of_device
from .screen import chart, shown

SUBSCRIBE: Final = f"{DOMAIN}/plant/subscribe"
CHART: Final = f"{DOMAIN}/plant/chart"
_MOST_DAYS: Final = 30

_DEVICE: Final = vol.All(str, vol.Length(max=64))


@callback
def async_register(hass: HomeAssistant) -> None:
    """Offer the commands; may be called again."""
    websocket_api.async_register_command(hass, async_subscribe)
    websocket_api.async_register_command(hass, async_chart)
    asking.async_register(hass)


@callback
@websocket_api.websocket_command(
    {
        vol.Required("type"): SUBSCRIBE,
        vol.Required("device_id"): _DEVICE,
        vol.Optional("language", default="en"): vol.All(str, vol.Length(max=16)),
    }
)
def async_subscribe(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Send how a plant is, now and whenever it is judged anew; None while there is no such plant.

    One subscription outlives reloads of the garden: a card that is open must not go blind.
    """
    if not may_read(hass, connection.user, msg["device_id"]):
        connection.send_error(msg["id"], websocket_api.ERR_UNAUTHORIZED, "Unauthorized")
        return
    view = _View(hass, connection, msg)
    connection.subscriptions[msg["id"]] = view.async_close
    connection.send_result(msg["id"])
    view.async_attach()


@callback
@websocket_api.websocket_command(
    {
        vol.Required("type"): CHART,
        vol.Required("device_id"): _DEVICE,
        vol.Optional("days", default=7): vol.All(int, vol.Range(min=1, max=_MOST_DAYS)),
    }
)
def async_chart(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """The curves of a plant."""
    if not may_read(hass, connection.user, msg["device_id"]):
        connection.send_error(msg["id"], websocket_api.ERR_UNAUTHORIZED, "Unauthorized")
    elif (plant := plant_of_device(hass, msg["device_id"])) is None:
        connection.send_error(msg["id"], websocket_api.ERR_NOT_FOUND, "No such plant")
    else:
        connection.send_result(msg["id"], chart(plant, time.time(), msg["days"]))


class _View:
    """One card that looks at one plant."""

    def __init__(
        self, hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
    ) -> None:
        self._hass = hass
        self._connection = connection
        self._msg = msg
        self._plant: PlantCoordinator | None = None
        self._stop: CALLBACK_TYPE | None = None
        self._forget = async_dispatcher_connect(hass, SIGNAL_GARDEN, self.async_attach)

    @callback
    def async_attach(self) -> None:
        """Look at the plant as it is kept now, if it is another one than before."""
        plant = plant_of_device(self._hass, self._msg["device_id"])
        if plant is not None and plant is self._plant:
            return
        self._detach()
        self._plant = plant
        if plant is not None:
            self._stop = plant.async_add_listener(self._send)
        self._send()

    @callback
    def async_close(self) -> None:
        self._forget()
        self._detach()

    @callback
    def _detach(self) -> None:
        if self._stop is not None:
            self._stop()
        self._plant = self._stop = None

    @callback
    def _send(self) -> None:
        plant, event = self._plant, None
        if plant is not None:
            species = self._hass.data[DATA_CATALOGUE].species.get(plant.definition.species)
            event = shown(plant, species, self._msg["language"])
        self._connection.send_event(self._msg["id"], event)
