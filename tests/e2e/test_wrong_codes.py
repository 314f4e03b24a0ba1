"""Guessing a code leads nowhere, and the person who only mistyped is told what to do."""

import asyncio
import json

import pytest

from .stage import DOMAIN, Stage, Stopwatch

pytestmark = pytest.mark.asyncio(loop_scope="module")

WRONG = "AAAA-BBBB-CCCC-DDDD"
TRIES = 20


async def try_code(stage: Stage, node, flow_id: str, code: str) -> str | None:
    """Type a code, and let the node's pause before its next call pass quickly."""
    typed = asyncio.create_task(stage.type_code(flow_id, code))
    while not typed.done():
        await asyncio.wait([typed], timeout=0.5)
        if not typed.done():
            await node.advance(4.6)
    return (typed.result()["errors"] or {}).get("base")


async def test_twenty_wrong_codes_lock_the_node_and_a_held_button_opens_it_again(
    stage: Stage, figures
):
    node = await stage.node("Kitchen basil", parts=("soil", "pump"))
    flow_id = await stage.discovered(node)
    watch = Stopwatch()
    told = [await try_code(stage, node, flow_id, WRONG) for _ in range(TRIES)]
    assert told == ["wrong_code"] * TRIES
    figures.append(f"20 wrong codes took: {watch.seconds:.0f} s with the waits jumped over")

    right = await node.wait_code()
    assert await try_code(stage, node, flow_id, right) == "too_many_tries"
    await stage.stop()  # a restart of Home Assistant does not help: the node counts for itself
    await stage.start()
    flow_id = await stage.discovered(node)
    assert await try_code(stage, node, flow_id, right) == "too_many_tries"
    text = await english(stage, "config.error.too_many_tries")
    assert "Wait ten minutes" in text

    await node.press(10.5)
    assert node.code != right
    result = await stage.pair(node)
    assert result["type"] == "create_entry"
    keys = json.loads((node.directory / "keys.json").read_text())
    assert (keys["kid"], keys["code"]) == (1, "")


async def english(stage: Stage, key: str) -> str:
    """What a person reads."""
    answer = await stage.api.command(
        "frontend/get_translations", language="en", category="config", integration=[DOMAIN]
    )
    return answer["resources"][f"component.{DOMAIN}.{key}"]
