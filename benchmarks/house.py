"""A real Home Assistant in this very process, and what its event loop is kept from doing."""

import asyncio
import gc
import logging
import sys
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from homeassistant import bootstrap, loader
from homeassistant.core import HomeAssistant

from . import configuration
from .process import BenchmarkError

_CORE = {
    "name": "Bench",
    "time_zone": "Europe/Amsterdam",
    "unit_system": "metric",
    "country": "NL",
    "currency": "EUR",
}


@asynccontextmanager
async def house(
    *, entries: Iterable[configuration.Json], parts: dict[str, Any] | None = None
) -> AsyncIterator[HomeAssistant]:
    """One that runs with these config entries; `parts` are sections of its configuration."""
    logging.getLogger().setLevel(logging.ERROR)
    with TemporaryDirectory(prefix="plant-vita-house-") as name:
        folder = Path(name)
        (folder / "configuration.yaml").touch()
        configuration.system(folder, configuration.free_port())
        configuration.store(folder, "core.config_entries", 1, {"entries": list(entries)}, minor=5)
        hass = HomeAssistant(str(folder))
        hass.config.skip_pip = True
        loader.async_setup(hass)
        config = {"homeassistant": dict(_CORE), **(parts or {})}
        if await bootstrap.async_from_config_dict(config, hass) is None:
            raise BenchmarkError("Home Assistant did not start")
        await hass.async_start()
        try:
            yield hass
        finally:
            await hass.async_stop(force=True)
            # Home Assistant looks there for integrations, also when it is long gone.
            sys.path[:] = [path for path in sys.path if path != str(folder)]


@dataclass(kw_only=True)
class Loop:
    """How long the event loop did one thing, in seconds; collections of garbage are set apart."""

    longest: float = 0.0
    doing: str = ""
    longest_wall: float = 0.0
    blocks: int = 0
    steps: int = 0
    garbage: list[float] = field(default_factory=list)


@asynccontextmanager
async def watched(limit: float = 0.02) -> AsyncIterator[Loop]:
    """Measure each step of the loop: a callback, or a task until it waits.

    In CPU time, because who else uses the machine is not to blame; `longest_wall` is by the clock,
    with garbage and with all that others did meanwhile.
    """
    loop = Loop()
    began = 0.0
    within = 0.0

    def collected(phase: str, _info: dict[str, int]) -> None:
        nonlocal began, within
        if phase == "start":
            began = time.thread_time()
        else:
            took = time.thread_time() - began
            loop.garbage.append(took)
            within += took

    run = asyncio.Handle._run  # noqa: SLF001 - there is no other way to see every step

    def measured(handle: asyncio.Handle) -> None:
        nonlocal within
        within, wall, start = 0.0, time.perf_counter(), time.thread_time()
        run(handle)
        took = time.thread_time() - start
        loop.longest_wall = max(loop.longest_wall, time.perf_counter() - wall)
        loop.steps += 1
        own = took - within
        loop.blocks += own > limit
        if own > loop.longest:
            loop.longest, loop.doing = own, repr(handle)

    gc.callbacks.append(collected)
    setattr(asyncio.Handle, "_run", measured)  # noqa: B010 - mypy knows it by another signature
    try:
        yield loop
    finally:
        setattr(asyncio.Handle, "_run", run)  # noqa: B010
        gc.callbacks.remove(collected)
