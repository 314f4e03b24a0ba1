"""What the editor of automations offers where a plant's device is chosen, and what it does."""

from typing import Any

import pytest
import voluptuous as vol
from homeassistant.components.device_automation import (
    DeviceAutomationType,
    _async_get_device_automation_capabilities as capabilities,
    async_get_device_automations,
)
from homeassistant.components.device_automation.action import async_validate_action_config
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.script import Script

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.device_action import FIELDS, async_get_actions
from custom_components.plant_vita.plants.state import Care
from tests.actions.asking import device
from tests.house.test_translations import texts
from tests.watering.garden_hose import BASIL, Hose, hose_fixture

hose = hose_fixture()


async def offered(hass: HomeAssistant, device_id: str) -> list[str]:
    """What Home Assistant's own editor is given of ours."""
    found = await async_get_device_automations(hass, DeviceAutomationType.ACTION, [device_id])
    return [one["type"] for one in found[device_id] if one["domain"] == DOMAIN]


async def do(hose: Hose, plant_id: str, kind: str, **said: Any) -> None:
    """Run it as an automation does."""
    action = {"device_id": device(hose, plant_id), "domain": DOMAIN, "type": kind, **said}
    validated = await async_validate_action_config(hose.hass, action)
    script = Script(hose.hass, [validated], "x", "automation")
    await script.async_run(context=hose.person())
    await hose.hass.async_block_till_done()


async def test_a_plant_with_a_pump_can_be_watered_from_its_device(hose: Hose) -> None:
    basil = await hose.grow(BASIL, {"title": "Fern"})
    fern = next(one for one in hose.garden.plants if one != basil)
    assert await offered(hose.hass, device(hose, basil)) == ["log_care", "water", "stop"]
    assert await offered(hose.hass, device(hose, fern)) == ["log_care"]
    await do(hose, basil, "water", ml=90)
    assert hose.pump == "on"
    assert [one["source"] for one in hose.written("booking")] == ["manual"]
    await do(hose, basil, "stop")
    assert hose.pump == "off"
    await do(hose, fern, "log_care", care="fed")
    assert Care.FED in hose.plant(fern).memory.last
    with pytest.raises(ServiceValidationError) as refused:
        await do(hose, fern, "water")
    assert refused.value.translation_key == "watering_no_pump"


async def test_a_device_that_is_no_plant_has_none(hose: Hose) -> None:
    basil = await hose.grow(BASIL)
    where = device(hose, basil)
    await hose.stop()
    assert await async_get_actions(hose.hass, where) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "water", "ml": 0},
        {"type": "log_care"},
        {"type": "empty"},
        {"type": "stop", "ml": 1},
    ],
)
async def test_what_makes_no_sense_is_refused_when_it_is_saved(
    hose: Hose, wrong: dict[str, Any]
) -> None:
    basil = await hose.grow(BASIL)
    with pytest.raises(vol.Invalid):
        await do(hose, basil, wrong.pop("type"), **wrong)


async def test_each_has_its_fields_and_its_text(hose: Hose) -> None:
    await hose.grow(BASIL)
    asked = DeviceAutomationType.ACTION
    shown = {
        kind: [
            field["name"]
            for field in (await capabilities(hose.hass, asked, {"domain": DOMAIN, "type": kind}))[
                "extra_fields"
            ]
        ]
        for kind in FIELDS
    }
    assert shown == {"log_care": ["care"], "water": ["ml"], "stop": []}
    said = texts("en")["device_automation"]
    assert (set(said["action_type"]), set(said["extra_fields"])) == (set(FIELDS), {"care", "ml"})
