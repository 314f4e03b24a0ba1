"""The plants that an assistant may see: only what the user exposes to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from homeassistant.components.homeassistant import async_should_expose
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import area_registry as ar, entity_registry as er

from ..actions.wording import plain
from ..plants.catalogue import async_get_catalogue
from ..plants.entry import device_of, running_garden
from .naming import Called

if TYPE_CHECKING:
    from ..plants.catalogue import Catalogue
    from ..plants.coordinator import PlantCoordinator


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """One plant, what it is called, the names of where it stands, and whether it may be watered."""

    plant: PlantCoordinator
    name: str
    called: Called
    device_id: str
    areas: tuple[str, ...] = ()
    waterable: bool = False


@callback
def async_exposes_any(hass: HomeAssistant, assistant: str) -> bool:
    """Whether there is a garden of which an assistant may see anything."""
    entry = running_garden(hass)
    if entry is None:
        return False
    entries = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return any(_exposed(hass, assistant, one) for one in entries)


async def async_seen(
    hass: HomeAssistant, assistant: str, language: str | None = None
) -> dict[str, Seen]:
    """The plants by their ids.

    A plant is seen when one of its entities is exposed, or the garden's to-do list, which names
    them all. It can be watered when the switch of its watering is exposed.
    """
    entry = running_garden(hass)
    if entry is None:
        return {}
    catalogue = await async_get_catalogue(hass)
    exposed = [
        one
        for one in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
        if _exposed(hass, assistant, one)
    ]
    all_of_them = any(one.domain == Platform.TODO for one in exposed)
    found: dict[str, Seen] = {}
    for plant_id, plant in entry.runtime_data.garden.plants.items():
        own = [one for one in exposed if one.config_subentry_id == plant_id]
        device = device_of(hass, entry, plant_id)
        if device is None or not (own or all_of_them):
            continue
        names = [plant.definition.name, device.name_by_user or "", *_aliases(own)]
        found[plant_id] = Seen(
            plant=plant,
            name=plain(device.name_by_user or plant.definition.name),
            called=Called(
                own=tuple(dict.fromkeys(filter(None, names))),
                kinds=_kinds(catalogue, plant.definition.species, language or hass.config.language),
            ),
            device_id=device.id,
            areas=_areas(hass, device.area_id),
            waterable=any(
                one.domain == Platform.SWITCH and one.unique_id == f"{plant_id}_watering"
                for one in own
            ),
        )
    return found


@callback
def _exposed(hass: HomeAssistant, assistant: str, entry: er.RegistryEntry) -> bool:
    return entry.disabled_by is None and async_should_expose(hass, assistant, entry.entity_id)


def _aliases(entries: Iterable[er.RegistryEntry]) -> list[str]:
    """What a person calls the entities of a plant; Home Assistant's own names for them are not."""
    return [alias for one in entries for alias in one.aliases if isinstance(alias, str)]


def _kinds(catalogue: Catalogue, species_id: str, language: str) -> tuple[str, ...]:
    species = catalogue.species.get(species_id)
    if species is None:
        return (species_id,) if species_id else ()
    common = species.names.get(language.partition("-")[0].lower(), ())
    return (species.scientific_name, *common)


def _areas(hass: HomeAssistant, area_id: str | None) -> tuple[str, ...]:
    area = ar.async_get(hass).async_get_area(area_id) if area_id else None
    return (area.name, *sorted(area.aliases)) if area else ()
