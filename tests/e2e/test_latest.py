"""The newest release of Home Assistant: the same day in short, and nothing in its log."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from bumble.device import Advertisement, Device
from bumble.link import LocalLink

from firmware.simulator.radio import Radio, device
from scripts.lab.process import PYTHON_LATEST

from .stage import Stage, entity, until

pytestmark = pytest.mark.asyncio(loop_scope="module")
TAKES_S = 70

STAGE = {"python": PYTHON_LATEST}


async def test_a_whole_day_on_the_newest_release(stage: Stage, figures):
    version = (await stage.api.command("get_config"))["version"]
    figures.append(f"smoke on Home Assistant {version}")
    air = LocalLink()
    node = await stage.paired_node(
        "Kitchen basil",
        parts=("soil", "dht22", "pump", "tank"),
        radio=Radio(air),
        settings={"ble": 1},
    )
    pump, moisture = entity(node, "switch", "pump"), entity(node, "sensor", "soil_moisture")
    await stage.api.until_state(pump, "off")
    assert await stage.number(moisture) == pytest.approx(node.truth()["moisture"], abs=6)

    await stage.switch(node)
    await stage.api.until_state(pump, "on", within=5)
    await stage.api.until_state(pump, "off", within=10)
    [pulse] = node.pulses
    assert 4_900 <= pulse.ms <= 5_050
    assert (await stage.refusal(node)).error["translation_key"] == "refused_soak"

    await stage.stop()
    told = await advertised(air)
    bring_the_air(stage)
    await stage.start()
    await stage.api.until_state(pump, "off", within=60)
    await stage.number(moisture)
    await options(stage, node)
    entry = (await stage.entries())[node.name]
    diagnostics = f"/api/diagnostics/config_entry/{entry['entry_id']}"
    await stage.api.action("air.tell", told)
    answer = await stage.api.rest("GET", diagnostics)
    assert answer["data"]["bluetooth"] == {"read": 1, "unreadable": 0, "failed_calls": 0}
    await stage.api.rest("DELETE", f"/api/config/config_entries/entry/{entry['entry_id']}")
    await node.wait_log("link: refused: unknown")


async def options(stage: Stage, node) -> None:
    """Have the node report every 30 s, by its options."""
    entry = (await stage.entries())[node.name]
    flow = "/api/config/config_entries/options/flow"
    step = await stage.api.rest("POST", flow, {"handler": entry["entry_id"]})
    assert step["type"] == "menu"
    step = await stage.api.rest("POST", f"{flow}/{step['flow_id']}", {"next_step_id": "rhythm"})
    step = await stage.api.rest("POST", f"{flow}/{step['flow_id']}", {"every": 30})
    assert step["type"] == "create_entry"

    async def told() -> bool:
        return json.loads((node.directory / "settings.json").read_text())["every"] == 30

    await until(told, 20, "the node has been told its options")


async def advertised(air: LocalLink) -> dict[str, Any]:
    """What the node tells to everybody while it has no session: its address, and bytes in hex."""
    told: asyncio.Queue[Advertisement] = asyncio.Queue()
    ear: Device = device("ear", "E0:E1:E2:E3:E4:E5", air)
    ear.on(Device.EVENT_ADVERTISEMENT, told.put_nowait)
    await ear.power_on()
    await ear.start_scanning(filter_duplicates=False)
    async with asyncio.timeout(60):
        heard = await told.get()
    await ear.power_off()
    return {
        "address": heard.address.to_string(with_type_qualifier=False),
        "raw": bytes(heard.data_bytes).hex(),
    }


def bring_the_air(stage: Stage) -> None:
    """Give this Home Assistant its `bluetooth`, and a proxy that hears what it is told to."""
    components = stage.home.folder / "custom_components"
    shutil.copytree(Path(__file__).parent / "air", components / "air")
    with (stage.home.folder / "configuration.yaml").open("a") as written:
        written.write("bluetooth:\nair:\n")
