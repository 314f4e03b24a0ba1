"""Figures that tests take down, told once at the end of the run, whichever process ran the test."""

import pytest

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


def pytest_terminal_summary(terminalreporter, config):
    """Tell what was measured, once."""
    measured = config.stash.get(FIGURES, [])
    if measured:
        terminalreporter.section("measured")
        for line in measured:
            terminalreporter.write_line(line)
        measured.clear()
