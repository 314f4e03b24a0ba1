"""Run groups one after the other, and say how each one went."""

import os
import resource
import shlex
import subprocess
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from scripts.environment.commands import SetUpError, clean_environment
from scripts.environment.layout import ROOT, VENV
from scripts.environment.prepare import prepare

from .groups import Group, Step


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a group went: seconds it took, seconds of processor, and why it failed, if it did."""

    group: Group
    seconds: float
    busy: float
    problems: tuple[str, ...]


def run_groups(groups: Iterable[Group], *, full: bool) -> int:
    """Run groups, print a summary, and return the number of those that failed."""
    with suppress(SetUpError):  # it fails each group again, with the reason
        prepare()
    outcomes = [_run_group(group, full=full) for group in groups]
    failed = [outcome for outcome in outcomes if outcome.problems]
    print("\n== summary")
    for outcome in outcomes:
        verdict = "FAILED" if outcome.problems else "passed"
        took = f"{outcome.seconds:7.1f} s, {outcome.busy:7.1f} s of processor"
        print(f"{outcome.group.name:<10}{verdict:<8}{took}")
        for problem in outcome.problems:
            print(f"{'':10}{problem}")
    print(f"\n{len(outcomes) - len(failed)} passed, {len(failed)} failed", flush=True)
    return len(failed)


def _run_group(group: Group, *, full: bool) -> Outcome:
    print(f"\n== {group.name}: {group.summary}", flush=True)
    started, busy = time.monotonic(), _processor_seconds()
    try:
        prepare(latest=group.latest, frontend=group.frontend, packages=group.packages)
        # All steps run, even after a failure: one run should show everything that is wrong.
        problems = tuple(filter(None, (_run_step(step, full=full) for step in group.steps)))
    except SetUpError as error:
        problems = (f"set-up failed: {error}",)
        print(problems[0], flush=True)
    seconds = time.monotonic() - started
    print(f"-- {group.name} {'FAILED' if problems else 'passed'} in {seconds:.1f} s", flush=True)
    busy = _processor_seconds() - busy
    return Outcome(group=group, seconds=seconds, busy=busy, problems=problems)


def _processor_seconds() -> float:
    """Of everything that was started and has ended: what is far below the clock's was waiting."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _run_step(step: Step, *, full: bool) -> str | None:
    shown = shlex.join(step.command)
    print(f"$ {shown}", flush=True)
    absent = [name for name in step.needs if not (ROOT / name).exists()]
    if absent:
        problem = f"nothing to check: {', '.join(absent)} does not exist"
        print(problem, flush=True)
        return problem
    done = subprocess.run(
        step.command,
        check=False,
        cwd=ROOT,
        env=_environment(full=full),
        stdin=subprocess.DEVNULL,
    )
    return f"exit code {done.returncode}: {shown}" if done.returncode else None


def _environment(*, full: bool) -> dict[str, str]:
    path = os.pathsep.join((str(VENV / "bin"), os.environ.get("PATH", os.defpath), "/usr/sbin"))
    # No PYTHONPATH: a Home Assistant that inherits it finds this clone's custom_components package
    # instead of the one in its own configuration folder.
    settings = {"PATH": path, "VIRTUAL_ENV": str(VENV)}
    if full:
        settings["PLANT_VITA_FULL"] = "1"
    return clean_environment(settings)
