"""The automation of docs/examples.md that uses actions works as it stands there."""

import re

import yaml
from homeassistant.components.persistent_notification import _async_get_or_create_notifications
from homeassistant.setup import async_setup_component

from tests.actions.asking import ask, device
from tests.house.python_files import ROOT
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()

EXAMPLES = (ROOT / "docs/examples.md").read_text()


async def test_the_report_on_the_week(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow({"title": "Fern", "moisture": ["sensor.soil"]})
    fern = device(growing, plant_id)
    await growing.pass_time(minutes=20)
    growing.say("sensor.soil", 30)
    await ask(growing, "log_care", device_id=fern, care="watered", at="2026-06-08 08:00")
    (block,) = re.findall(r"```yaml\n(alias: The fern's week\n.*?)```", EXAMPLES, re.DOTALL)
    automation = yaml.safe_load(block.replace("0123456789abcdef0123456789abcdef", fern))
    assert await async_setup_component(growing.hass, "notify", {})
    assert await async_setup_component(growing.hass, "automation", {"automation": [automation]})
    await growing.hass.services.async_call(
        "automation", "trigger", {"entity_id": "automation.the_fern_s_week"}, blocking=True
    )
    (told,) = _async_get_or_create_notifications(growing.hass).values()
    words = " ".join(told["message"].split())
    assert told["title"] == "The fern's week"
    assert words == "Between 30.0 and 40.0 %, watered 1 times. Too little known yet."
    await growing.hass.services.async_call(
        "automation", "turn_off", {"entity_id": "automation.the_fern_s_week"}, blocking=True
    )
