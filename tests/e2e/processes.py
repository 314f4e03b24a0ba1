"""Fixtures for tests that talk to real processes over a loop of their own.

The test plugin for Home Assistant looks after one that lives in the test's own process: it watches
for tasks left over after each test and makes the loop slow and strict. Here a loop outlives a test,
and nothing of Home Assistant runs in it. A conftest.py that imports these names turns that off.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import pytest_socket

from .stage import Stage

__all__ = [
    "configure_event_loop",
    "enable_event_loop_debug",
    "stage",
    "verify_cleanup",
]

LATE_S = 0.25


@pytest.fixture
def verify_cleanup():
    """Nothing of Home Assistant is in this process."""


@pytest.fixture
def configure_event_loop():
    """The loop is a plain one."""


@pytest.fixture
def enable_event_loop_debug():
    """Debug mode would slow the bench of the nodes down, which keeps their time."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory, request) -> AsyncIterator[Stage]:
    """A Home Assistant that runs, for all tests of a module; in the end its log must be clean.

    A module may say `STAGE = {…}` to pass options on to Stage.
    """
    pytest_socket.enable_socket()
    folder: Path = tmp_path_factory.mktemp("stage")
    options = getattr(request.module, "STAGE", {})
    async with Stage(folder, **options) as made:
        yield made
        await asyncio.sleep(LATE_S)  # what the last test made it write
        complaints = made.complaints()
    assert not complaints, "\n\n".join(complaints)
