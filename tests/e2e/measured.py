"""Figures that tests take down, told once at the end of the run, whichever process ran the test.

Those of a full run (scripts/test --full) are kept in benchmarks/RESULTS.md.
"""

import os
from pathlib import Path

import pytest

from benchmarks.results import Report, keep

FIGURES = pytest.StashKey[list[str]]()
_SENT = "plant_vita_figures"


@pytest.fixture(scope="session")
def figures(request):
    """Take down what was measured; told at the end of the run."""
    return request.config.stash.setdefault(FIGURES, [])


def pytest_sessionfinish(session):
    """Hand the figures over, in a process that runs a part of the tests."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[_SENT] = session.config.stash.get(FIGURES, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Take the figures of such a process; one that crashed has none."""
    sent = getattr(node, "workeroutput", {}).get(_SENT, [])
    node.config.stash.setdefault(FIGURES, []).extend(sent)


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    """Tell what was measured, once."""
    measured = config.stash.get(FIGURES, [])
    if not measured:
        return
    terminalreporter.section("measured")
    for line in measured:
        terminalreporter.write_line(line)
    asked_for = Path(config.args[0])
    if os.environ.get("PLANT_VITA_FULL") == "1" and asked_for.is_dir():
        _keep(asked_for.name, measured, "passed" if exitstatus == 0 else "**failed**")
    measured.clear()


def _keep(group, lines, verdict):
    report = Report(
        name=f"campaign: {group}",
        summary=f"Long campaigns in full, and what the tests beside them measured; {verdict}.",
        command=f"scripts/test --full {group}",
        notes=["\n".join(f"- {line}" for line in lines)],
    )
    keep(report)
