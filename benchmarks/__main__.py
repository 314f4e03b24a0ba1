"""`python -m benchmarks [names] [--sample] [--json] [--write]`."""

import argparse
import dataclasses
import importlib
import json
import sys

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


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"any of {', '.join(NAMES)}; all without")
    parser.add_argument("--sample", action="store_true", help="a short run, for an impression")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument(
        "--write", action="store_true", help="put even a sample into RESULTS.md (full runs always)"
    )
    arguments = parser.parse_args()
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


def main() -> int:
    """Run what was asked for; 0 unless something could not be measured at all."""
    arguments = _arguments()
    failed = 0
    for name in arguments.names or NAMES:
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
