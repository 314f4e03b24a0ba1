"""Plant Vita: plant nodes, plants, and what they need."""

from homeassistant.const import CONF_DEVICE, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.importlib import async_import_module
from homeassistant.helpers.typing import ConfigType

from .const import DOMAIN, LOGGER
from .coordinator import NodeCoordinator, NodeRuntime, PlantVitaConfigEntry
from .glue import issues
from .glue.cable import CableKeeper
from .glue.frontend import async_serve_cards
from .glue.instructions import NodeInstructions
from .glue.node_status import async_register as async_tell_of_nodes
from .glue.registry import async_follow
from .glue.view import async_get_hub
from .model.errors import StoreError
from .model.quantity import CAMERA
from .photos import timeline, view
from .photos.archive.entry import async_setup_archive, async_unload_archive, is_archive
from .photos.entry import async_setup_provider, async_unload_provider, is_provider
from .plants.entry import (
    async_forget_garden,
    async_setup_garden,
    async_unload_garden,
    is_garden,
)
from .services import async_setup_services
from .watering.waterworks import async_get_works

# `plant_vita:` in configuration.yaml makes Home Assistant listen for nodes before there is an
# entry.
CONFIG_SCHEMA = cv.empty_config_schema(DOMAIN)

NODE_PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.NUMBER,
    Platform.SENSOR,
    Platform.SWITCH,
    Platform.UPDATE,
]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Start listening for nodes, and offer the actions and the cards."""
    async_setup_services(hass)
    await async_get_hub(hass)
    async_tell_of_nodes(hass)
    await async_serve_cards(hass)
    view.async_register(hass)
    timeline.async_register(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: PlantVitaConfigEntry) -> bool:
    """Set up the garden, an account, or one node; it need not be there."""
    if is_provider(entry):
        await async_setup_provider(hass, entry)
        return True
    if is_archive(entry):
        await async_setup_archive(hass, entry)
        return True
    works = await async_get_works(hass)
    if is_garden(entry):
        # Whoever has no plants need not load what describes them.
        for steps in ("garden_options", "plant"):
            await async_import_module(hass, f"{__package__}.flows.{steps}")
        await async_setup_garden(hass, entry)
        return True
    hub = await async_get_hub(hass)
    assert entry.unique_id is not None  # noqa: S101 - every flow of ours sets it
    coordinator = NodeCoordinator(hass, entry, hub.inbox, hub.inbox.received(entry.unique_id))
    # Home Assistant loads what shows cameras only where there is one.
    platforms = [*NODE_PLATFORMS, *[Platform.CAMERA] * coordinator.info.has(CAMERA)]
    entry.runtime_data = NodeRuntime(coordinator, platforms)
    instructions = NodeInstructions(coordinator)
    entry.async_on_unload(
        coordinator.async_on_info(lambda before, info: async_follow(hass, entry, before, info))
    )
    works.async_attach_node(coordinator)
    await hass.config_entries.async_forward_entry_setups(entry, platforms)
    entry.async_on_unload(entry.add_update_listener(instructions.async_options_changed))
    # Only now may the node speak: nobody would listen before.
    hub.async_attach(coordinator)
    entry.async_on_unload(lambda: hub.async_detach(coordinator))
    if CONF_DEVICE in entry.data:
        CableKeeper(hass, entry, hub).async_start()
    elif not hub.keys.holds(entry.unique_id):
        # The file of the keys is lost: the node needs a new code, and somebody has to know.
        entry.async_start_reauth(hass)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: PlantVitaConfigEntry) -> bool:
    """Stop watching the plants, asking a service, or talking to one node."""
    if is_provider(entry):
        return await async_unload_provider(hass, entry)
    if is_archive(entry):
        return await async_unload_archive(hass, entry)
    if is_garden(entry):
        return await async_unload_garden(hass, entry)
    works = await async_get_works(hass)
    await works.async_detach_node(entry.runtime_data.coordinator)
    return await hass.config_entries.async_unload_platforms(entry, entry.runtime_data.platforms)


async def async_remove_entry(hass: HomeAssistant, entry: PlantVitaConfigEntry) -> None:
    """Forget the plants, or unpair a node; an account's calls stay counted."""
    if is_provider(entry) or is_archive(entry):
        return
    if is_garden(entry):
        await async_forget_garden(hass, entry)
        return
    hub = await async_get_hub(hass)
    assert entry.unique_id is not None  # noqa: S101 - every flow of ours sets it
    issues.async_clear_version(hass, entry)
    try:
        await hub.async_unpair(entry.unique_id)
    except StoreError as error:
        LOGGER.warning("%s is still paired, and will be offered again: %s", entry.title, error)
