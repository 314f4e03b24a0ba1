"""Home Assistant is gone for two hours, and afterwards its statistics know what the node measured.

The node's clock jumps over the hours in the simulator; Home Assistant is started again with its
clock as much ahead.
"""

import json
import math
import zlib
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
import pytest_socket

from .clocks import faked
from .stage import Stage, Stopwatch, entity, until

pytestmark = pytest.mark.asyncio(loop_scope="module")
TAKES_S = 95

HOUR_S = 3600.0
BEGIN_MINUTE, GONE_MIN = 40, 100  # gone from about 00:40 until 02:20
MOISTURE = 0  # the channel of the soil probe
SETTLED_S = 120.0
ROUNDING = 0.005  # the clocks of both ends, and how long a message travels
REGISTRIES = ("config_entries", "entity_registry")


class Clock:
    """Unix time as Home Assistant sees it, ahead of ours by more and more."""

    def __init__(self) -> None:
        into_hour = datetime.now(UTC).timestamp() % HOUR_S
        self.ahead = (BEGIN_MINUTE * 60 - into_hour) % HOUR_S

    @property
    def now(self) -> float:
        """Seconds."""
        return datetime.now(UTC).timestamp() + self.ahead


@pytest_asyncio.fixture(loop_scope="module")
async def clocked(tmp_path: Path) -> AsyncIterator[tuple[Stage, Clock]]:
    """A stage twenty minutes before the full hour."""
    pytest_socket.enable_socket()
    clock = Clock()
    async with Stage(tmp_path, environment=faked(ahead_s=clock.ahead)) as stage:
        yield stage, clock
        complaints = stage.complaints()
    assert not complaints, "\n\n".join(complaints)


async def test_the_hours_that_were_missed_are_in_the_statistics(clocked, figures):
    stage, clock = clocked
    node = await stage.paired_node(
        "Kitchen basil",
        parts=("soil", "pump"),
        settings={"sample": 10, "tuning": {str(MOISTURE): {"db": 0.3, "hb": 600}}},
        began=13 * HOUR_S,
    )
    moisture = entity(node, "sensor", "soil_moisture")
    await stage.number(moisture)
    full_hour = math.ceil(clock.now / HOUR_S) * HOUR_S
    felt = witness(node, clock)

    await on_disk(stage)
    await stage.kill()
    await node.wait_log("ECONNREFUSED")
    node.world.pot.pour(60)  # a person waters by hand
    jump = Stopwatch()
    await node.advance(GONE_MIN * 60, within=120)
    clock.ahead += GONE_MIN * 60 - jump.seconds  # the time it took is part of the jump
    kept = own_record(node, clock)
    assert len(kept) > 20
    missed = [sample for sample in kept if full_hour <= sample[0] < full_hour + HOUR_S]
    assert len(missed) > 6

    await come_back(stage, clock)
    await stage.number(moisture, within=90)
    wanted = weighted(kept, full_hour)
    back = Stopwatch()
    shown = await settled(stage, moisture, full_hour, wanted)
    figures.append(
        f"an hour missed, {len(missed)} readings → statistics complete: {back.seconds:.0f} s;"
        f" mean {shown['mean']:.4f}, by the node's record {wanted['mean']:.4f}"
    )
    assert shown == pytest.approx(wanted, abs=ROUNDING)
    # And all of that is what the probe in the pot felt, but for the noise the filter lets through.
    true = [value for moment, value in felt if full_hour <= moment < full_hour + HOUR_S]
    assert shown["mean"] == pytest.approx(sum(true) / len(true), abs=1.0)
    assert shown["max"] - shown["min"] == pytest.approx(max(true) - min(true), abs=3.0)


async def on_disk(stage: Stage) -> None:
    """Wait until Home Assistant has written its registries, which takes it ten seconds."""
    files = [stage.home.folder / ".storage" / f"core.{what}" for what in REGISTRIES]

    async def look() -> bool:
        return all(file.exists() and "plant_vita" in file.read_text() for file in files)

    await until(look, 60, "registries written")


async def come_back(stage: Stage, clock: Clock) -> None:
    """Start Home Assistant at the clock's time."""
    stage.home.environment = faked(ahead_s=clock.ahead)
    await stage.start()


def witness(node, clock: Clock) -> list[tuple[float, float]]:
    """What is true of the soil whenever the node looks: (Unix time, %), growing."""
    began = clock.now - node.now
    seen: list[tuple[float, float]] = []
    ask = node.world.adc

    def asked(pin: int) -> int:
        if pin in node.world.probes:
            probe = node.world.probes[pin]
            seen.append((began + node.world.now, node.pot.felt(probe.depth)))
        return ask(pin)

    node.world.adc = asked
    return seen


def own_record(node, clock: Clock) -> list[tuple[float, float]]:
    """What the node has kept in its flash: (Unix time, %), oldest first."""
    anchors = json.loads((node.directory / "past.json").read_text())
    kept = []
    for path in sorted(node.directory.glob("past-*")):
        born = anchors[path.name[-8:]] / 1000
        for line in path.read_bytes().splitlines():
            body = line[8:]
            assert int(line[:8], 16) == zlib.crc32(body)
            _number, up, flat = json.loads(body)
            values = dict(zip(flat[::2], flat[1::2], strict=True))
            if isinstance(value := values.get(MOISTURE, values.get(str(MOISTURE))), int | float):
                kept.append((born + up / 1000, float(value)))
    assert abs(kept[-1][0] - clock.now) < 15 * 60
    return sorted(kept)


def weighted(kept: list[tuple[float, float]], hour: float) -> dict[str, float]:
    """Mean, least and greatest of an hour in which each reading holds until the next."""
    before = [value for moment, value in kept if moment <= hour][-1]
    within = [(hour, before), *(one for one in kept if hour < one[0] < hour + HOUR_S)]
    ends = [moment for moment, _ in within[1:]] + [hour + HOUR_S]
    total = sum(value * (end - moment) for (moment, value), end in zip(within, ends, strict=True))
    values = [value for _, value in within]
    return {"mean": total / HOUR_S, "min": min(values), "max": max(values)}


async def settled(
    stage: Stage, entity_id: str, hour: float, wanted: dict[str, float]
) -> dict[str, float]:
    """Home Assistant's long-term statistics of an hour, once they are right or time is up.

    Its recorder fills a gap at once with the last state it knew; what is late replaces that.
    """
    shown: dict[str, float] = {}

    async def look() -> bool:
        shown.update(await statistics(stage, entity_id, hour))
        return shown == pytest.approx(wanted, abs=ROUNDING)

    with suppress(TimeoutError):
        await until(look, SETTLED_S, f"statistics of {entity_id}", every=0.5)
    return shown


async def statistics(stage: Stage, entity_id: str, hour: float) -> dict[str, float]:
    """What the recorder says of an hour now."""
    answer = await stage.api.command(
        "recorder/statistics_during_period",
        start_time=datetime.fromtimestamp(hour, UTC).isoformat(),
        end_time=datetime.fromtimestamp(hour + HOUR_S, UTC).isoformat(),
        statistic_ids=[entity_id],
        period="hour",
        types=["mean", "min", "max"],
    )
    rows = answer.get(entity_id, [])
    return {what: rows[0][what] for what in ("mean", "min", "max")} if rows else {}
