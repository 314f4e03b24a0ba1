"""What the tests of faults get."""

from tests.e2e.measured import (  # noqa: F401
    figures,
    pytest_sessionfinish,
    pytest_terminal_summary,
    pytest_testnodedown,
)
