"""A node's firmware is replaced over its link, by a real Home Assistant and the real firmware."""

import json
import shutil

import pytest

from tests.firmware import rig

from .stage import Stage, entity, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

OLD = "0.0.9"


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
