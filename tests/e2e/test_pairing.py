"""A node comes in: found, its code typed, readings on the screen; and who must not have it."""

from io import BytesIO
from pathlib import Path

import aiohttp
import pytest
from PIL import Image

from tests.firmware import pi_rig, rig

from .stage import DOMAIN, Stage, Stopwatch, entity

pytestmark = pytest.mark.asyncio(loop_scope="module")

WRONG = "AAAA-BBBB-CCCC-DDDD"


async def test_a_node_is_found_a_wrong_code_is_told_and_the_right_one_brings_its_readings(
    stage: Stage, figures
):
    watch = Stopwatch()
    node = await stage.node("Kitchen basil", parts=("soil", "dht22", "bh1750", "pump", "tank"))
    flow_id = await stage.discovered(node)
    figures.append(f"node powered up → discovered: {watch.seconds:.1f} s")
    shown = await stage.api.flow_step(flow_id)
    assert (shown["step_id"], shown["description_placeholders"]["name"]) == ("pair", node.name)

    watch = Stopwatch()
    refused = await stage.type_code(flow_id, WRONG)
    figures.append(f"wrong code typed → told: {watch.seconds:.1f} s")
    assert (refused["type"], refused["errors"]) == ("form", {"base": "wrong_code"})
    assert await stage.entries() == {}

    watch = Stopwatch()
    result = await stage.type_code(flow_id, (await node.wait_code()).lower())
    figures.append(f"right code typed after a wrong one → entry: {watch.seconds:.1f} s")
    assert (result["type"], result["title"]) == ("create_entry", node.name)
    await assert_live(stage, node)
    figures.append(f"right code typed after a wrong one → live values: {watch.seconds:.1f} s")
    assert node.resets == []


async def assert_live(stage: Stage, node):
    await stage.api.until_state(entity(node, "switch", "pump"), "off", within=20)
    shown = {
        what: await stage.number(entity(node, "sensor", what))
        for what in ("soil_moisture", "temperature", "humidity", "light")
    }
    truth = node.truth()
    assert shown["soil_moisture"] == pytest.approx(truth["moisture"], abs=6)
    assert shown["temperature"] == pytest.approx(truth["temperature"], abs=0.5)
    assert shown["humidity"] == pytest.approx(truth["humidity"], abs=2)
    assert shown["light"] == pytest.approx(truth["light"], rel=0.1, abs=5)
    await stage.api.until_state(entity(node, "binary_sensor", "reservoir_empty"), "off", within=20)


async def test_a_node_is_brought_in_by_hand(stage: Stage, figures):
    node = await stage.node("Fig", parts=("soil",))
    await stage.discovered(node)
    step = await stage.api.begin(DOMAIN, "node")
    assert (step["type"], step["step_id"]) == ("form", "choose")
    step = await stage.api.flow_step(step["flow_id"], {"node": node.id})
    assert step["step_id"] == "pair"
    watch = Stopwatch()
    result = await stage.type_code(step["flow_id"], await node.wait_code())
    figures.append(f"code typed for a node that waits → entry: {watch.seconds:.1f} s")
    assert (result["type"], result["title"]) == ("create_entry", "Fig")
    await stage.number(entity(node, "sensor", "soil_moisture"))
    assert await stage.api.flows_in_progress(DOMAIN) == []


class RaspberryPi:
    """A Raspberry Pi on its bench, as the stage knows nodes."""

    id, name = rig.NODE_ID, "Balcony"

    def __init__(self, folder: Path, url: str) -> None:
        self.board = pi_rig.Board(folder)
        parts = ("soil", "pump", "camera")
        self.board.write(url=url, more=f'name = "{self.name}"', parts=parts)
        self.board.env["PLANTNODE_CAMERA"] = "there"
        rig.Board(folder).provision()

    @property
    def log(self) -> list[str]:
        return self.board.output

    async def wait_code(self) -> str:
        return (await self.board.printed("pairing code: ")).split(": ")[1]


async def test_a_raspberry_pi_comes_in_shows_waters_and_is_dry_after_kill_9(tmp_path, stage: Stage):
    node = RaspberryPi(tmp_path / "balcony", stage.url)
    board, pump = node.board, entity(node, "switch", "pump")
    await board.start()
    try:
        result = await stage.pair(node)
        assert (result["type"], result["title"]) == ("create_entry", node.name)
        [soil] = [name for name in await stage.api.states() if "balcony" in name and "soil" in name]
        assert await stage.number(soil) == 75.9
        [camera] = [name for name in await stage.api.states() if name.startswith("camera.balcony")]
        state = await stage.api.until_state(camera, "idle", within=20)
        picture = stage.url + state["attributes"]["entity_picture"]
        async with aiohttp.ClientSession() as person, person.get(picture) as answer:
            assert (answer.status, answer.content_type) == (200, "image/jpeg")
            assert Image.open(BytesIO(await answer.read())).size == (1024, 768)

        await stage.switch(node)
        await stage.api.until_state(pump, "on", within=20)
        assert board.level(pi_rig.PUMP_PIN) == 1
        board.kill("node")
        await board.until(lambda: board.level(pi_rig.PUMP_PIN) == 0, 5)
        await stage.api.until_state(pump, "unavailable", within=20)
        # It comes back by itself, and says that the pump is off.
        await stage.api.until_state(pump, "off", within=60)
        assert len(board.pulses(pi_rig.PUMP_PIN)) == 1
    finally:
        await board.end()
