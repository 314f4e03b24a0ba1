"""What the tests of whole systems get."""

from .processes import (  # noqa: F401
    FIGURES,
    configure_event_loop,
    enable_event_loop_debug,
    figures,
    stage,
    verify_cleanup,
)


def pytest_terminal_summary(terminalreporter, config):
    """Tell what was measured."""
    measured = config.stash.get(FIGURES, [])
    if measured:
        terminalreporter.section("measured")
        for line in measured:
            terminalreporter.write_line(line)
