"""Watching every plant there is, while plants come and go and the garden is loaded again."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from .entry import SIGNAL_GARDEN, running_garden

if TYPE_CHECKING:
    from .coordinator import PlantCoordinator

type Watch = Callable[[PlantCoordinator], CALLBACK_TYPE]


@callback
def async_follow_plants(hass: HomeAssistant, watch: Watch) -> CALLBACK_TYPE:
    """Call `watch` for each plant, and what it gave back when that plant runs no more."""
    watched: dict[PlantCoordinator, CALLBACK_TYPE] = {}

    @callback
    def _look() -> None:
        entry = running_garden(hass)
        there = set(entry.runtime_data.garden.plants.values()) if entry else set()
        for plant in watched.keys() - there:
            watched.pop(plant)()
        for plant in there - watched.keys():
            watched[plant] = watch(plant)

    stop_listening = async_dispatcher_connect(hass, SIGNAL_GARDEN, _look)
    _look()

    @callback
    def _stop() -> None:
        stop_listening()
        while watched:
            watched.popitem()[1]()

    return _stop
