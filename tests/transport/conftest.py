"""What aiohttp leaves behind."""

import pytest


@pytest.fixture
def expected_lingering_timers() -> bool:
    """A heartbeat that aiohttp plans again when a peer answers our close, and that does nothing."""
    return True
