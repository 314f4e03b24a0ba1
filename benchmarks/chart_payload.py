"""How much a card is sent to draw a week of moisture, beside the recorder's own answer."""

import asyncio
import time
from datetime import timedelta
from itertools import batched

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.history import get_significant_states
from homeassistant.components.recorder.tasks import SynchronizeTask
from homeassistant.core import HomeAssistant
from homeassistant.helpers.json import json_bytes
from homeassistant.util import dt as dt_util

from custom_components.plant_vita.plants.definition import Input
from custom_components.plant_vita.plants.screen import chart
from custom_components.plant_vita.plants.track import Track

from .configuration import DOMAIN
from .garden_cost import entity_id, garden_entry
from .house import house
from .process import BenchmarkError
from .results import Report, Table, Target, ratio

DAYS = 7
_MINUTE_S, _DAY_S = 60.0, 86_400.0
# Not one that a plant is bound to: it would be judged anew at each of ten thousand readings.
_PROBE = "sensor.recorded_probe"
_MOST = 0.03
_SUMMARY = f"""\
A soil probe that reports once a minute for {DAYS} days, with a watering in their midst, in a real
Home Assistant with its recorder on SQLite. Compared are the bytes of JSON that our card is sent for
its chart (history, forecast, target and waterings) and those that the recorder answers to what
Home Assistant's own history graph asks: every change, without attributes, in its short form. A
probe that reports only changes leaves the recorder less to send; the chart stays as large."""


def run(*, sample: bool) -> Report:
    """Measure once: neither side of it is left to chance."""
    return reported(*asyncio.run(_measured()), sample=sample)


def reported(ours: int, own: int, points: int, rows: int, *, sample: bool) -> Report:
    """Bytes of our answer and of the recorder's own, and how many points each has."""
    report = Report(name="chart_payload", summary=_SUMMARY, sample=sample)
    report.tables.append(
        Table(
            title=f"{DAYS} days of one probe",
            columns=("answer", "bytes", "points"),
            rows=[("Plant Vita, chart", ours, points), ("the recorder", own, rows)],
        )
    )
    text = f"bytes of the chart of {DAYS} days ÷ those of the recorder's answer"
    report.targets.append(Target(text=text, measured=ratio(ours, own), most=_MOST))
    return report


def readings(end: float) -> tuple[list[float], list[float]]:
    """When the probe spoke (Unix seconds) and what it said (%): drying, watered after four days."""
    times = [end - DAYS * _DAY_S + n * _MINUTE_S for n in range(1, int(DAYS * 1440))]
    values = [
        round(60 - (at - times[0]) / _DAY_S % 4 * 8 + n % 7 / 10, 2) for n, at in enumerate(times)
    ]
    return times, values


async def _measured() -> tuple[int, int, int, int]:
    async with house(entries=[garden_entry(1)], parts={"recorder": {}}) as hass:
        end = time.time()
        times, values = readings(end)
        await _record(hass, times, values)
        (garden,) = hass.config_entries.async_entries(DOMAIN)
        (plant,) = garden.runtime_data.garden.plants.values()
        plant.memory.tracks[Input.MOISTURE] = Track(times, values)
        now = {"unit_of_measurement": "%"}
        hass.states.async_set(entity_id(0, "soil_a"), str(values[-1]), now)
        await plant.async_refresh()
        drawn = chart(plant, end, DAYS)
        start = dt_util.utc_from_timestamp(end) - timedelta(days=DAYS)
        found = await get_instance(hass).async_add_executor_job(
            lambda: get_significant_states(
                hass,
                start,
                entity_ids=[_PROBE],
                significant_changes_only=False,
                minimal_response=True,
                no_attributes=True,
                compressed_state_format=True,
            )
        )
        rows = len(found.get(_PROBE, []))
        if rows < len(times) or len(drawn["history"]) < 200 or not drawn["forecast"]:
            raise BenchmarkError(f"{rows} rows, {len(drawn['history'])} points of {len(times)}")
        return len(json_bytes(drawn)), len(json_bytes(found)), len(drawn["history"]), rows


async def _record(hass: HomeAssistant, times: list[float], values: list[float]) -> None:
    """Have the recorder write these states as if they had just come, each at its time."""
    recorder = get_instance(hass)
    # What the recorder has to do grows with the square of what waits for it.
    for some in batched(zip(times, values, strict=True), 500, strict=False):
        for at, value in some:
            hass.states.async_set(_PROBE, str(value), {"unit_of_measurement": "%"}, timestamp=at)
        written = hass.loop.create_future()
        recorder.queue_task(SynchronizeTask(written))
        await written
