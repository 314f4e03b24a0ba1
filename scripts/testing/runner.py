"""Run groups, and say how each one went."""

import json
import os
import shlex
import subprocess
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from scripts.environment.commands import SetUpError, clean_environment
from scripts.environment.layout import ROOT, VENV
from scripts.environment.prepare import prepare

from .groups import Group, Step

FAILURES = ROOT / ".cache/failures.json"
LATE_AT_MOST = 4
"""So many tests of one step may be too late beside others; more is no accident."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """How one step went.

    problem: what is wrong, if anything. busy: seconds of a processor it took. late: the tests that
    passed only the second time, alone; the first time something did not come within its time.
    """

    problem: str | None = None
    busy: float = 0.0
    late: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a group went: the seconds it took, and the results of its steps."""

    group: Group
    seconds: float
    results: tuple[Result, ...]

    @property
    def problems(self) -> list[str]:
        """Why it failed, if it did."""
        return [result.problem for result in self.results if result.problem]


def run_groups(groups: Iterable[Group], *, full: bool) -> int:
    """Run groups, print a summary, and return the number of those that failed."""
    with suppress(SetUpError):  # it fails each group again, with the reason
        prepare()
    outcomes = [_run_group(group, full=full) for group in groups]
    failed = [outcome for outcome in outcomes if outcome.problems]
    print("\n== summary")
    for outcome in outcomes:
        verdict = "FAILED" if outcome.problems else "passed"
        busy = sum(result.busy for result in outcome.results)
        print(
            f"{outcome.group.name:<10}{verdict:<8}"
            f"{outcome.seconds:7.1f} s, {busy:7.1f} s of processor"
        )
        late = [f"too late, passed alone: {one}" for r in outcome.results for one in r.late]
        for line in (*outcome.problems, *late):
            print(f"{'':10}{line}")
    print(f"\n{len(outcomes) - len(failed)} passed, {len(failed)} failed", flush=True)
    return len(failed)


def _run_group(group: Group, *, full: bool) -> Outcome:
    print(f"\n== {group.name}: {group.summary}", flush=True)
    started = time.monotonic()
    try:
        prepare(
            latest=group.latest,
            frontend=group.frontend,
            esphome=group.esphome,
            packages=group.packages,
        )
    except SetUpError as error:
        results = [Result(problem=f"set-up failed: {error}")]
        print(results[0].problem, flush=True)
    else:
        # All steps run, even after a failure: one run should show everything that is wrong.
        results = [_run_step(step, full=full) for step in group.steps]
    outcome = Outcome(group=group, seconds=time.monotonic() - started, results=tuple(results))
    verdict = "FAILED" if outcome.problems else "passed"
    print(f"-- {group.name} {verdict} in {outcome.seconds:.1f} s", flush=True)
    return outcome


def _run_step(step: Step, *, full: bool) -> Result:
    absent = [name for name in step.needs if not (ROOT / name).exists()]
    if absent:
        problem = f"nothing to check: {', '.join(absent)} does not exist"
        print(problem, flush=True)
        return Result(problem=problem)
    FAILURES.unlink(missing_ok=True)
    code, busy = _run(step.command, full=full)
    if not code:
        return Result(busy=busy)
    problem = f"exit code {code}: {shlex.join(step.command)}"
    late = _only_late() if step.again else ()
    if not late:
        return Result(problem=problem, busy=busy)
    print(f"\nToo late, once more and alone: {', '.join(late)}", flush=True)
    code, more = _run((*step.again, *late), full=full)
    if code:
        return Result(problem=f"{problem}; alone: exit code {code}", busy=busy + more)
    return Result(busy=busy + more, late=late)


def _only_late() -> tuple[str, ...]:
    """The tests that failed, if each was only too late, and if they are few; see tests/lateness."""
    try:
        failures = json.loads(FAILURES.read_text())
    except FileNotFoundError:
        return ()
    late = tuple(sorted(set(failures["late"])))
    return late if not failures["wrong"] and len(late) <= LATE_AT_MOST else ()


def _run(command: Sequence[str], *, full: bool) -> tuple[int, float]:
    """Run a command; give its exit code, and the seconds of a processor it took."""
    print(f"$ {shlex.join(command)}", flush=True)
    running = subprocess.Popen(
        command, cwd=ROOT, env=_environment(full=full), stdin=subprocess.DEVNULL
    )
    # Not Popen.wait: this one tells what the process, and all that it waited for, has computed.
    _, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    return running.returncode, used.ru_utime + used.ru_stime


def _environment(*, full: bool) -> dict[str, str]:
    path = os.pathsep.join((str(VENV / "bin"), os.environ.get("PATH", os.defpath), "/usr/sbin"))
    # No PYTHONPATH: a Home Assistant that inherits it finds this clone's custom_components package
    # instead of the one in its own configuration folder.
    settings = {"PATH": path, "VIRTUAL_ENV": str(VENV), "PLANT_VITA_FAILURES": str(FAILURES)}
    if full:
        settings["PLANT_VITA_FULL"] = "1"
    return clean_environment(settings)
