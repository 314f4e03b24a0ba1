"""500 nodes that send one message a second each, held; every message counted, on each link."""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from . import broker_trouble
from .broker_trouble import taken_in
from .configuration import DOMAIN, Setup, free_port
from .loadnode import Identity
from .mqtt import Broker
from .process import BenchmarkError, Generator, Home
from .results import Report, Table, Target, percentile, ratio
from .telemetry import Way, connect
from .values import PER_REPORT, hardware_id

_NODES, _NODES_SAMPLE = 500, 40
_SECONDS, _SECONDS_SAMPLE = 600.0, 10.0
_SETTLE_S = 3.0
_P99_MS = 50.0
_TROUBLED_S, _TROUBLED_SAMPLE_S = 60.0, 9.0
_WAYS = {
    "product": "WebSockets",
    "product_mqtt": "an MQTT broker",
    "mqtt": "Home Assistant's own MQTT discovery",
}
_SUMMARY = f"""\
{_NODES} paired nodes × {PER_REPORT} sensors on one Home Assistant without a recorder, one message a
second each, evenly spread, limits as shipped; once over WebSockets, once through mosquitto on
loopback, where each node has a connection of its own and Home Assistant one. A message counts when
its {PER_REPORT} state changes have been fired; latency is from the send to the last of them, on one
clock. Beside it as many nodes of Home Assistant's own MQTT discovery, JSON without a seal, without
confirmations and without a disk. Then the broker is gone for two seconds, and all nodes are handed
over to another Home Assistant on the same broker, while they go on measuring. A short sample has
{_NODES_SAMPLE} nodes."""


def _waits(sent_ns: list[list[int]], times_ns: list[list[int]]) -> list[tuple[str, float]]:
    """Milliseconds from sending to the last state change."""
    waits = [
        (end - start) / 1e6
        for starts, ends in zip(sent_ns, times_ns, strict=True)
        for start, end in zip(starts, ends, strict=False)
    ]
    return [
        ("p50 ms", percentile(waits, 0.5)),
        ("p95 ms", percentile(waits, 0.95)),
        ("p99 ms", percentile(waits, 0.99)),
        ("worst ms", max(waits)),
        ("mean ms", statistics.fmean(waits)),
    ]


def _hold(home: Home, generator: Generator, key: str, count: int, seconds: float) -> dict[str, Any]:
    """Send for so long; what went out, what came in, and what it cost."""
    ours = key != "mqtt"
    platform = DOMAIN if ours else "mqtt"
    way = Way(key=key, title=key, platform=platform, generator=generator)
    began = time.monotonic()
    connect(home, way, count, home.setup.nodes, raise_limits=False)
    connected = time.monotonic() - began
    home.ask("watch", nodes=way.entities)
    taken = taken_in(home) if ours else 0
    before, memory = home.ask("cpu"), home.ask("memory")["rss"]
    home.ask("pauses")
    paced = generator.ask("pace", rate=count, seconds=seconds)
    after, pauses = home.ask("cpu"), home.ask("pauses")["ms"]
    time.sleep(_SETTLE_S)
    noted, later = home.ask("unwatch"), home.ask("memory")["rss"]
    if paced["alive"] != count:
        raise BenchmarkError(f"only {paced['alive']} of {count} sessions lasted\n{home.tail()}")
    confirmed = generator.ask("confirmed")["numbers"] if ours else paced["numbers"]
    span = (after["now_ns"] - before["now_ns"]) / 1e9
    sent = sum(map(len, paced["sent_ns"]))
    return {
        "sent": sent,
        "arrived": sum(noted["changes"]) / PER_REPORT,
        "taken": taken_in(home) - taken if ours else None,
        "unconfirmed": sum(
            number - known for number, known in zip(paced["numbers"], confirmed, strict=True)
        ),
        "connected": connected,
        "waits": _waits(paced["sent_ns"], noted["times_ns"]),
        "share": (after["cpu"] - before["cpu"]) / span * 100,
        "cpu": (after["cpu"] - before["cpu"]) / sent * 1e6,
        "pause": max(pauses, default=0.0),
        "growth": (later - memory) / count / 1024,
    }


@contextmanager
def _broker() -> Iterator[int]:
    """The port of a broker that runs meanwhile."""
    with TemporaryDirectory(prefix="plant-vita-broker-") as folder:
        broker = Broker(Path(folder), free_port())
        broker.start()
        try:
            yield broker.port
        finally:
            broker.stop()


def run(*, sample: bool) -> Report:
    """The whole benchmark."""
    seconds, count = (_SECONDS_SAMPLE, _NODES_SAMPLE) if sample else (_SECONDS, _NODES)
    report = Report(name="scale", summary=_SUMMARY, sample=sample)
    costs = {}
    for key, title in _WAYS.items():
        ours = key != "mqtt"
        nodes = [Identity.new(hardware_id(index)) for index in range(count)] if ours else []
        with _broker() as port:
            setup = Setup(product=ours, nodes=nodes, broker_port=port)
            with Home(setup) as home, Generator() as generator:
                if not sample:
                    # Nobody adds 500 nodes at once: the first boot only registers their entities.
                    home.stop()
                    home.start()
                held = _hold(home, generator, key, count, seconds)
        costs[key] = held["cpu"]
        headline = f"{count} nodes over {title}, {seconds:.0f} s"
        _tell(report, headline, title, held, ours=ours)
    report.notes += [
        f"Over {_WAYS[key]} a message takes {ratio(costs[key], costs['mqtt']):.2f} of the CPU of "
        f"one over {_WAYS['mqtt']}."
        for key in ("product", "product_mqtt")
    ]
    broker_trouble.measure(
        report, count=count, seconds=_TROUBLED_SAMPLE_S if sample else _TROUBLED_S
    )
    return report


def _tell(report: Report, headline: str, way: str, held: dict[str, Any], *, ours: bool) -> None:
    """Write down what one way has shown."""
    sent, arrived, taken = held["sent"], held["arrived"], held["taken"]
    rows = [
        ("messages sent", sent),
        ("messages that became states", arrived),
        ("messages by the integration's own count", taken),
        ("messages not confirmed as on disk", held["unconfirmed"]),
        ("all connected and first reading, s", held["connected"]),
        *held["waits"],
        ("share of one core, %", held["share"]),
        ("CPU µs a message", held["cpu"]),
        ("longest garbage collection, ms", held["pause"]),
        ("growth of memory over the run, KiB a node", held["growth"]),
    ]
    rows = [row for row in rows if row[1] is not None]
    report.tables.append(Table(title=headline, columns=("quantity", "measured"), rows=rows))
    if not ours:
        return
    report.targets += [
        Target(
            text=f"over {way}: no message lost, by either count",
            measured=max(abs(sent - arrived), abs(sent - taken)),
            most=0,
        ),
        Target(text=f"over {way}: every message confirmed", measured=held["unconfirmed"], most=0),
        Target(text=f"over {way}: p99, ms", measured=dict(held["waits"])["p99 ms"], most=_P99_MS),
    ]
