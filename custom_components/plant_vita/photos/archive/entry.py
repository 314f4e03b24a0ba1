"""The config entry of the archive, for those who need not know how photos get there."""

from typing import TYPE_CHECKING, Any, TypeGuard

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers.importlib import async_import_module

from ...const import CONF_KIND, DOMAIN, EntryKind
from ...model.errors import ProviderKeyError

if TYPE_CHECKING:
    from .archiver import ArchiveConfigEntry


def is_archive(entry: ConfigEntry[Any]) -> TypeGuard[ArchiveConfigEntry]:
    """Whether an entry is the archive."""
    return bool(entry.data.get(CONF_KIND) == EntryKind.ARCHIVE)


async def async_setup_archive(hass: HomeAssistant, entry: ArchiveConfigEntry) -> None:
    """Begin in a while; that the store is away now is nobody's matter yet."""
    await async_import_module(hass, f"{__package__}.archiver")
    from .archiver import Archiver  # noqa: PLC0415 - imported already

    try:
        entry.runtime_data = Archiver(hass, entry)
    except ProviderKeyError as error:
        raise ConfigEntryAuthFailed(translation_domain=DOMAIN, translation_key=error.key) from error
    entry.runtime_data.async_start()


async def async_unload_archive(hass: HomeAssistant, entry: ArchiveConfigEntry) -> bool:
    """Stop; what was not verified waits for the next time."""
    from .issues import async_works  # noqa: PLC0415 - imported with the entry

    async_works(hass, entry)
    return True
