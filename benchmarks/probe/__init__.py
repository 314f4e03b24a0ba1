"""A stethoscope inside the Home Assistant under test; copied into its configuration folder.

It answers JSON lines on a UNIX socket, holds the ceiling's sensors, counts and time-stamps state
changes. Nothing of it runs while a rate is measured but one comparison every few milliseconds.
"""

import asyncio
import json
import logging

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from .commands import Commands
from .sensor import Ceiling

_LOGGER = logging.getLogger(__name__)
_LINE_MAX = 64 * 1024 * 1024


async def async_setup_entry(hass: HomeAssistant, entry: ConfigEntry[Ceiling]) -> bool:
    """Listen, and add the ceiling's sensors."""
    entry.runtime_data = Ceiling(entry.data["nodes"])
    commands = Commands(hass, entry.runtime_data)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            fields = json.loads(line)
            try:
                answer = await getattr(commands, fields.pop("do"))(**fields)
            except Exception as error:
                _LOGGER.warning("probe", exc_info=True)
                answer = {"error": f"{type(error).__name__}: {error}"}
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()

    await asyncio.start_unix_server(serve, entry.data["socket"], limit=_LINE_MAX)
    if entry.data["nodes"]:
        await hass.config_entries.async_forward_entry_setups(entry, ["sensor"])
    return True
