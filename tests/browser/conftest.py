"""What the tests that look at the screen get."""

from tests.e2e.measured import (  # noqa: F401
    figures,
    pytest_sessionfinish,
    pytest_terminal_summary,
    pytest_testnodedown,
)
from tests.e2e.processes import (  # noqa: F401
    configure_event_loop,
    enable_event_loop_debug,
    stage,
    verify_cleanup,
)
