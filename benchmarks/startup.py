"""What the integration costs a Home Assistant that starts: time, memory, modules."""

import statistics
import time
from contextlib import ExitStack

from .configuration import DOMAIN, Setup
from .loadnode import Identity
from .process import BenchmarkError, Home
from .results import Report, Table, Target, ratio
from .values import hardware_id

# What default_config brings and loads without the internet: a usual installation has it anyway.
_USUAL = (
    "isal",
    "history",
    "logbook",
    "media_source",
    "conversation",
    "zeroconf",
    "usb",
    "sun",
    "my",
)
# Loaded only when somebody uses what needs them.
LAZY = (
    "anthropic",
    "bleak",
    "cv2",
    "google.genai",
    "numpy",
    "openai",
    "PIL",
    "scipy",
    "serialx",
)
_ROUNDS, _ROUNDS_SAMPLE = 9, 2
_IDLE_S, _IDLE_SAMPLE_S = 10.0, 3.0
_MIB = 1024 * 1024
_SUMMARY = """\
A real Home Assistant with recorder, frontend and most of `default_config`, booted by turns without
the integration and with it and one paired node that is away. The time is the one Home Assistant
prints (`initialized in`); each folder is booted once before, so that all is byte-compiled."""


def run(*, sample: bool) -> Report:
    """The whole benchmark."""
    rounds, idle = (_ROUNDS_SAMPLE, _IDLE_SAMPLE_S) if sample else (_ROUNDS, _IDLE_S)
    report = Report(name="startup", summary=_SUMMARY, sample=sample)
    node = Identity.new(hardware_id(0))
    times: list[list[float]] = [[], []]
    memories: list[list[float]] = [[], []]
    modules: list[set[str]] = [set(), set()]
    with ExitStack() as stack:
        homes = [
            Home(Setup(recorder=True, components=_USUAL)),
            Home(Setup(recorder=True, components=_USUAL, product=True, nodes=[node])),
        ]
        for home in homes:
            stack.callback(home.remove)
        for turn in range(rounds + 1):
            for index, home in enumerate(homes):
                home.start()
                time.sleep(idle)
                if turn:
                    times[index].append(home.initialized_s)
                    memories[index].append(home.ask("memory")["rss"] / _MIB)
                    modules[index] = set(home.ask("modules")["modules"])
                home.stop()
    _fill(report, times, memories)
    _check_modules(report, *modules)
    return report


def _fill(report: Report, times: list[list[float]], memories: list[list[float]]) -> None:
    table = Table(
        title=f"{len(times[0])} boots of each, medians",
        columns=("Home Assistant", "initialized s", "fastest s", "slowest s", "idle RSS MiB"),
    )
    for name, seconds, memory in zip(("without", "with"), times, memories, strict=True):
        middle = statistics.median(seconds)
        table.rows.append(
            (name, middle, min(seconds), max(seconds), f"{statistics.median(memory):.1f}")
        )
    report.tables.append(table)
    slower = statistics.median(ratio(b, a) for a, b in zip(*times, strict=True))
    larger = statistics.median(memories[1]) - statistics.median(memories[0])
    report.targets += [
        Target(text="initialized in at most 1.05 × the time without", measured=slower, most=1.05),
        Target(text="at most 5 MiB more when idle", measured=larger, most=5),
    ]


def _check_modules(report: Report, without: set[str], with_it: set[str]) -> None:
    ours = f"custom_components.{DOMAIN}"
    if f"{ours}.coordinator" not in with_it:
        raise BenchmarkError("the integration was not set up")
    new = {name for name in with_it - without if not name.startswith(ours)}
    lazy = sorted(name for name in LAZY if name in new)
    report.targets.append(
        Target(
            text=f"none of {', '.join(LAZY)} imported before its use", measured=len(lazy), most=0
        )
    )
    top = sorted({name.split(".")[0] if "homeassistant" not in name else name for name in new})
    report.notes.append(f"Imported by the integration alone: {', '.join(top) or 'nothing'}.")
    already = [name for name in LAZY if name in without]
    if already:
        report.notes.append(f"Loaded by Home Assistant itself: {', '.join(already)}.")
