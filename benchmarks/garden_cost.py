"""What a large garden costs: 200 plants, six sensors each, one reading a minute."""

import asyncio
import dataclasses
import math
import random
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import numpy as np
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from custom_components.plant_vita.plants.coordinator import SETTLE_S, PlantCoordinator
from custom_components.plant_vita.plants.definition import Input
from custom_components.plant_vita.plants.track import KEPT_S, Track

from .configuration import DOMAIN, Json, entry
from .house import Loop, house, watched
from .process import BenchmarkError
from .results import Report, Table, Target

PLANTS = 200
_MINUTE_S, _DAY_S = 60.0, 86_400.0
_FULL_S, _SAMPLE_S = 600.0, 5.0
_SAMPLE_PLANTS = 50
_SAVED_EVERY_S = 3 * 3600.0
SENSORS = (
    ("soil_a", Input.MOISTURE, "%"),
    ("soil_b", Input.MOISTURE, "%"),
    ("light", Input.LIGHT, "lx"),
    ("warmth", Input.TEMPERATURE, "°C"),
    ("damp", Input.HUMIDITY, "%"),
    ("salt", Input.CONDUCTIVITY, "μS/cm"),
)


@dataclasses.dataclass(kw_only=True)
class Cost:
    """One run: its length, the CPU that the process used, and what the loop was kept from."""

    seconds: float
    cpu: float
    readings: int
    loop: Loop

    @property
    def share(self) -> float:
        """Of one core, in percent."""
        return 100 * self.cpu / self.seconds


def entity_id(plant: int, sensor: str) -> str:
    """What a sensor of a plant is called."""
    return f"sensor.bench_{plant}_{sensor}"


def garden_entry(plants: int) -> Json:
    """The entry of a garden, as it is stored, whose plants have six sensors each."""
    garden = entry(DOMAIN, "Plants", {"kind": "garden"}, unique_id="kind:garden")
    garden["subentries"] = [_subentry(plant) for plant in range(plants)]
    return garden


def _subentry(plant: int) -> Json:
    bound: dict[str, list[str]] = {}
    for sensor, one, _ in SENSORS:
        bound.setdefault(one, []).append(entity_id(plant, sensor))
    return {
        "data": {"species": "monstera_deliciosa", **bound},
        "subentry_id": f"{plant:026d}",
        "subentry_type": "plant",
        "title": f"Plant {plant}",
        "unique_id": None,
    }


def _value(plant: int, one: Input, now: float) -> float:
    """What a sensor says at a moment: a pot that dries in eight days, and a day's weather."""
    day = math.sin(2 * math.pi * now / _DAY_S)
    dry = (now / _DAY_S + plant / 7) % 8 / 8
    noise = random.gauss(0, 0.2)
    return {
        Input.MOISTURE: 60 - 35 * dry + noise,
        Input.LIGHT: max(0.0, 12_000 * day + 50 * noise),
        Input.TEMPERATURE: 21 + 3 * day + noise / 4,
        Input.HUMIDITY: 50 - 8 * day + noise,
        Input.CONDUCTIVITY: 900 - 300 * dry + 5 * noise,
    }[one]


def _say(hass: HomeAssistant, plant: int, now: float) -> None:
    """All six sensors of one plant at once, as a node's report makes them."""
    for sensor, one, unit in SENSORS:
        value = f"{_value(plant, one, now):.2f}"
        hass.states.async_set(entity_id(plant, sensor), value, {"unit_of_measurement": unit})


async def _remember(plants: list[PlantCoordinator], now: float) -> None:
    """Let every plant have lived for three weeks: full tracks, and a pot that was learnt."""
    steps = ((KEPT_S, 2 * _DAY_S, 3600.0), (2 * _DAY_S, _DAY_S / 2, 300.0), (_DAY_S / 2, 60, 60.0))
    times = np.concatenate([np.arange(now - old, now - young, step) for old, young, step in steps])
    for number, plant in enumerate(plants):
        for one in Input:
            values = [_value(number, one, at) for at in times.tolist()]
            plant.memory.tracks[one] = Track(times.tolist(), values)
    first = plants[0]
    for _ in range(5):
        # Looks at the whole past again, and learns some days of it.
        first.async_redefine(first.definition)
        await first.async_refresh()
    model = first.memory.model
    if model.days.max() < 5:
        raise BenchmarkError(f"learnt from {model.days} days only")
    for number, plant in enumerate(plants):
        # Each learns once a day, at a time of its own.
        until = now - _DAY_S * (number + 0.5) / len(plants)
        plant.memory.model = dataclasses.replace(model, until=until)


@asynccontextmanager
async def _garden(plants: int) -> AsyncIterator[tuple[HomeAssistant, list[PlantCoordinator]]]:
    """A house with so many plants that have been there for three weeks."""
    entries = [garden_entry(plants)] if plants else []
    async with house(entries=entries) as hass:
        if not plants:
            yield hass, []
            return
        (garden,) = hass.config_entries.async_entries(DOMAIN)
        if garden.state is not ConfigEntryState.LOADED:
            raise BenchmarkError("the garden did not start")
        grown = list(garden.runtime_data.garden.plants.values())
        await _remember(grown, time.time())
        yield hass, grown


