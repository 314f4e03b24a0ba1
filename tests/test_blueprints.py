"""The blueprints as automations of a Home Assistant that has a garden."""

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from homeassistant.components.automation import DOMAIN as AUTOMATION
from homeassistant.components.automation.helpers import async_get_blueprints
from homeassistant.components.blueprint import Blueprint
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (
    async_fire_time_changed,
    async_mock_service,
)

from tests.house.python_files import ROOT
from tests.watering.garden_hose import BASIL, Hose, hose_fixture

hose = hose_fixture()
BLUEPRINTS = Path(__file__).parents[1] / "blueprints" / "automation" / "plant_vita"
STATE = "sensor.fern_watering_state"
NAMES = ("ask_on_phone", "holiday", "tank_empty", "weekly_digest", "what_ails_it")


async def imported(hass: HomeAssistant, name: str, **inputs: Any) -> None:
    """An automation made of a blueprint that was put where an import puts it."""
    folder = Path(hass.config.path("blueprints", "automation", "plant_vita"))
    shutil.copytree(BLUEPRINTS, folder, dirs_exist_ok=True)
    automation = {
        "alias": name,
        "use_blueprint": {"path": f"plant_vita/{name}.yaml", "input": inputs},
    }
    assert await async_setup_component(hass, AUTOMATION, {AUTOMATION: automation})
    await hass.async_block_till_done()
    state = hass.states.get(f"automation.{name}")
    assert state is not None
    assert state.state == "on"


async def settled(hass: HomeAssistant) -> None:
    """Until all that can go on has; an automation that waits for somebody is not waited for."""
    for _ in range(300):
        await asyncio.sleep(0)


@pytest.fixture
def told(hass: HomeAssistant) -> list[ServiceCall]:
    """What a phone is sent."""
    return async_mock_service(hass, "notify", "mobile_app_phone")


@pytest.mark.parametrize("name", NAMES)
async def test_a_blueprint_is_one(hass: HomeAssistant, tmp_path: Path, name: str) -> None:
    hass.config.config_dir = str(tmp_path)
    folder = tmp_path / "blueprints" / "automation" / "plant_vita"
    shutil.copytree(BLUEPRINTS, folder)
    found = await async_get_blueprints(hass).async_get_blueprint(f"plant_vita/{name}.yaml")
    assert isinstance(found, Blueprint)
    assert found.validate() is None
    assert found.domain == AUTOMATION
    assert found.metadata["source_url"].endswith(f"/blueprints/automation/plant_vita/{name}.yaml")


def test_every_blueprint_is_tried() -> None:
    assert sorted(file.stem for file in BLUEPRINTS.glob("*.yaml")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_page_offers_each_for_import(name: str) -> None:
    page = (ROOT / "docs" / "blueprints.md").read_text()
    source = yaml.safe_load((BLUEPRINTS / f"{name}.yaml").read_text().replace("!input", ""))[
        "blueprint"
    ]["source_url"]
    link = "https://my.home-assistant.io/redirect/blueprint_import/?blueprint_url="
    assert f"({link}{quote(source, safe='')})" in page


async def test_plants_are_watered_by_themselves_while_nobody_is_home(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    select = hose.entity_id(plant, "select", "automatic_watering")
    hose.hass.states.async_set("calendar.trips", "off")
    await imported(hose.hass, "holiday", away="calendar.trips", plants=[select], at_home="advice")
    hose.hass.states.async_set("calendar.trips", "on")
    await hose.pass_time(minutes=50)
    assert hose.shown(plant, "automatic_watering", "select") == "off"
    await hose.pass_time(minutes=11)
    assert hose.shown(plant, "automatic_watering", "select") == "on"
    hose.hass.states.async_set("calendar.trips", "unavailable")
    await hose.hass.async_block_till_done()
    assert hose.shown(plant, "automatic_watering", "select") == "on"
    hose.hass.states.async_set("calendar.trips", "on")
    hose.hass.states.async_set("calendar.trips", "off")
    await hose.hass.async_block_till_done()
    assert hose.shown(plant, "automatic_watering", "select") == "advice"


async def test_somebody_who_only_went_shopping_changes_nothing(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    select = hose.entity_id(plant, "select", "automatic_watering")
    hose.hass.states.async_set("person.anna", "home")
    await imported(hose.hass, "holiday", away="person.anna", away_state="not_home", plants=[select])
    hose.hass.states.async_set("person.anna", "not_home")
    await hose.pass_time(minutes=50)
    hose.hass.states.async_set("person.anna", "home")
    await hose.pass_time(hours=3)
    assert hose.shown(plant, "automatic_watering", "select") == "off"


async def pass_time(hass: HomeAssistant, **time: float) -> None:
    """Let everything that waits for so long go on."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(**time))
    await settled(hass)


async def watched(hass: HomeAssistant, tmp_path: Path, **inputs: Any) -> None:
    """Somebody is told of a fern."""
    hass.config.config_dir = str(tmp_path)
    hass.states.async_set(STATE, "idle")
    await imported(
        hass,
        "tank_empty",
        plants=[STATE],
        notifier="notify.mobile_app_phone",
        blocked_text="{why}",
        well_text="well",
        **inputs,
    )


def messages(told: list[ServiceCall]) -> list[str]:
    """What was said."""
    return [call.data["message"] for call in told]


async def test_an_empty_tank_is_told_every_day_until_it_is_filled(
    hass: HomeAssistant, told: list[ServiceCall], tmp_path: Path
) -> None:
    await watched(hass, tmp_path)
    hass.states.async_set(STATE, "tank_empty")
    await pass_time(hass, seconds=50)
    assert messages(told) == []
    await pass_time(hass, seconds=61)
    assert messages(told) == ["tank_empty"]
    await pass_time(hass, hours=24, minutes=1)
    assert messages(told) == ["tank_empty"] * 2
    # A lost node is no filled tank.
    hass.states.async_set(STATE, "unavailable")
    await settled(hass)
    assert messages(told) == ["tank_empty"] * 2
    hass.states.async_set(STATE, "idle")
    await settled(hass)
    assert messages(told) == ["tank_empty", "tank_empty", "well"]


async def test_it_is_not_told_for_ever(
    hass: HomeAssistant, told: list[ServiceCall], tmp_path: Path
) -> None:
    await watched(hass, tmp_path)
    hass.states.async_set(STATE, "locked")
    await pass_time(hass, seconds=61)
    for _ in range(12):
        await pass_time(hass, hours=24, minutes=1)
    assert messages(told) == ["locked"] * 7


async def test_only_what_was_chosen_is_told(
    hass: HomeAssistant, told: list[ServiceCall], tmp_path: Path
) -> None:
    await watched(hass, tmp_path, reasons=["leak"])
    hass.states.async_set(STATE, "tank_empty")
    await pass_time(hass, minutes=2)
    assert messages(told) == []
