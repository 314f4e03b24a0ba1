"""Plants hear that a pump has watered them, as if a person had said so."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from homeassistant.core import HomeAssistant, callback

from ..care.dose import LEAST_ML
from ..model.watering import Demand, Finished
from ..plants.state import Care

if TYPE_CHECKING:
    from ..plants.coordinator import PlantCoordinator


@callback
def async_note(
    hass: HomeAssistant,
    plants: Mapping[str, PlantCoordinator],
    demand: Demand,
    result: Finished,
    at: float,
) -> None:
    """Note with each plant that the water was meant for that it was watered `at` (Unix seconds).

    Without a sensor of its soil nothing else would tell when it is due again. A few drops before a
    stop are none, and of water that nobody has confirmed it is not known whether it came.
    """
    if not result.sure or (result.why is not None and result.ml < LEAST_ML):
        return
    for plant_id in demand.plant_ids:
        if (plant := plants.get(plant_id)) is not None:
            hass.async_create_task(
                plant.async_cared(Care.WATERED, at), f"Plant Vita notes the water of {plant_id}"
            )
