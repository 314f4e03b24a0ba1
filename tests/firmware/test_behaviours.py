"""Every behaviour of the table on every kind of node."""

import pytest

from tests.firmware.behaviours import NODES, ROWS


@pytest.mark.parametrize("kind", NODES)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.__name__)
async def test_behaviour(tmp_path, kind, row):
    async with NODES[kind](tmp_path, row) as node:
        await row(node)
