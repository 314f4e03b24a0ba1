import pytest


@pytest.fixture(autouse=True)
def _loopback(socket_enabled: None) -> None:
    """The clouds listen on this machine."""
