"""What the recorder has to write: raw readings against the firmware's filter, and a flood."""

import importlib.util
import sqlite3
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

from .configuration import ROOT, Setup
from .loadnode import Identity
from .pot import DAYS, PER_DAY, Trace, centred_median, mean_error, trace
from .process import BenchmarkError, Generator, Home
from .results import Report, Table, Target, ratio
from .telemetry import Way, connect
from .values import hardware_id

_FILTER = ROOT / "firmware" / "esp32" / "plantnode" / "filter.py"
_NODES = 50
_ALLOWED = 2.0
_FLOOD = 10 * _ALLOWED
_SUMMARY = f"""\\
A noisy indoor pot ({DAYS} days, one sample a minute, the truth known because it is simulated) written into
a real recorder on SQLite, once as every sample and once through the filter that the firmware runs; then
{_NODES} nodes that send {_FLOOD:.0f} messages a second each, ten times what is allowed, and dial again
whenever they are thrown out."""


def filtered(raw: Sequence[float], step: Callable[[float, float], float | None]) -> list[float]:
    """What Home Assistant shows at each minute: the value last reported (the first raw until then)."""
    shown, out = raw[0], []
    for minute, value in enumerate(raw):
        reported = step(value, minute * 60.0)
        shown = shown if reported is None else reported
        out.append(shown)
    return out


def rows_written(home: Home, entity: str, values: Sequence[float]) -> int:
    """Rows of the recorder's `states` table for one entity that went through `values`."""
    home.ask("write", entity=entity, values=[str(value) for value in values], pause_every=500)
    base = sqlite3.connect(f"file:{home.folder / 'home-assistant_v2.db'}?mode=ro", uri=True)
    try:
        found = base.execute(
            "select count(*) from states join states_meta using (metadata_id) where entity_id = ?",
            (entity,),
        ).fetchone()
    finally:
        base.close()
    return int(found[0])
