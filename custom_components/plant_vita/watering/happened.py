"""The event of a request for water that is over: who asked, what was given, and why not more."""

import time
from typing import Final, TypedDict

from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.util.event_type import EventType

from ..const import DOMAIN
from ..model.watering import Demand, Finished, Refusal, Source
from ..plants.entry import device_of, running_garden
from .asking import key_of, placeholders


class Watered(TypedDict):
    """What became of one plant's water: `source` is who asked for it.

    `why` is the key of a text under `exceptions`, None for a dose that was given whole, and
    `placeholders` belong to that text. `ml` is the plant's own share of what was given at most, 0
    if it was refused.
    """

    device_id: str
    plant: str
    source: str
    ml: float
    why: str | None
    placeholders: dict[str, str]


EVENT_WATERING: Final[EventType[Watered]] = EventType(f"{DOMAIN}_watering")


@callback
def async_tell(
    hass: HomeAssistant, demand: Demand, result: Refusal | Finished, context: Context | None
) -> None:
    """Fire the event of each plant that the water was meant for, in the name of who asked."""
    if isinstance(result, Refusal) and demand.source is Source.AUTOMATIC:
        # Nobody has asked, and it will ask again: that is shown by the plant's entities.
        return
    now, until = time.time(), result.until if isinstance(result, Refusal) else None
    garden = running_garden(hass)
    plants = garden.runtime_data.garden.plants if garden else {}
    for plant_id in demand.plant_ids:
        plant = plants.get(plant_id)
        device = device_of(hass, plant.config_entry, plant_id) if plant else None
        if plant is None or device is None:
            continue
        told: Watered = {
            "device_id": device.id,
            "plant": device.name_by_user or plant.definition.name,
            "source": str(demand.source),
            "ml": _share(demand, result),
            "why": key_of(result.why) if result.why else None,
            "placeholders": placeholders(until, now),
        }
        hass.bus.async_fire(EVENT_WATERING, told, context=context)


def _share(demand: Demand, result: Refusal | Finished) -> float:
    ml = result.ml if isinstance(result, Finished) else 0.0
    return round(ml / len(demand.plant_ids), 1)
