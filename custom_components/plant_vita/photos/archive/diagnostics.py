"""What may be shown of the archive: never a key, an address or the name of a bucket."""

from typing import Any

from homeassistant.components.diagnostics import REDACTED

from ...const import CONF_BASE_URL, CONF_SECRETS, CONF_SERVICE
from .account import CONF_REMOVE, GOOGLE
from .archiver import ArchiveConfigEntry


def of_archive(entry: ArchiveConfigEntry) -> dict[str, Any]:
    """An allow-list of the settings, and how it goes."""
    archiver = entry.runtime_data
    return {
        "service": entry.data[CONF_SERVICE],
        "keys": dict.fromkeys(entry.data[CONF_SECRETS], REDACTED),
        "own_address": entry.data[CONF_BASE_URL] != GOOGLE,
        "remove": entry.data[CONF_REMOVE],
        "archived_since_start": archiver.done,
        "failing_since": archiver.failing_since,
        "failed_by": archiver.failed_by,
    }
