"""What goes over a node's link in pieces, with a real Home Assistant and the real firmware.

A new firmware to the node, and photos from it.
"""

import json
import re
import shutil
from io import BytesIO

import aiohttp
import pytest
from PIL import Image

from scripts.lab.gardening import add_plant, plants
from tests.firmware import rig

from .stage import Stage, entity, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

OLD = "0.0.9"
PUMP_PIN = 21
PARTS = ("camera", "soil", "pump", "bh1750")


@pytest.fixture(scope="module")
def older(tmp_path_factory):
    """The firmware as the cable brought it some time ago."""
    flash = tmp_path_factory.mktemp("older") / "flash"
    shutil.copytree(rig.FLASH, flash, ignore=shutil.ignore_patterns("__pycache__"))
    (flash / "plantnode" / "__init__.py").write_text(f'VERSION = "{OLD}"\n')
    return flash


async def test_a_person_installs_a_new_firmware(stage: Stage, figures, older):
    node = await stage.paired_node("Basil", parts=("soil", "pump"), flash=older)
    firmware = entity(node, "update", "firmware")
    shown = await stage.api.until_state(firmware, "on")
    assert shown["attributes"]["installed_version"] == OLD
    async with stage.api.events("state_changed") as changes:
        await stage.api.action("update.install", target={"entity_id": firmware})
        numbers = await _progress(firmware, changes)
    assert numbers == sorted(numbers)
    assert {0, 100} <= set(numbers)
    shown = await stage.api.until_state(firmware, "off")
    assert shown["attributes"]["installed_version"] == shown["attributes"]["latest_version"]
    assert node.resets == ["reset"]
    assert node.pulses == []
    # It stays, once it has written down that it works, and waters.
    await stage.api.until_state(entity(node, "switch", "pump"), "off")
    await until(lambda: _kept(node), 20, "the new one kept")
    started = f"plantnode {shown['attributes']['latest_version']} {node.id} esp32dev"
    before = len(node.log)
    await node.restart()
    await node.wait_for(lambda: started in node.log[before:])
    await node.wait_for(lambda: "link: connected" in node.log[node.log.index(started, before) :])
    await stage.switch(node)
    await node.wait_for(lambda: len(node.pulses) == 1)


async def _progress(entity_id: str, changes) -> list[int]:
    """What was shown of the way, until the update was over."""
    seen, begun = [], False
    async for change in changes:
        state = change["data"]["new_state"]
        if state["entity_id"] != entity_id:
            continue
        begun = begun or state["attributes"].get("in_progress") is True
        seen.append(state["attributes"].get("update_percentage"))
        if begun and not state["attributes"].get("in_progress"):
            break
    return [number for number in seen if number is not None]


async def _kept(node) -> bool:
    return json.loads((node.directory / "slots.json").read_text()) == {"run": "a"}


# --- a photo -----------------------------------------------------------------------------------


def looked_at(data: bytes) -> tuple[tuple[int, int], float]:
    """Size and mean brightness of a JPEG."""
    with Image.open(BytesIO(data)) as image:
        assert image.format == "JPEG"
        grey = image.convert("L").resize((1, 1)).tobytes()[0]
        return image.size, grey


async def frame(content: aiohttp.StreamReader) -> bytes:
    """The next picture of a live view."""
    head = await content.readuntil(b"\r\n\r\n")
    length = re.search(rb"Content-Length: (\d+)", head)
    assert length is not None
    return await content.readexactly(int(length[1]))


async def device_of(stage: Stage, name: str) -> str | None:
    """The device of a plant, once there is one."""
    wanted = ["plant_vita", (await plants(stage.api)).get(name)]
    devices = await stage.api.command("config/device_registry/list")
    return next((one["id"] for one in devices if wanted in one["identifiers"]), None)


async def shown(person: aiohttp.ClientSession, picture: str) -> bytes | None:
    """The photo. Home Assistant waits ten seconds for it, a busy machine may need longer."""
    async with person.get(picture) as answer:
        if answer.status == 500:
            return None
        assert (answer.status, answer.content_type) == (200, "image/jpeg")
        return await answer.read()


async def refused(person: aiohttp.ClientSession, picture: str) -> bool:
    """Whether Home Assistant has no photo to show; one of a second ago it has."""
    async with person.get(picture) as answer:
        return answer.status == 500


async def test_a_node_shows_its_plant(stage: Stage) -> None:
    node = await stage.paired_node("Sill", board="esp32s3cam", parts=PARTS, began=12 * 3600.0)
    camera = entity(node, "camera", "camera")
    state = await stage.api.until_state(camera, "idle")
    long = {"entity_id": entity(node, "number", "pump_run_time")}
    await stage.api.action("number.set_value", {"value": 30}, target=long)
    picture = stage.url + state["attributes"]["entity_picture"]
    async with aiohttp.ClientSession() as person:
        photo = await until(lambda: shown(person, picture), 60, "a photo")
        size, bright = looked_at(photo)
        assert size == (1024, 768)
        assert bright > 80
        # The live view, while the node waters.
        live = picture.replace("camera_proxy", "camera_proxy_stream")
        async with person.get(live) as answer:
            assert looked_at(await frame(answer.content))[0] == (640, 480)
            await stage.switch(node)
            await node.wait_for(lambda: node.pins.get(PUMP_PIN) == 1)
            assert not node.camera_on
            answer.close()
        # Not while a pump runs: a person is told.
        await until(lambda: refused(person, picture), 20, "no photo while the pump runs")
        assert node.pins[PUMP_PIN] == 1
        await stage.switch(node, on=False)
        # It is a camera as any other for a plant's album.
        await add_plant(stage.api, "Fern", "monstera_deliciosa", {})
        device = await until(lambda: device_of(stage, "Fern"), 20, "the plant's device")
        about = {"device_id": device, "entity_id": camera}
        kept = await stage.api.action("plant_vita.keep_photo", about, response=True)
        page = await stage.api.command("plant_vita/photos/timeline", device_id=about["device_id"])
        assert [one["id"] for one in page["photos"]] == [kept["photo"]]
        # Without its camera there is no photo.
        node.fault("silent:camera")
        await until(lambda: refused(person, picture), 20, "no photo without a camera")
