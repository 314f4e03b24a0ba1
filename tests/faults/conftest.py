"""What the tests of faults get."""

from tests.e2e.processes import pytest_terminal_summary  # noqa: F401
