"""`python -m benchmarks [names] [--sample [--quick] [--at-once N]] [--json] [--write]`."""

import argparse
import dataclasses
import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from .process import BenchmarkError
from .results import RESULTS, Report, keep

NAMES = (
    "telemetry",
    "recorder",
    "startup",
    "scale",
    "forecast",
    "photos",
    "watering_events",
    "closed_loop",
    "first_paint",
    "watering_pots",
    "history",
    "garden_cost",
    "chart_payload",
)
QUICK = (
    "forecast",
    "photos",
    "watering_events",
    "watering_pots",
    "history",
    "garden_cost",
    "chart_payload",
)
"""Those whose samples take seconds; the others start several Home Assistants or grow crops."""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"any of {', '.join(NAMES)}; all without")
    parser.add_argument("--sample", action="store_true", help="a short run, for an impression")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="samples only: those that take seconds; all of them with PLANT_VITA_FULL=1",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument(
        "--write", action="store_true", help="put even a sample into RESULTS.md (full runs always)"
    )
    parser.add_argument(
        "--at-once",
        type=int,
        default=1,
        metavar="N",
        help="samples only: so many side by side, to see that they run; the figures suffer",
    )
    arguments = parser.parse_args()
    if arguments.at_once > 1 and (not arguments.sample or arguments.write):
        parser.error("--at-once is for samples that are not kept: figures need a quiet machine")
    if arguments.quick and (not arguments.sample or arguments.names):
        parser.error("--quick chooses among samples by itself")
    if unknown := set(arguments.names) - set(NAMES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    return arguments


def _show(report: Report, *, as_json: bool) -> None:
    if as_json:
        fields = dataclasses.asdict(report)
        for target, found in zip(fields["targets"], report.targets, strict=True):
            target["reached"] = found.reached
        sys.stdout.write(json.dumps(fields) + "\n")
    else:
        sys.stdout.write(report.markdown() + "\n\n")
    sys.stdout.flush()


def _side_by_side(names: Sequence[str], words: Sequence[str], at_once: int) -> int:
    """Each in a process of its own, shown in one piece as it ends; how many failed."""

    def run(name: str) -> int:
        command = [sys.executable, "-m", "benchmarks", name, *words]
        begun = time.monotonic()
        done = subprocess.run(command, check=False, text=True, capture_output=True)
        took = f"{name}: {time.monotonic() - begun:.0f} s\n"
        sys.stdout.write(done.stdout + done.stderr + took)
        sys.stdout.flush()
        return done.returncode

    with ThreadPoolExecutor(at_once) as pool:
        return sum(map(bool, pool.map(run, names)))


def main() -> int:
    """Run what was asked for; 0 unless something could not be measured at all."""
    arguments = _arguments()
    is_quick = arguments.quick and os.environ.get("PLANT_VITA_FULL") != "1"
    names = QUICK if is_quick else arguments.names or NAMES
    if arguments.at_once > 1:
        words = ["--sample", *(["--json"] if arguments.json else [])]
        return 1 if _side_by_side(names, words, arguments.at_once) else 0
    failed = 0
    for name in names:
        module = importlib.import_module(f"benchmarks.{name}")
        try:
            report: Report = module.run(sample=arguments.sample)
        except (BenchmarkError, FileNotFoundError) as error:
            sys.stderr.write(f"{name}: {error}\n")
            failed += 1
            continue
        _show(report, as_json=arguments.json)
        if not arguments.sample or arguments.write:
            keep(report, RESULTS)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
