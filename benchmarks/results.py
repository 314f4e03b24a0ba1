"""Tables of one run, targets, and the file they are kept in."""

import datetime as dt
import math
import os
import platform
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
_HEAD = """# Results

Written by `python -m benchmarks`; do not edit by hand. Absolute figures depend on the machine and
on who else uses it: only ratios within one run mean anything. Every table is one run, its paths
interleaved, medians unless it says otherwise.
"""

type Cell = str | float | int | None


@dataclass(kw_only=True)
class Target:
    """One ratio to reach; `measured` None means that it could not be measured."""

    text: str
    measured: float | None
    most: float | None = None
    least: float | None = None

    @property
    def reached(self) -> bool:
        """Whether it is reached."""
        if self.measured is None or math.isnan(self.measured):
            return False
        return (self.most is None or self.measured <= self.most) and (
            self.least is None or self.measured >= self.least
        )

    def line(self) -> str:
        """As a line of Markdown."""
        if self.measured is None:
            return f"- **not measured**: {self.text}"
        word = "reached" if self.reached else "**falls short**"
        # One digit more than in the tables: 1.05 that falls short of 1.05 reads like a mistake.
        return f"- {word}: {self.text}; measured {self.measured:,.4g}"


@dataclass(kw_only=True)
class Table:
    """One table; every row as long as `columns`."""

    title: str
    columns: Sequence[str]
    rows: list[Sequence[Cell]] = field(default_factory=list)

    def markdown(self) -> str:
        """With aligned columns, so that it also reads well on a terminal."""
        cells = [list(self.columns)] + [[number(cell) for cell in row] for row in self.rows]
        widths = [max(len(row[k]) for row in cells) for k in range(len(self.columns))]
        lines = [
            "| " + " | ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)) + " |"
            for r in cells
        ]
        lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
        return f"**{self.title}**\n\n" + "\n".join(lines)


@dataclass(kw_only=True)
class Report:
    """What one benchmark or campaign found; `command` is how it is run, if not by its name."""

    name: str
    summary: str
    command: str | None = None
    tables: list[Table] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sample: bool = False

    def markdown(self) -> str:
        """The section of RESULTS.md."""
        now = dt.datetime.now(tz=dt.UTC).strftime("%Y-%m-%d %H:%M UTC")
        command = self.command or f"python -m benchmarks {self.name}"
        command += " --sample" if self.sample else ""
        parts = [f"## {self.name}", self.summary, f"{now}, `{command}`, {machine()}."]
        if self.sample:
            parts.append("A short sample: an impression, not a result.")
        parts += [table.markdown() for table in self.tables]
        if self.targets:
            parts.append("\n".join(target.line() for target in self.targets))
        parts += self.notes
        return "\n\n".join(parts)


def number(cell: Cell) -> str:
    """Three significant digits, thousands separated."""
    if cell is None:
        return "–"
    if isinstance(cell, str):
        return cell
    if math.isnan(cell):
        return "–"
    if isinstance(cell, int) or abs(cell) >= 100:
        return f"{cell:,.0f}"
    return f"{cell:.3g}"


def machine() -> str:
    """Processor, cores, Python and Home Assistant, without anything that names the machine."""
    model = "unknown processor"
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        found = re.search(r"^model name\s*:\s*(.+)$", cpuinfo.read_text(), re.MULTILINE)
        model = found[1] if found else model
    try:
        home = version("homeassistant")
    except PackageNotFoundError:
        home = "?"
    python = ".".join(map(str, sys.version_info[:3]))
    cores = os.cpu_count()
    return (
        f"{model}, {cores} cores, {platform.system()}, Python {python}, Home Assistant {home}, "
        f"load average {os.getloadavg()[0]:.1f} at the end"
    )


def keep(report: Report, path: Path = RESULTS) -> None:
    """Replace the section of this benchmark in RESULTS.md, or add it at the end."""
    text = path.read_text(encoding="utf-8") if path.exists() else _HEAD
    begin, end = f"<!-- {report.name} -->", f"<!-- /{report.name} -->"
    section = f"{begin}\n{report.markdown()}\n{end}"
    if begin in text and end in text:
        before, rest = text.split(begin, 1)
        after = rest.split(end, 1)[1]
        text = before + section + after
    else:
        text = text.rstrip("\n") + "\n\n" + section + "\n"
    path.write_text(text, encoding="utf-8")


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile (`share` 0–1); NaN of nothing."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, math.ceil(share * len(ordered)) - 1))]


def ratio(above: float, below: float) -> float:
    """A quotient; NaN where there is none."""
    return above / below if below else math.nan
