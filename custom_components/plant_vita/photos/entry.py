"""The config entry of an account, for those who need not know how services are asked.

Whoever has no account must not pay for that: what asks is imported once there is one.
"""

from typing import TYPE_CHECKING, Any, Final, TypeGuard

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.importlib import async_import_module

from ..const import CONF_KIND, DOMAIN, EntryKind

if TYPE_CHECKING:
    from .coordinator import ProviderConfigEntry

PLATFORMS: Final = [Platform.SENSOR]
_LOOKING_UP: Final = f"{__package__}.looking_up"


def is_provider(entry: ConfigEntry[Any]) -> TypeGuard[ProviderConfigEntry]:
    """Whether an entry is an account with a cloud service."""
    return bool(entry.data.get(CONF_KIND) == EntryKind.PROVIDER)


async def async_setup_provider(hass: HomeAssistant, entry: ProviderConfigEntry) -> None:
    """Seat the service at the panel; that it is away now must not take it from there."""
    for name in ("account", "coordinator", "issues", "panel", "sensor"):
        await async_import_module(hass, f"{__package__}.{name}")
    from .account import seat_of  # noqa: PLC0415 - imported already
    from .coordinator import AccountCoordinator  # noqa: PLC0415 - imported already
    from .issues import async_judge_quota  # noqa: PLC0415 - imported already
    from .panel import async_get_desk  # noqa: PLC0415 - imported already

    desk = await async_get_desk(hass)
    seat = seat_of(hass, entry.entry_id, entry.data)
    entry.runtime_data = AccountCoordinator(hass, entry, seat, desk.ledger)
    desk.panel.seat(seat)
    async_judge_quota(hass, entry, desk.ledger)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    # Nobody's start waits for somebody else's server.
    entry.async_create_background_task(
        hass, entry.runtime_data.async_refresh(), f"{entry.title}: what is left"
    )


async def async_unload_provider(hass: HomeAssistant, entry: ProviderConfigEntry) -> bool:
    """Let the service go."""
    from .issues import async_forget_quota  # noqa: PLC0415 - imported with the entry
    from .panel import async_get_desk  # noqa: PLC0415 - imported with the entry

    unloaded = await hass.config_entries.async_unload_platforms(entry, PLATFORMS)
    if unloaded:
        async_forget_quota(hass, entry)
        await (await async_get_desk(hass)).panel.unseat(entry.entry_id)
    return unloaded


async def async_learnt_species(hass: HomeAssistant, name: str) -> str | None:
    """The id of a species that the databases know by this scientific name, and now the catalogue.

    None if nobody knows it, nobody can be asked, or nobody answers: then all is as it was.
    """
    if not any(is_provider(entry) for entry in hass.config_entries.async_loaded_entries(DOMAIN)):
        return None
    await async_import_module(hass, _LOOKING_UP)
    from .looking_up import async_learnt  # noqa: PLC0415 - imported already

    return await async_learnt(hass, name)
