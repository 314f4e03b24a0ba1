"""Reports of 50 nodes × 6 sensors into Home Assistant: ceiling, MQTT discovery, ourselves."""

import contextlib
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from .configuration import DOMAIN, Setup, free_port
from .loadnode import Identity
from .mqtt import Broker
from .process import BenchmarkError, Generator, Home, Json
from .results import Report, Table, Target, percentile, ratio
from .values import PER_REPORT, SENSORS, hardware_id

NODES = 50
_COUNTER = next(k for k, sensor in enumerate(SENSORS) if sensor[0] == "illuminance")
_LATENCY_RATE = 100.0
_FINISH_S = 120.0
_WARM_UP = 20
_ATTEMPTS = 10
_SETTLE_S = 0.3
_PLATFORMS = {
    "ceiling": "bench_probe",
    "plain": "bench_probe",
    "mqtt": "mqtt",
    "product": DOMAIN,
}
_PREFIXES = {"ceiling": "c", "plain": "p"}
_NOTE = """\
The ceiling writes the nodes in turn, as reports come in reality; a saturated socket hands over
several reports of one node in a row, whose objects are then still in the processor's cache. So a
WebSocket can come out below the ceiling at saturation. The difference between the plain WebSocket
and ours is the price of sealing, checks and the journal.

As shipped, Plant Vita makes one state of a burst: when a node reports more than four times a second
(only so here, at saturation, far above the two messages a second that a node may send), the newest
becomes state and the others go to the statistics at the times they were measured. Its rate
and cost are therefore those of taking reports in, not of making states of them, and do not compare
with the other rows, which make a state of every report. The row "every report a state" is the same
code with that switched off from outside, and the one that compares."""
_TITLES = {
    "ceiling": "ceiling: six writes in process",
    "plain": "WebSocket, minimal, no checks",
    "mqtt": "MQTT discovery, JSON + templates",
    "product": "Plant Vita, sealed WebSocket",
}
_SUMMARY = """\
50 nodes × 6 sensors into one Home Assistant, the load in a process of its own, state changes
counted once before, with every report made a state (none may be missing or merged). Rates are at
saturation, CPU is that of all threads of the Home Assistant process, latency is from the send to
the sixth state change at 100 reports/s on one clock. Ours with authentication, sealing,
validation, de-duplication, the journal on disk and limits executed; only the *numbers* of the
limits are raised, or the rate could not be measured."""


@dataclass(kw_only=True, slots=True)
class Size:
    """How much is measured."""

    rounds: int
    each: int
    each_recorded: int
    latency_s: float
    memory_nodes: int


FULL = Size(rounds=7, each=200, each_recorded=30, latency_s=20, memory_nodes=200)
SAMPLE = Size(rounds=1, each=60, each_recorded=10, latency_s=2, memory_nodes=50)


@dataclass(kw_only=True)
class Way:
    """One way in, and what was measured on it, one item for each round."""

    key: str
    title: str
    platform: str
    generator: Generator | None = None
    entities: list[list[str]] = field(default_factory=list)
    number: int = 0
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    rates_in_full: list[float] = field(default_factory=list)
    costs_in_full: list[float] = field(default_factory=list)
    latencies: list[list[float]] = field(default_factory=list)
    share: float = 1.0

    def latency(self, share: float) -> float:
        """Median over the rounds of a percentile, in ms."""
        return statistics.median(percentile(times, share) for times in self.latencies)


def connect(
    home: Home, way: Way, count: int, nodes: list[Identity], *, raise_limits: bool = True
) -> None:
    """Connect the load of a way and find its entities, in the order of the nodes."""
    if way.generator is not None:
        port = home.setup.broker_port if way.key.endswith("mqtt") else home.port
        if way.key == "product" and raise_limits:
            home.ask("raise_limits")
        way.generator.ask(
            "connect",
            kind=way.key,
            port=port,
            count=count,
            identities=[node.as_json() for node in nodes],
        )
    prefix = _PREFIXES.get(way.key, "")
    wanted = [prefix + hardware_id(index) for index in range(count)]
    until = time.monotonic() + _FINISH_S
    while True:
        found = home.ask("entities", platform=way.platform)["nodes"]
        if all(None not in found.get(name, [None]) for name in wanted):
            break
        if time.monotonic() > until:
            raise BenchmarkError(f"{way.title}: entities are missing: {found.get(wanted[0])}")
        time.sleep(0.2)
    way.entities = [found[name] for name in wanted]
    _prime(home, way)


def _prime(home: Home, way: Way) -> None:
    """Send one report of every node until it arrives: MQTT subscribes a while after discovery."""
    if way.generator is None:
        return
    for _ in range(_ATTEMPTS):
        way.generator.ask("prepare", each=1)
        way.generator.ask("blast")
        way.number += 1
        if not _arrived(home, way, 2.0)["missing"]:
            return
    raise BenchmarkError(f"{way.title}: nothing arrives\n{home.tail()}")


