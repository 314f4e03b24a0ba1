"""Run groups, and say how each one went."""

import os
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
    started, busy, problems = time.monotonic(), 0.0, []
    try:
        prepare(
            latest=group.latest,
            frontend=group.frontend,
            esphome=group.esphome,
            packages=group.packages,
        )
    except SetUpError as error:
        problems = [f"set-up failed: {error}"]
        print(problems[0], flush=True)
    else:
        # All steps run, even after a failure: one run should show everything that is wrong.
        for step in group.steps:
            problem, used = _run_step(step, full=full)
            problems += [problem] if problem else []
            busy += used
    seconds, verdict = time.monotonic() - started, "FAILED" if problems else "passed"
    print(f"-- {group.name} {verdict} in {seconds:.1f} s", flush=True)
    return Outcome(group=group, seconds=seconds, busy=busy, problems=tuple(problems))


def _run_step(step: Step, *, full: bool) -> tuple[str | None, float]:
    """What is wrong, if anything, and how many seconds of a processor it took."""
    shown = shlex.join(step.command)
    print(f"$ {shown}", flush=True)
    absent = [name for name in step.needs if not (ROOT / name).exists()]
    if absent:
        problem = f"nothing to check: {', '.join(absent)} does not exist"
        print(problem, flush=True)
        return problem, 0.0
    running = subprocess.Popen(
        step.command,
        cwd=ROOT,
        env=_environment(full=full),
        stdin=subprocess.DEVNULL,
    )
    # Not Popen.wait: this one tells what the process, and all that it waited for, has computed.
    _, status, used = os.wait4(running.pid, 0)
    running.returncode = code = os.waitstatus_to_exitcode(status)
    return f"exit code {code}: {shown}" if code else None, used.ru_utime + used.ru_stime


def _environment(*, full: bool) -> dict[str, str]:
    path = os.pathsep.join((str(VENV / "bin"), os.environ.get("PATH", os.defpath), "/usr/sbin"))
    # No PYTHONPATH: a Home Assistant that inherits it finds this clone's custom_components package
    # instead of the one in its own configuration folder.
    settings = {"PATH": path, "VIRTUAL_ENV": str(VENV)}
    if full:
        settings["PLANT_VITA_FULL"] = "1"
    return clean_environment(settings)
