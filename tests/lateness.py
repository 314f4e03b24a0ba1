"""Which failures only say that the machine was too slow; `scripts/test` hears those again, alone.

A claim that is wrong is wrong the first time. What was not there in its time, on two cores beside
other tests, gets one more chance, and the run says so.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

FILE = "PLANT_VITA_FAILURES"
"""Environment variable: the file to write {"late": [...], "wrong": [...]} to, lists of test ids."""
_MARK = ("late", True)
_failures: dict[str, list[str]] = {"late": [], "wrong": []}


def is_late(error: BaseException) -> bool:
    """Tell whether a test ended because something was awaited for too long.

    Playwright's own time-outs and expectations are none of Python's; a test that hangs until
    pytest ends it is not merely late.
    """
    told = str(error)
    return (
        isinstance(error, TimeoutError | subprocess.TimeoutExpired)
        or (type(error).__module__.startswith("playwright") and "Timeout" in type(error).__name__)
        or (isinstance(error, AssertionError) and told.startswith(("Locator expected", "Page exp")))
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call):
    """Mark the report, which is all that travels from the process that ran the test."""
    report = yield
    if report.failed and call.excinfo is not None and is_late(call.excinfo.value):
        report.user_properties.append(_MARK)
    return report


def pytest_runtest_logreport(report):
    """Take a failure down."""
    if report.failed:
        kind = "late" if _MARK in map(tuple, report.user_properties) else "wrong"
        _failures[kind].append(report.nodeid)


def pytest_collectreport(report):
    """Take down what could not even be read."""
    if report.failed:
        _failures["wrong"].append(report.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """Write the failures down, once, in the process that heard them all."""
    if (file := os.environ.get(FILE)) and not hasattr(session.config, "workeroutput"):
        Path(file).write_text(json.dumps(_failures))
