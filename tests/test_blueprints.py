"""The blueprints as automations of a Home Assistant that has a garden."""

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
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

from tests.watering.garden_hose import BASIL, Hose, hose_fixture

hose = hose_fixture()
BLUEPRINTS = Path(__file__).parents[1] / "blueprints" / "automation" / "plant_vita"
STATE = "sensor.fern_watering_state"
NAMES = ("holiday", "tank_empty", "water_when_dry")


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


async def dried(hose: Hose) -> str:
    """A basil whose soil gets dry while a phone is asked about it."""
    hose.say("sensor.soil", 60)
    plant = await hose.grow({**BASIL, "species": "ocimum_basilicum"})
    await hose.settle()
    await imported(
        hose.hass,
        "water_when_dry",
        plant=hose.entity_id(plant, "event", "care"),
        notifier="notify.mobile_app_phone",
    )
    # It dries slowly: a fall at one go is no soil's.
    for level in (*range(60, 8, -4), *[8 + number / 10 for number in range(12)]):
        hose.say("sensor.soil", level)
        hose.freezer.tick(timedelta(minutes=5))
        async_fire_time_changed(hose.hass, dt_util.utcnow())
        await settled(hose.hass)
        if hose.hass.states.get("automation.water_when_dry").attributes["last_triggered"]:
            break
    return plant


def answer(hose: Hose, told: list[ServiceCall]) -> None:
    """The person presses the button of the first message."""
    [button] = told[0].data["data"]["actions"]
    assert button["title"] == "Water"
    hose.hass.bus.async_fire("mobile_app_notification_action", {"action": button["action"]})


async def test_a_dry_plant_is_watered_once_a_person_says_so(
    hose: Hose, told: list[ServiceCall]
) -> None:
    await dried(hose)
    assert [call.data["message"] for call in told] == ["Basil is dry. Water it now?"]
    assert hose.pump == "off"
    answer(hose, told)
    await settled(hose.hass)
    assert hose.pump == "on"
    [booking] = hose.written("booking")
    assert booking["ml"] == pytest.approx(100, abs=0.1)
    await hose.pass_time(seconds=5)
    assert hose.pump == "off"
    assert told[-1].data["message"] == "Basil was watered."


async def test_what_was_refused_is_told(hose: Hose, told: list[ServiceCall]) -> None:
    plant = await dried(hose)
    # The budget of the day is less than a dose.
    await hose.hass.services.async_call(
        "number",
        "set_value",
        {"entity_id": hose.entity_id(plant, "number", "daily_water"), "value": 10},
        blocking=True,
    )
    answer(hose, told)
    await settled(hose.hass)
    assert hose.pump == "off"
    assert told[-1].data["message"] == "Basil was not watered. Plant Vita says why."


async def asked(hass: HomeAssistant, tmp_path: Path) -> None:
    """A fern that is dry, of which nothing but its event is there."""
    hass.config.config_dir = str(tmp_path)
    await imported(hass, "water_when_dry", plant="event.fern", notifier="notify.mobile_app_phone")
    hass.states.async_set("event.fern", "unknown", {})
    hass.states.async_set("event.fern", dt_util.utcnow().isoformat(), {"event_type": "dry"})
    await settled(hass)


async def pressed(hass: HomeAssistant, button: str) -> None:
    """A button of a message."""
    hass.bus.async_fire("mobile_app_notification_action", {"action": button})
    await settled(hass)


async def test_without_an_answer_nothing_is_given(
    hass: HomeAssistant, told: list[ServiceCall], tmp_path: Path
) -> None:
    water = async_mock_service(hass, "plant_vita", "water", response={})
    await asked(hass, tmp_path)
    [button] = told[0].data["data"]["actions"]
    await pass_time(hass, hours=4, minutes=1)
    await pressed(hass, button["action"])
    assert (len(told), len(water)) == (1, 0)


async def test_only_the_button_of_this_question_counts(
    hass: HomeAssistant, told: list[ServiceCall], tmp_path: Path
) -> None:
    water = async_mock_service(hass, "plant_vita", "water", response={})
    await asked(hass, tmp_path)
    [button] = told[0].data["data"]["actions"]
    await pressed(hass, "PLANT_VITA_WATER_old")
    assert not water
    await pressed(hass, button["action"])
    assert len(water) == 1


async def test_an_event_that_is_shown_again_is_no_news(
    hass: HomeAssistant, told: list[ServiceCall], tmp_path: Path
) -> None:
    hass.config.config_dir = str(tmp_path)
    await imported(hass, "water_when_dry", plant="event.fern", notifier="notify.mobile_app_phone")
    old = (dt_util.utcnow() - timedelta(hours=1)).isoformat()
    hass.states.async_set("event.fern", old, {"event_type": "dry"})
    await settled(hass)
    hass.states.async_set("event.fern", dt_util.utcnow().isoformat(), {"event_type": "watered"})
    await settled(hass)
    assert told == []


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
