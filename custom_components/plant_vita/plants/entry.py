"""The garden's config entry, for those who need not know how plants are judged.

Whoever has nodes only must not pay for that: numpy and all that rests on it are imported once a
garden is set up, and outside of the event loop.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.importlib import async_import_module

from ..const import CONF_KIND, DOMAIN, EntryKind

if TYPE_CHECKING:
    from ..lighting.lamps import Lamps
    from .coordinator import PlantCoordinator
    from .entity import PlantEntity
    from .garden import Garden
    from .references import References

type GardenConfigEntry = ConfigEntry[GardenRuntime]
type Maker = Callable[[PlantCoordinator], Iterable[PlantEntity]]

SIGNAL_GARDEN: Final = f"{DOMAIN}_garden"
"""Sent when plants have come, gone or changed, and when the garden has been stopped."""

PLATFORMS: Final = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CALENDAR,
    Platform.DATE,
    Platform.EVENT,
    Platform.IMAGE,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
    Platform.TIME,
    Platform.TODO,
]


@dataclass(slots=True)
class GardenRuntime:
    """The runtime data of the garden's entry; `makers` make the entities of a plant."""

    garden: Garden
    lamps: Lamps
    references: References
    makers: Mapping[Platform, Maker]


def is_garden(entry: ConfigEntry[Any]) -> TypeGuard[GardenConfigEntry]:
    """Whether an entry is a garden's; every other kind sets itself up elsewhere."""
    return bool(entry.data.get(CONF_KIND) == EntryKind.GARDEN)


@callback
def garden_entry(hass: HomeAssistant) -> GardenConfigEntry | None:
    """The entry of the garden, whether it runs or not; there is one at most."""
    entries = hass.config_entries.async_entries(DOMAIN)
    return next((entry for entry in entries if is_garden(entry)), None)


@callback
def running_garden(hass: HomeAssistant) -> GardenConfigEntry | None:
    """The entry of the garden, if there is one and it runs."""
    entry = garden_entry(hass)
    return entry if entry and entry.state is ConfigEntryState.LOADED else None


@callback
def plant_of_device(hass: HomeAssistant, device_id: str) -> PlantCoordinator | None:
    """The plant that a device is; None for any other device, and while the garden does not run."""
    device, entry = dr.async_get(hass).async_get(device_id), running_garden(hass)
    if device is None or device.config_subentry_id is None or entry is None:
        return None
    return entry.runtime_data.garden.plants.get(device.config_subentry_id)


@callback
def device_of(hass: HomeAssistant, entry: ConfigEntry[Any], plant_id: str) -> dr.DeviceEntry | None:
    """The device of a plant, if there is one yet."""
    return dr.async_get(hass).async_get_device_by_identifier((DOMAIN, plant_id), entry.entry_id)


async def async_setup_garden(hass: HomeAssistant, entry: GardenConfigEntry) -> None:
    """Start every plant; what it is bound to need not be there."""
    await async_import_module(hass, f"{__package__}.setup")
    from .setup import async_started  # noqa: PLC0415 - imported already

    entry.runtime_data = await async_started(hass, entry)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    entry.async_on_unload(entry.add_update_listener(_async_updated))
    # Once the entry is loaded: whoever hears this looks for its plants.
    hass.loop.call_soon(async_dispatcher_send, hass, SIGNAL_GARDEN)


async def async_unload_garden(hass: HomeAssistant, entry: GardenConfigEntry) -> bool:
    """Stop every plant, and write down what it must not forget."""
    unloaded = await hass.config_entries.async_unload_platforms(entry, PLATFORMS)
    if unloaded:
        await entry.runtime_data.lamps.async_stop()
        await entry.runtime_data.garden.async_stop()
        hass.loop.call_soon(async_dispatcher_send, hass, SIGNAL_GARDEN)
    return unloaded


async def async_forget_garden(hass: HomeAssistant, entry: GardenConfigEntry) -> None:
    """Remove the files of all plants and lamps of a garden that is removed itself."""
    await async_import_module(hass, f"{__package__}.setup")
    from .setup import async_forgotten  # noqa: PLC0415 - imported already

    await async_forgotten(hass, entry)


async def _async_updated(hass: HomeAssistant, entry: GardenConfigEntry) -> None:
    entry.runtime_data.references.async_follow()
    await entry.runtime_data.garden.async_follow()
    async_dispatcher_send(hass, SIGNAL_GARDEN)


@callback
def async_add_plants(
    entry: GardenConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback, platform: Platform
) -> None:
    """Make the entities of every plant, now and when one is added; change them with its bindings.

    An entity that makes no sense any more is removed; should it come back, it is the same one.
    """
    there: set[str] = set()
    make = entry.runtime_data.makers[platform]

    @callback
    def _change(coordinator: PlantCoordinator) -> None:
        wanted = {entity.unique_id or "": entity for entity in make(coordinator)}
        registry = er.async_get(coordinator.hass)
        for known in er.async_entries_for_config_entry(registry, entry.entry_id):
            of_plant = known.config_subentry_id == coordinator.plant_id
            if of_plant and known.domain == platform and known.unique_id not in wanted:
                registry.async_remove(known.entity_id)
                there.discard(known.unique_id)
        new = [entity for unique_id, entity in wanted.items() if unique_id not in there]
        there.update(entity.unique_id or "" for entity in new)
        async_add_entities(new, config_subentry_id=coordinator.plant_id)

    entry.async_on_unload(entry.runtime_data.garden.async_on_plant(_change))
