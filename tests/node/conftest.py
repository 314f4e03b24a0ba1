"""The door for the tests of this folder."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from tests.node.ends import settle
from tests.node.house import House


@pytest.fixture
async def house() -> AsyncGenerator[House]:
    made = House()
    yield made
    for task in made.knocking:
        task.cancel()
    await asyncio.gather(*made.knocking, return_exceptions=True)
    await settle()
    assert (made.door._callers, made.door._parked) == (0, 0)
    assert (made.door._talks, made.door._silent, made.door.desk._parked) == ({}, {}, {})
