"""The Arduino of the laboratory: its real program in a simulated chip, behind a serial port."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from firmware.simulator.avr.node import SimulatedArduino
from scripts.lab.api import Api
from scripts.lab.arduino import bring_in, build

_DOMAIN = "plant_vita"
_MODEL = "uno"


@asynccontextmanager
async def arduino_on_a_cable(api: Api, folder: Path, *, discover: bool) -> AsyncIterator[None]:
    """Run an Uno whose EEPROM is kept in `folder`, and set it up unless a person is to do that."""
    await asyncio.to_thread(build)
    folder.mkdir(parents=True, exist_ok=True)
    async with SimulatedArduino(folder, plant="tomato", seed=4) as node:
        if await _is_known(api):
            print("Arduino: set up before", flush=True)
        elif discover:
            print(f"Arduino: waits at {node.port}", flush=True)
        else:
            result = await bring_in(api, node.port)
            if result["type"] != "create_entry":
                raise RuntimeError(f"the Arduino was not set up: {result.get('errors') or result}")
            print(f"Arduino: set up at {node.port}", flush=True)
        yield


async def _is_known(api: Api) -> bool:
    """Whether an entry of ours is an Arduino: this laboratory has no more than one."""
    entries = {
        entry["entry_id"] for entry in await api.command("config_entries/get", domain=_DOMAIN)
    }
    devices = await api.command("config/device_registry/list")
    return any(
        device["model"] == _MODEL and entries.intersection(device["config_entries"])
        for device in devices
    )
