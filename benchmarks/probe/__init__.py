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
from .plain import PlainView
from .sensor import Sensors

_LOGGER = logging.getLogger(__name__)
_LINE_MAX = 64 * 1024 * 1024


async def async_setup_entry(hass: HomeAssistant, entry: ConfigEntry[list[Sensors]]) -> bool:
    """Listen, and add the ceiling's sensors."""
    ceiling, plain = Sensors("c", entry.data["ceiling"]), Sensors("p", entry.data["plain"])
    entry.runtime_data = [ceiling, plain]
    commands = Commands(hass, ceiling)

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
    if entry.data["plain"]:
        hass.http.register_view(PlainView(plain))
    if entry.data["ceiling"] or entry.data["plain"]:
        await hass.config_entries.async_forward_entry_setups(entry, ["sensor"])
    return True
