"""What the recorder has to write: raw readings against the firmware's filter, and a flood."""

import importlib.util
import sqlite3
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from .configuration import DOMAIN, ROOT, Setup, free_port
from .loadnode import Identity
from .mqtt import Broker
from .pot import DAYS, NOISES, Noise, Trace, centred_median, mean_error, trace
from .process import BenchmarkError, Generator, Home, Json
from .results import Report, Table, Target, ratio
from .telemetry import Way, connect
from .values import PER_REPORT, hardware_id

_FILTER = ROOT / "firmware" / "esp32" / "plantnode" / "filter.py"
_LIKE_THE_LOG = "spiky"
_MEDIAN_MINUTES = 61
_NODES = 50
_ALLOWED = 2.0
_FLOOD = 10 * _ALLOWED
_FLOOD_S = 30.0
_FLOOD_SAMPLE_S = 6.0
_BACKLOG_MOST = 1000
_SUMMARY = f"""\
A noisy indoor pot ({DAYS} days, one sample a minute; simulated, so that the truth is known) written
into a real recorder on SQLite, once every sample and once through the filter that the firmware
runs, loaded from `firmware/esp32/plantnode/filter.py`. Errors are mean absolute differences,
minute by minute, of what Home Assistant shows. Then {_NODES} nodes that send {_FLOOD:.0f} messages
a second each, ten times what is allowed, and dial again at once when they are thrown out; limits
as shipped."""


def through_filter(raw: Sequence[float]) -> tuple[list[float], list[float]]:
    """What the firmware reports of `raw`, and what Home Assistant shows at each minute of it."""
    spec = importlib.util.spec_from_file_location("plantnode_filter", _FILTER)
    if spec is None or spec.loader is None or not _FILTER.exists():
        raise BenchmarkError("the firmware has no filter to measure")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    step, reported, shown = module.Filter("m"), [], []
    for minute, value in enumerate(raw):
        told = step.add(value, minute * 60_000)
        if told is not None:
            reported.append(float(told))
        shown.append(reported[-1])
    return reported, shown


def rows_written(home: Home, entity: str, values: Sequence[float]) -> int:
    """Rows of the recorder's `states` table for one entity that went through `values`."""
    home.ask("write", entity=entity, values=[str(value) for value in values], pause_every=500)
    path = home.folder / "home-assistant_v2.db"
    base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        found = base.execute(
            "select count(*) from states join states_meta using (metadata_id)"
            " where states_meta.entity_id = ?",
            (entity,),
        ).fetchone()
    finally:
        base.close()
    return int(found[0])


def _pots(report: Report, *, sample: bool) -> None:
    table = Table(
        title="Rows and error of one pot",
        columns=(
            "noise",
            "rows raw",
            "rows filtered",
            "times fewer",
            "raw from truth",
            "filtered from truth",
            "raw from median",
            "filtered from median",
        ),
    )
    report.tables.append(table)
    with Home(Setup(recorder=True)) as home:
        for name, noise in NOISES.items():
            if sample and name != _LIKE_THE_LOG:
                continue
            fewer, errors = _pot(home, name, noise, table)
            if name == _LIKE_THE_LOG:
                report.targets += [
                    Target(text="at least 10 × fewer rows than raw", measured=fewer, least=10),
                    Target(
                        text="error from the truth below that of raw (ratio < 1)",
                        measured=errors,
                        most=0.999,
                    ),
                ]


def _pot(home: Home, name: str, noise: Noise, table: Table) -> tuple[float, float]:
    pot: Trace = trace(noise)
    reported, shown = through_filter(pot.raw)
    rows = rows_written(home, f"sensor.raw_{name}", pot.raw)
    fewer = rows_written(home, f"sensor.filtered_{name}", reported)
    middle = centred_median(pot.raw, _MEDIAN_MINUTES)
    from_truth = [mean_error(values, pot.truth) for values in (pot.raw, shown)]
    from_middle = [mean_error(values, middle) for values in (pot.raw, shown)]
    table.rows.append((name, rows, fewer, ratio(rows, fewer), *from_truth, *from_middle))
    return ratio(rows, fewer), ratio(from_truth[1], from_truth[0])


def _watch_backlog(home: Home, generator: Generator, do: str, **fields: float) -> tuple[int, Json]:
    """The largest backlog while the generator does something, and the generator's answer."""
    worst = 0
    with ThreadPoolExecutor(1) as pool:
        work = pool.submit(generator.ask, do, **fields)
        while not work.done():
            worst = max(worst, home.ask("backlog")["backlog"])
            time.sleep(0.05)
        return max(worst, home.ask("backlog")["backlog"]), work.result()


def _flood_product(seconds: float) -> tuple[int, Json]:
    nodes = [Identity.new(hardware_id(index)) for index in range(_NODES)]
    with (
        Home(Setup(recorder=True, product=True, nodes=nodes)) as home,
        Generator() as generator,
    ):
        way = Way(key="product", title="Plant Vita", platform=DOMAIN, generator=generator)
        connect(home, way, _NODES, nodes, raise_limits=False)
        home.ask("drain")
        return _watch_backlog(home, generator, "flood", rate=_FLOOD, seconds=seconds)


def _flood_peer(seconds: float) -> int:
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="plant-vita-bench-"))
        broker = Broker(Path(folder), free_port())
        broker.start()
        stack.callback(broker.stop)
        home = stack.enter_context(Home(Setup(recorder=True, broker_port=broker.port)))
        generator = stack.enter_context(Generator())
        way = Way(key="mqtt", title="MQTT discovery", platform="mqtt", generator=generator)
        connect(home, way, _NODES, [])
        home.ask("drain")
        worst, _ = _watch_backlog(home, generator, "pace", rate=_FLOOD * _NODES, seconds=seconds)
        return worst


def _floods(report: Report, seconds: float) -> None:
    table = Table(
        title=f"A flood of {_NODES} × {_FLOOD:.0f} reports/s for {seconds:.0f} s",
        columns=("path", "sent", "sessions closed", "largest backlog"),
    )
    report.tables.append(table)
    peer = _flood_peer(seconds)
    table.rows.append(("MQTT discovery (no limits)", int(_FLOOD * _NODES * seconds), None, peer))
    worst, flood = _flood_product(seconds)
    table.rows.append(("Plant Vita", flood["sent"], flood["closed"], worst))
    report.targets.append(
        Target(
            text=f"backlog of the recorder below {_BACKLOG_MOST} events ({PER_REPORT} a report)",
            measured=worst,
            most=_BACKLOG_MOST - 1,
        )
    )


def run(*, sample: bool) -> Report:
    """The whole benchmark."""
    report = Report(name="recorder", summary=_SUMMARY, sample=sample)
    _pots(report, sample=sample)
    _floods(report, _FLOOD_SAMPLE_S if sample else _FLOOD_S)
    return report