def _arrived(home: Home, way: Way, seconds: float) -> Json:
    """Wait for the newest report of every node."""
    last = SENSORS[_COUNTER][3](way.number)
    states = {entities[_COUNTER]: last for entities in way.entities}
    return home.ask("finish", states=states, seconds=seconds)


def saturate(home: Home, way: Way, each: int) -> tuple[float, float]:
    """Send `each` reports of every node at once: reports/s, and CPU µs a report.

    The CPU time is that of all threads of Home Assistant, until the recorder (if there is one) has
    committed and whatever the path does afterwards is done.
    """
    total = len(way.entities) * each
    if way.generator is not None:
        way.generator.ask("prepare", each=each)
    before = home.ask("cpu")["cpu"]
    seconds = _send(home, way, each)
    time.sleep(_SETTLE_S)
    after = home.ask("drain")["cpu"]
    return total / seconds, (after - before) / total * 1e6


def _send(home: Home, way: Way, each: int) -> float:
    """Seconds from the first byte of what was prepared to the last state."""
    if way.generator is None:
        return float(home.ask("ceiling", each=each)["seconds"])
    way.number += each
    blast = way.generator.ask("blast")
    done = _arrived(home, way, _FINISH_S)
    if done["missing"]:
        raise BenchmarkError(
            f"{way.title}: {done['missing']} nodes lack the last report, "
            f"{blast['alive']} of {len(way.entities)} still connected\n{home.tail()}"
        )
    return float(done["now_ns"] - blast["began_ns"]) / 1e9


@contextlib.contextmanager
def in_full(home: Home, way: Way) -> Iterator[None]:
    """Make a state of every report, also where the product only shows the newest of a burst."""
    if way.key == "product":
        home.ask("every_report", on=True)
    try:
        yield
    finally:
        if way.key == "product":
            home.ask("every_report", on=False)


def became_states(home: Home, way: Way, each: int) -> float:
    """Share of the reports of a saturation run that became states (0–1), nothing switched off."""
    home.ask("watch", nodes=way.entities)
    saturate(home, way, each)
    changes = home.ask("unwatch")["changes"]
    return sum(changes) / (len(changes) * each * PER_REPORT)


def verify(home: Home, way: Way, each: int) -> None:
    """A saturation run whose state changes are counted: none may be missing or merged."""
    home.ask("watch", nodes=way.entities)
    with in_full(home, way):
        saturate(home, way, each)
    changes = home.ask("unwatch")["changes"]
    if set(changes) != {each * PER_REPORT}:
        raise BenchmarkError(
            f"{way.title}: {each} reports made {min(changes)}–{max(changes)} state changes a node, "
            f"not {each * PER_REPORT}"
        )


def latency(home: Home, way: Way, seconds: float) -> list[float]:
    """Milliseconds from sending a report to the last of its six state changes, at 100 reports/s."""
    assert way.generator is not None
    home.ask("watch", nodes=way.entities)
    paced = way.generator.ask("pace", rate=_LATENCY_RATE, seconds=seconds)
    time.sleep(0.3)
    noted = home.ask("unwatch")["times_ns"]
    way.number = paced["numbers"][0]
    if [len(times) for times in noted] != [len(times) for times in paced["sent_ns"]]:
        raise BenchmarkError(f"{way.title}: reports were lost at {_LATENCY_RATE:.0f}/s")
    return [
        (arrived - sent) / 1e6
        for sents, times in zip(paced["sent_ns"], noted, strict=True)
        for sent, arrived in zip(sents, times, strict=True)
    ]


