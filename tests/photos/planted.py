"""A garden with one plant, in the house of the accounts: time goes on there as clouds need it."""

import time
from typing import Any

from homeassistant.helpers import device_registry as dr
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.flows.garden import GARDEN_ID
from custom_components.plant_vita.plants.coordinator import PlantCoordinator
from custom_components.plant_vita.plants.definition import Input
from custom_components.plant_vita.plants.entry import device_of
from custom_components.plant_vita.plants.track import Track
from tests.photos.accounts import House


async def planted(
    house: House, moisture: float | None = None, species: str = "monstera_deliciosa"
) -> MockConfigEntry:
    """A garden with one plant, whose soil was always about so."""
    data: dict[str, Any] = {"species": species}
    if moisture is not None:
        house.hass.states.async_set("sensor.soil", str(moisture), {"unit_of_measurement": "%"})
        data["moisture"] = ["sensor.soil"]
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id=GARDEN_ID,
        data={"kind": "garden"},
        subentries_data=[
            {"data": data, "subentry_type": "plant", "title": "Annas Liebling", "unique_id": None}
        ],
    )
    entry.add_to_hass(house.hass)
    assert await house.hass.config_entries.async_setup(entry.entry_id)
    await house.settle()
    if moisture is not None:
        now = time.time()
        times = [now - 3600.0 * back for back in range(15 * 24, -1, -1)]
        # Soil that never changes at all is no soil: it would not be believed at the next look.
        alive = [moisture + 0.5 * (k % 2) for k in range(len(times))]
        plant_in(entry).memory.tracks[Input.MOISTURE] = Track(times, alive)
    return entry


def plant_in(entry: MockConfigEntry) -> PlantCoordinator:
    """The plant of such a garden."""
    (plant,) = entry.runtime_data.garden.plants.values()
    found: PlantCoordinator = plant
    return found


def device_in(house: House, entry: MockConfigEntry) -> dr.DeviceEntry:
    """Its device."""
    (plant_id,) = entry.subentries
    device = device_of(house.hass, entry, plant_id)
    assert device is not None
    return device


async def do(house: House, entry: MockConfigEntry, action: str, **data: Any) -> Any:
    """What an action about the plant answers."""
    data = {"device_id": device_in(house, entry).id, **data}
    answer = await house.hass.services.async_call(
        DOMAIN, action, data, blocking=True, return_response=True
    )
    await house.settle()
    return answer
