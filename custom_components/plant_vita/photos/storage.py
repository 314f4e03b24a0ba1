"""What the panel keeps across restarts: private files, on disk once it says so."""

import json
from pathlib import Path
from typing import Any, override

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.util.file import WriteError, write_utf8_file_atomic

from ..const import DOMAIN, LOGGER
from ..model.errors import StoreError
from ..providers.ledger import Storage


class FileStorage(Storage):
    """One JSON object in one file.

    Home Assistant's own store logs a full disk and goes on; a call that is not written down would
    not count, so this one raises.
    """

    def __init__(self, hass: HomeAssistant, name: str) -> None:
        self._hass = hass
        self._path = Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.{name}"))

    @override
    async def load(self) -> dict[str, Any] | None:
        """What was saved last; None if nothing was, or it cannot be read."""
        return await self._hass.async_add_executor_job(self._read)

    @override
    async def save(self, data: dict[str, Any]) -> None:
        """Write all of it. Raises StoreError."""
        await self._hass.async_add_executor_job(self._write, data)

    def _read(self) -> dict[str, Any] | None:
        try:
            found = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError, ValueError, RecursionError:
            LOGGER.warning("%s cannot be read and begins anew", self._path.name)
            return None
        return found if isinstance(found, dict) else None

    def _write(self, data: dict[str, Any]) -> None:
        try:
            self._path.parent.mkdir(exist_ok=True)
            write_utf8_file_atomic(str(self._path), json.dumps(data), private=True)
        except (OSError, WriteError) as error:
            raise StoreError(f"{self._path.name} could not be written") from error