@contextlib.contextmanager
def laboratory(*, recorder: bool) -> Iterator[tuple[Home, list[Way]]]:
    """One Home Assistant with all ways connected, and a broker beside it."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="plant-vita-bench-"))
        broker = Broker(Path(folder), free_port())
        broker.start()
        stack.callback(broker.stop)
        nodes = [Identity.new(hardware_id(index)) for index in range(NODES)]
        setup = Setup(
            recorder=recorder,
            ceiling_nodes=NODES,
            plain_nodes=NODES,
            broker_port=broker.port,
            product=True,
            nodes=nodes,
        )
        home = stack.enter_context(Home(setup))
        ways = [Way(key=key, title=_TITLES[key], platform=_PLATFORMS[key]) for key in _PLATFORMS]
        for way in ways:
            if way.key != "ceiling":
                way.generator = stack.enter_context(Generator())
            connect(home, way, NODES, nodes)
            verify(home, way, _WARM_UP)
        yield home, ways


def measure(size: Size, *, recorder: bool) -> list[Way]:
    """All rounds, the ways taking turns."""
    each = size.each_recorded if recorder else size.each
    with laboratory(recorder=recorder) as (home, ways):
        for _ in range(size.rounds):
            for way in ways:
                with in_full(home, way):
                    rate, cost = saturate(home, way, each)
                way.rates_in_full.append(rate)
                way.costs_in_full.append(cost)
                if way.key == "product":
                    rate, cost = saturate(home, way, each)
                way.rates.append(rate)
                way.costs.append(cost)
        for way in ways:
            way.share = became_states(home, way, each)
        for _ in range(size.rounds):
            for way in ways:
                if way.generator is not None:
                    way.latencies.append(latency(home, way, size.latency_s / size.rounds))
        return ways


def memory(way: str, count: int) -> float:
    """KiB a node costs on one way: two Home Assistants that differ by `count` − 1 nodes."""
    return (_resident(way, count) - _resident(way, 1)) / (count - 1) / 1024


def _resident(way: str, count: int) -> float:
    """Resident bytes of a Home Assistant with `count` connected nodes that have reported."""
    with contextlib.ExitStack() as stack:
        setup, generator = Setup(), None
        nodes = [Identity.new(hardware_id(index)) for index in range(count)]
        if way == "ceiling":
            setup.ceiling_nodes = count
        elif way == "plain":
            setup.plain_nodes = count
        elif way == "mqtt":
            folder = stack.enter_context(TemporaryDirectory(prefix="plant-vita-bench-"))
            broker = Broker(Path(folder), free_port())
            broker.start()
            stack.callback(broker.stop)
            setup.broker_port = broker.port
        else:
            setup.product, setup.nodes = True, nodes
        home = stack.enter_context(Home(setup))
        if way != "ceiling":
            generator = stack.enter_context(Generator())
        path = Way(key=way, title=way, platform=_PLATFORMS[way], generator=generator)
        connect(home, path, count, nodes)
        saturate(home, path, 5)
        return float(home.ask("memory")["rss"])


def _table(title: str, ways: list[Way]) -> Table:
    table = Table(
        title=title,
        columns=(
            "path",
            "reports/s",
            "CPU µs/report",
            "became states, %",
            "p50 ms",
            "p95 ms",
            "p99 ms",
        ),
    )
    for way in ways:
        shares = [way.latency(share) if way.latencies else None for share in (0.5, 0.95, 0.99)]
        rate, cost = statistics.median(way.rates), statistics.median(way.costs)
        table.rows.append((way.title, rate, cost, way.share * 100, *shares))
        if way.key == "product":
            full = statistics.median(way.rates_in_full), statistics.median(way.costs_in_full)
            in_states = (f"{way.title}, every report a state", *full, 100)
            table.rows.append((*in_states, None, None, None))
    return table


def _targets(ways: list[Way]) -> list[Target]:
    of = {way.key: way for way in ways}
    ceiling, peer, ours = of["ceiling"], of["mqtt"], of["product"]

    def paired(above: list[float], below: list[float]) -> float:
        return statistics.median(ratio(a, b) for a, b in zip(above, below, strict=True))

    unlike = f"as shipped, not like for like: {ours.share:.1%} of the reports become states"
    return [
        Target(
            text="rate at least 3 × MQTT discovery's, every report a state",
            measured=paired(ours.rates_in_full, peer.rates),
            least=3,
        ),
        Target(
            text="CPU for each report at most 1.5 × the ceiling's, every report a state",
            measured=paired(ours.costs_in_full, ceiling.costs),
            most=1.5,
        ),
        Target(
            text=f"rate at least 3 × MQTT discovery's, {unlike}",
            measured=paired(ours.rates, peer.rates),
            least=3,
        ),
        Target(
            text=f"CPU for each report at most 1.5 × the ceiling's, {unlike}",
            measured=paired(ours.costs, ceiling.costs),
            most=1.5,
        ),
        Target(
            text="p50 at most 0.5 × MQTT discovery's",
            measured=ratio(ours.latency(0.5), peer.latency(0.5)),
            most=0.5,
        ),
    ]


def run(*, sample: bool) -> Report:
    """The whole benchmark."""
    size = SAMPLE if sample else FULL
    report = Report(name="telemetry", summary=_SUMMARY, sample=sample)
    bare = measure(size, recorder=False)
    report.tables.append(_table("Without a recorder", bare))
    report.targets = _targets(bare)
    recorded = measure(size, recorder=True)
    report.tables.append(_table("With a recorder on SQLite; CPU until committed", recorded))
    if not sample:  # eight more Home Assistants have to start for it
        costs = Table(title="Memory", columns=("path", "KiB a node"))
        for way in bare:
            costs.rows.append((way.title, memory(way.key, size.memory_nodes)))
        report.tables.append(costs)
    report.notes.append(_NOTE)
    return report
