"""What every test gets."""

import asyncio
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
import pytest_socket
from hypothesis import HealthCheck, settings

# Home Assistant's test plugin brings a package of this name too; whichever is imported first wins.
import custom_components.plant_vita  # noqa: F401
from custom_components.plant_vita.plants import catalogue as plants_catalogue
from custom_components.plant_vita.species import catalogue

from .lateness import (  # noqa: F401
    pytest_collectreport,
    pytest_runtest_logreport,
    pytest_runtest_makereport,
    pytest_sessionfinish,
)

# That the machine is busy says nothing of what is tested.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

TESTS = Path(__file__).parent
REAL_PROCESSES = {"firmware", "e2e", "faults", "browser"}
FULL = os.environ.get("PLANT_VITA_FULL") == "1"


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let the tests that start real programs talk to them; the plugin closes all sockets."""
    if item.path.is_relative_to(TESTS):
        folder = item.path.relative_to(TESTS).parts[0]
        if folder in REAL_PROCESSES:
            pytest_socket.enable_socket()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take minutes: side by side, the last to begin is waited for alone.

    TAKES_S in a file of tests: the seconds it takes; only the order follows from it.
    """
    items.sort(key=lambda item: -getattr(getattr(item, "module", None), "TAKES_S", 0))


@pytest.fixture(autouse=True)
def plant_vita_can_be_found(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant find the integration, in the tests that have one running."""
    if "hass" in request.fixturenames:
        request.getfixturevalue("enable_custom_integrations")


@pytest.fixture(scope="session")
def full_campaign() -> bool:
    """Tell whether long campaigns run in full: scripts/test --full."""
    return FULL


@pytest.fixture(autouse=True, scope="session")
def species_are_read_once() -> Iterator[None]:
    """Let every Home Assistant have the same species: reading them took longer than most tests."""
    read = cache(catalogue.load)
    with pytest.MonkeyPatch.context() as patch:
        once = SimpleNamespace(load=lambda: dict(read()))
        patch.setattr(plants_catalogue, "catalogue", once)
        yield


@pytest.fixture(autouse=True, scope="session")
def no_stack_for_each_future() -> Iterator[None]:
    """Take from debugging loops what cost a quarter of the time: where each future was made.

    A call from a wrong thread still fails, and what blocks the loop is still told.
    """
    with pytest.MonkeyPatch.context() as patch:
        if not FULL:
            patch.setattr(asyncio.BaseEventLoop, "get_debug", lambda _loop: False)
        yield
