"""The figures of Settings → System → Repairs → System information; no names and no ids."""

from typing import Any

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.core import HomeAssistant, callback

from .actions.action import async_plants
from .const import DOMAIN
from .glue.view import async_get_hub
from .photos.entry import is_provider
from .watering.waterworks import async_get_works


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Offer the figures."""
    register.async_register_info(async_info)


async def async_info(hass: HomeAssistant) -> dict[str, Any]:
    """How many nodes and plants there are, how they are, and whether water may be given at all."""
    hub, works = await async_get_hub(hass), await async_get_works(hass)
    nodes, plants = hub.coordinators.values(), async_plants(hass).values()
    accounts = [one for one in hass.config_entries.async_entries(DOMAIN) if is_provider(one)]
    spent = works.books.ledger.spent_until(works.books.moment())
    return {
        "nodes": len(nodes),
        "nodes_connected": sum(one.data.connected for one in nodes),
        "plants": len(plants),
        "plants_with_problem": sum(one.data.problem is True for one in plants),
        "pumps": sum(outlet.pump is not None for outlet in works.outlets.values()),
        "pumps_locked": sum(outlet.status.locked is not None for outlet in works.outlets.values()),
        "ledger_whole": spent is None,
        "photo_services": len(accounts),
    }
