"""What is lost when a broker is restarted, and when nodes are handed to another Home Assistant."""

import time
from dataclasses import replace
from os import urandom
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .configuration import DOMAIN, Setup, free_port
from .loadnode import Identity
from .mqtt import Broker
from .process import Generator, Home
from .results import Report, Table, Target
from .telemetry import Way, connect
from .values import hardware_id

_GONE_S = 2.0
_PATIENCE_S = 180.0


def taken_in(home: Home) -> int:
    """Reading sets that the nodes' diagnostics say were new, all nodes together."""
    diagnostics = home.ask("diagnostics", domain=DOMAIN)
    return sum(node["received"] for node in diagnostics.values())


def measure(report: Report, *, count: int, seconds: float) -> None:
    """Both, one after the other, with `count` nodes that measure once a second."""
    table = Table(
        title=f"{count} nodes behind a broker that keep a message a second until it is confirmed, "
        f"for {seconds:.0f} s",
        columns=("event", "measured", "taken in", "not confirmed", "dials a node"),
    )
    report.tables.append(table)
    with TemporaryDirectory(prefix="plant-vita-broker-") as folder:
        broker = Broker(Path(folder), free_port())
        broker.start()
        try:
            _all(report, table, broker, count, seconds)
        finally:
            broker.stop()


def _all(report: Report, table: Table, broker: Broker, count: int, seconds: float) -> None:
    nodes = [Identity.new(hardware_id(index)) for index in range(count)]
    heirs = [replace(node, kid=2, key=urandom(32)) for node in nodes]
    first = Setup(product=True, nodes=nodes, broker_port=broker.port)
    second = Setup(product=True, nodes=heirs, broker_port=broker.port)
    with Home(first) as home, Home(second) as other, Generator() as generator:
        way = Way(key="product_mqtt", title="Plant Vita", platform=DOMAIN, generator=generator)
        connect(home, way, count, nodes, raise_limits=False)
        before = taken_in(home)
        generator.ask("keep", seconds=seconds, patience=_PATIENCE_S)
        time.sleep(seconds / 3)
        broker.stop()
        time.sleep(_GONE_S)
        broker.start()
        kept = generator.ask("kept")
        _tell(report, table, "the broker restarts", kept, taken_in(home) - before)
        before = taken_in(home)
        generator.ask("keep", seconds=seconds, patience=_PATIENCE_S)
        time.sleep(seconds / 3)
        generator.ask("hand_over", identities=[node.as_json() for node in heirs])
        kept = generator.ask("kept")
        taken = taken_in(home) - before + taken_in(other)
        _tell(report, table, "handed over to another Home Assistant", kept, taken)


def _tell(report: Report, table: Table, event: str, kept: dict[str, Any], taken: int) -> None:
    """Write one down; one that both have taken in was not lost either."""
    table.rows.append((event, kept["measured"], taken, kept["unconfirmed"], kept["dials"]))
    report.targets.append(
        Target(
            text=f"{event}: nothing lost, by the nodes' or by Home Assistant's count",
            measured=max(kept["unconfirmed"], kept["measured"] - taken),
            most=0,
        )
    )
