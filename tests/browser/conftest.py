"""What the tests that look at the screen get."""

from tests.e2e.processes import (  # noqa: F401
    configure_event_loop,
    enable_event_loop_debug,
    figures,
    pytest_terminal_summary,
    stage,
    verify_cleanup,
)