def _order(plants: int) -> Iterator[tuple[float, int]]:
    """When each plant's sensors speak in each minute."""
    minute = 0
    while True:
        for plant in range(plants):
            yield _MINUTE_S * (minute + plant / plants), plant
        minute += 1


async def _measure(hass: HomeAssistant, plants: int, seconds: float) -> Cost:
    """Let all sensors speak once a minute for so long."""
    for plant in range(plants):
        _say(hass, plant, time.time())
    # What the first reading of all of them at once brings about is not what this is about.
    if hass.config_entries.async_entries(DOMAIN):
        await asyncio.sleep(2 * SETTLE_S + 5)
    readings, began = 0, time.monotonic()
    async with watched() as loop:
        cpu = time.process_time()
        for at, plant in _order(plants):
            if at >= seconds:
                break
            await asyncio.sleep(max(0.0, began + at - time.monotonic()))
            _say(hass, plant, time.time())
            readings += len(SENSORS)
        await asyncio.sleep(max(0.0, began + seconds - time.monotonic()))
        cpu = time.process_time() - cpu
    took = time.monotonic() - began
    return Cost(seconds=took, cpu=cpu, readings=readings, loop=loop)


async def _saving(hass: HomeAssistant, plants: list[PlantCoordinator]) -> tuple[float, float]:
    """CPU of the whole process to write all plants down, and the longest step of the loop."""
    async with watched() as loop:
        cpu = time.process_time()
        for plant in plants:
            plant._async_save(dt_util.utcnow())  # noqa: SLF001 - what happens every three hours
        await asyncio.sleep(1)
        await hass.async_block_till_done()
        cpu = time.process_time() - cpu
    return cpu, loop.longest


async def _run(plants: int, seconds: float) -> tuple[Cost, Cost, float, float]:
    async with _garden(0) as (hass, _):
        bare = await _measure(hass, plants, min(seconds, 120.0))
    async with _garden(plants) as (hass, grown):
        full = await _measure(hass, plants, seconds)
        saved, step = await _saving(hass, grown)
    return bare, full, saved, step


_SUMMARY = """\
{plants} plants with six sensors each in a real Home Assistant in this process, without a recorder.
Every plant has three weeks of readings and a pot that was learnt; a plant's six sensors speak
together once a minute, as a node's report makes them, the plants one after the other. CPU is that
of all threads, with what it costs Home Assistant to take in the readings; a step is what the event
loop does at one go, in CPU time of its thread, collections of garbage apart. All plants are written
down every three hours: that is measured for itself and counted in."""


def run(*, sample: bool) -> Report:
    """Measure a house without plants beside it."""
    plants, seconds = (_SAMPLE_PLANTS, _SAMPLE_S) if sample else (PLANTS, _FULL_S)
    bare, full, saved, step = asyncio.run(_run(plants, seconds))
    share = full.share + 100 * saved / _SAVED_EVERY_S
    report = Report(name="garden_cost", summary=_SUMMARY.format(plants=plants), sample=sample)
    report.tables.append(_table(plants, bare, full))
    report.targets += [
        Target(
            text=f"{PLANTS} plants take less than 1 % of one core, Home Assistant's share included",
            # A sample has fewer plants: this is what so many more would take.
            measured=share * PLANTS / plants,
            most=1.0,
        ),
        Target(
            text="no step of the event loop takes 20 ms, collections of garbage apart",
            measured=1000 * max(full.loop.longest, step),
            most=20.0,
        ),
    ]
    collections = sum(full.loop.garbage)
    report.notes.append(
        f"Writing all plants down took {saved:.2f} s of CPU, its longest step {1000 * step:.1f} "
        f"ms. Collections of garbage, which Python begins by itself, took {1000 * collections:.0f} "
        f"ms in all. The longest step was `{_short(full.loop.doing)}`. By the clock the same steps "
        "hold what others did on the machine meanwhile, and the other threads of this process."
    )
    return report


def _table(plants: int, bare: Cost, full: Cost) -> Table:
    table = Table(
        title=f"{plants} plants, {plants * len(SENSORS)} sensors, a reading a minute",
        columns=(
            "house",
            "seconds",
            "readings",
            "CPU s an hour",
            "share of one core, %",
            "longest step ms",
            "by the clock ms",
            "collections",
            "longest collection ms",
        ),
    )
    for name, cost in (("the same readings, no plants", bare), ("with the garden", full)):
        loop = cost.loop
        figures = (cost.seconds, cost.readings, 36 * cost.share, cost.share)
        steps = (1000 * loop.longest, 1000 * loop.longest_wall)
        garbage = (len(loop.garbage), 1000 * max(loop.garbage, default=0.0))
        table.rows.append((name, *figures, *steps, *garbage))
    return table


def _short(handle: str) -> str:
    """What a handle is, without the addresses and paths of this machine."""
    return re.sub(r"( at 0x[0-9a-f]+| created at .*|when=\S+ )", "", handle)[:120]
