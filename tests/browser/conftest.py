"""What the tests that look at the screen get."""

import pytest

pytest.register_assert_rewrite("tests.browser.cards", "tests.browser.photos")

from tests.e2e.measured import (  # noqa: E402, F401
    figures,
    pytest_sessionfinish,
    pytest_terminal_summary,
    pytest_testnodedown,
)
from tests.e2e.processes import (  # noqa: E402, F401
    configure_event_loop,
    enable_event_loop_debug,
    stage,
    verify_cleanup,
)
