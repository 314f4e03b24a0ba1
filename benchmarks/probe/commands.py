"""What the probe can be asked."""

import asyncio
import cProfile
import gc
import io
import pstats
import resource
import sys
import time
from array import array
from dataclasses import replace
from pathlib import Path
from typing import Any

from homeassistant.components.sensor import DOMAIN as SENSOR
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from .sensor import Sensors
from .values import PER_REPORT, SENSORS  # type: ignore[import-not-found]

_POLL_S = 0.004
_PROFILE_LINES = 60

type Json = dict[str, Any]


class Commands:
    """One method for each command; answers are JSON objects."""

    def __init__(self, hass: HomeAssistant, ceiling: Sensors) -> None:
        """Nothing is watched yet."""
        self._hass = hass
        self._ceiling = ceiling
        self._unwatch: CALLBACK_TYPE | None = None
        self._times: list[array[int]] = []
        self._changes: list[int] = []
        self._profile: cProfile.Profile | None = None
        self._collecting = 0.0
        self._pauses: list[float] = []

    async def pauses(self) -> Json:
        """Milliseconds of every garbage collection since the last question."""
        if self._on_collection not in gc.callbacks:
            gc.callbacks.append(self._on_collection)
        noted, self._pauses = self._pauses, []
        return {"ms": noted}

    def _on_collection(self, phase: str, _about: dict[str, int]) -> None:
        if phase == "start":
            self._collecting = time.monotonic()
        else:
            self._pauses.append((time.monotonic() - self._collecting) * 1000)

    async def cpu(self) -> Json:
        """CPU seconds of all threads of this process, and the clock of `sent_ns`."""
        return {"cpu": time.process_time(), "now_ns": time.monotonic_ns()}

    async def memory(self) -> Json:
        """Resident bytes after a collection."""
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])  # noqa: ASYNC240
        return {"rss": pages * resource.getpagesize()}

    async def modules(self) -> Json:
        """Names of everything imported."""
        return {"modules": sorted(sys.modules)}

    async def raise_limits(self) -> Json:
        """Raise the numbers of the product's rate limits; every check stays in place."""
        door = self._hass.data["plant_vita"].door
        door.limits = replace(door.limits, messages_per_s=1e6, burst=1e6)
        return {}

    async def every_report(self, *, on: bool) -> Json:
        """Have the product make a state of every report, also of those overtaken in a burst.

        As shipped it does not: so this is measured beside what is shipped, never instead of it.
        """
        for coordinator in self._hass.data["plant_vita"].coordinators.values():
            pace = coordinator._pace  # noqa: SLF001
            pace.__dict__.pop("ask", None)
            if on:
                pace.ask = coordinator._show  # noqa: SLF001
        return {}

    async def entities(self, platform: str) -> Json:
        """Entity ids of the six sensors of every device of `platform`, by the device's id there."""
        from homeassistant.helpers import device_registry as dr  # noqa: PLC0415

        devices, order = dr.async_get(self._hass), [sensor[0] for sensor in SENSORS]
        found: dict[str, list[str | None]] = {}
        for entry in er.async_get(self._hass).entities.values():
            state = self._hass.states.get(entry.entity_id)
            if entry.platform != platform or entry.domain != SENSOR or state is None:
                continue
            kind = state.attributes.get("device_class")
            device = devices.async_get(entry.device_id) if entry.device_id else None
            if device is None or kind not in order:
                continue
            name = next(iter(device.identifiers))[1]
            found.setdefault(name, [None] * PER_REPORT)[order.index(kind)] = entry.entity_id
        return {"nodes": found}

    async def ceiling(self, each: int) -> Json:
        """Write `each` reports of all ceiling nodes."""
        return await self._ceiling.run(each)

    async def watch(self, nodes: list[list[str]]) -> Json:
        """From now on note the time at which each node's sixth, twelfth… state change is fired."""
        await self.unwatch()
        of = {entity: index for index, entities in enumerate(nodes) for entity in entities}
        self._times = [array("q") for _ in nodes]
        self._changes = [0] * len(nodes)
        times, changes, clock = self._times, self._changes, time.monotonic_ns

        @callback
        def note(event: Event[Any]) -> None:
            index = of.get(event.data["entity_id"])
            if index is not None:
                changes[index] += 1
                if changes[index] % PER_REPORT == 0:
                    times[index].append(clock())

        self._unwatch = self._hass.bus.async_listen(EVENT_STATE_CHANGED, note)
        return {}

    async def unwatch(self) -> Json:
        """Stop noting; answers what was noted."""
        if self._unwatch is not None:
            self._unwatch()
            self._unwatch = None
        noted = {"times_ns": [list(times) for times in self._times], "changes": self._changes}
        self._times, self._changes = [], []
        return noted

    async def changes(self) -> Json:
        """How many state changes were noted so far."""
        return {"changes": sum(self._changes)}

    async def finish(self, states: dict[str, float], seconds: float) -> Json:
        """Wait until every entity has its expected state; when that was, and CPU seconds then."""
        until = time.monotonic() + seconds
        missing = list(states.items())
        while missing and time.monotonic() < until:
            state = self._hass.states.get(missing[-1][0])
            if state is not None and _number(state.state) == missing[-1][1]:
                missing.pop()
            else:
                await asyncio.sleep(_POLL_S)
        return {
            "missing": len(missing),
            "now_ns": time.monotonic_ns(),
            "cpu": time.process_time(),
        }

    async def backlog(self) -> Json:
        """Events waiting for the recorder, -1 without one."""
        if "recorder" not in self._hass.config.components:
            return {"backlog": -1}
        from homeassistant.helpers.recorder import get_instance  # noqa: PLC0415

        return {"backlog": get_instance(self._hass).backlog}

    async def drain(self) -> Json:
        """Wait until the recorder has committed everything; CPU seconds then."""
        if "recorder" in self._hass.config.components:
            from homeassistant.helpers.recorder import get_instance  # noqa: PLC0415

            await get_instance(self._hass).async_block_till_done()
        return {"cpu": time.process_time(), "now_ns": time.monotonic_ns()}

    async def write(self, entity: str, values: list[str], pause_every: int) -> Json:
        """Put values one after the other into a state, as fast as the recorder follows."""
        attributes = {"unit_of_measurement": "%", "device_class": "moisture"}
        for index, value in enumerate(values):
            self._hass.states.async_set(entity, value, attributes)
            if index % pause_every == pause_every - 1:
                await self.drain()
        return await self.drain()

    async def diagnostics(self, domain: str) -> Json:
        """What the diagnostics download of each entry of `domain` says, by title."""
        import importlib  # noqa: PLC0415

        module = importlib.import_module(f"custom_components.{domain}.diagnostics")
        return {
            entry.title: await module.async_get_config_entry_diagnostics(self._hass, entry)
            for entry in self._hass.config_entries.async_entries(domain)
        }

    async def profile(self, *, on: bool) -> Json:
        """Start cProfile on the event loop's thread, or stop it and answer its table."""
        if on:
            self._profile = cProfile.Profile()
            self._profile.enable()
            return {}
        assert self._profile is not None
        self._profile.disable()
        out = io.StringIO()
        stats = pstats.Stats(self._profile, stream=out)
        for order in ("tottime", "cumulative"):
            stats.sort_stats(order).print_stats(_PROFILE_LINES)
        return {"profile": out.getvalue()}


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
