"""Triggers, blueprints, the phone and the energy dashboard in a running Home Assistant.

Its clock runs eight times as fast: what is wrong is told when it has lasted for four minutes.
"""

import re
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
import yaml

from scripts.lab.api import Json
from scripts.lab.gardening import add_plant, answer, make_garden, new_plant
from scripts.lab.process import ROOT
from scripts.lab.provision import CONFIGURATION

from .clocks import faked
from .fake_phone import FakePhone
from .stage import Stage, until

pytestmark = pytest.mark.asyncio(loop_scope="module")
TAKES_S = 65

FASTER = 8
INPUTS = """
mobile_app:
energy:
automation: []
input_boolean:
  pump:
  away:
  tank:
input_number:
  soil: {min: 0, max: 100, initial: 40, unit_of_measurement: "%"}
  room: {min: -300, max: 100, initial: 21, unit_of_measurement: "°C"}
  shed: {min: -300, max: 100, initial: 21, unit_of_measurement: "°C"}
template:
  binary_sensor: {name: Tank, state: "{{ is_state('input_boolean.tank', 'on') }}"}
"""
STAGE = {"configuration": CONFIGURATION + INPUTS, "environment": faked(speed=FASTER)}
BLUEPRINTS = ROOT / "blueprints" / "automation" / "plant_vita"
BASIL, FERN = {"entity_id": "event.basil_care"}, {"entity_id": "event.fern_care"}
TRIGGERS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "needs_water": (BASIL, {}),
    "health_fell_below": (BASIL, {"below": 60}),
    "problem_appeared": (FERN, {}),
    "problem_cleared": (FERN, {}),
    "watered": (FERN, {}),
    "dry_within": (FERN, {"hours": 24}),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def phone(stage: Stage) -> AsyncIterator[FakePhone]:
    """Two plants with automations, and a phone that is told of them."""
    api = stage.api
    flow = await new_plant(api, await make_garden(api))
    await answer(api, flow, name="Basil", species="ocimum_basilicum", outdoors=False)
    inputs = {"moisture": ["input_number.soil"], "temperature": ["input_number.room"]}
    assert (await answer(api, flow, **inputs, pump="input_boolean.pump"))["step_id"] == "pump"
    assert (await answer(api, flow, tank="binary_sensor.tank"))["type"] == "create_entry"
    await add_plant(api, "Fern", "nephrolepis_exaltata", {"temperature": ["input_number.shed"]})
    three_days_ago = (datetime.now(UTC) - timedelta(days=3)).isoformat()
    care = {"device_id": await device(stage, "Fern"), "care": "watered", "at": three_days_ago}
    await api.action("plant_vita.log_care", care)
    await number(stage, "fern_days_between_waterings", 10)
    async with FakePhone(api, stage.url, "Pixel 9") as phone:
        await automate(stage, phone)
        yield phone


async def automate(stage: Stage, phone: FakePhone) -> None:
    """Have one automation for each trigger, and those of the blueprints."""
    home = stage.home.folder
    shutil.copytree(BLUEPRINTS, home / "blueprints" / "automation" / "plant_vita")
    automations = [
        {
            "alias": name,
            "triggers": {"trigger": f"plant_vita.{name}", "target": target, "options": options},
            "actions": [{"event": "told"}],
        }
        for name, (target, options) in TRIGGERS.items()
    ]
    made = {
        "ask_on_phone": {"plants": BASIL, "phones": [phone.device_id]},
        "what_ails_it": {"plants": FERN, "phones": [phone.device_id]},
        "weekly_digest": {"phones": [phone.device_id], "title": "The week"},
        "holiday": {
            "away": "input_boolean.away",
            "away_for": 0,
            "plants": ["select.basil_automatic_watering"],
        },
        "tank_empty": {
            "plants": ["sensor.basil_watering_status"],
            "notifier": "notify.mobile_app_pixel_9",
        },
    }
    automations += [
        {
            "alias": name,
            "id": name,
            "use_blueprint": {"path": f"plant_vita/{name}.yaml", "input": inputs},
        }
        for name, inputs in made.items()
    ]
    configuration = home / "configuration.yaml"
    others = configuration.read_text().replace("automation: []", "")
    configuration.write_text(others + yaml.safe_dump({"automation": automations}))
    await stage.api.action("automation.reload")
    states = await stage.api.states()
    for name in (*TRIGGERS, *made):
        assert states[f"automation.{name}"]["state"] == "on", name


async def device(stage: Stage, name: str) -> str:
    """The device of a plant; it comes a moment after the plant."""

    async def look() -> str | None:
        devices = await stage.api.command("config/device_registry/list")
        return next((str(one["id"]) for one in devices if one["name"] == name), None)

    return await until(look, 30, f"a device {name}")


async def number(stage: Stage, what: str, value: float, domain: str = "number") -> None:
    """Set a number."""
    target = {"entity_id": f"{domain}.{what}"}
    await stage.api.action(f"{domain}.set_value", {"value": value}, target=target)


async def triggered(stage: Stage) -> dict[str, str | None]:
    """When each automation ran last."""
    states = await stage.api.states()
    return {
        name: states[f"automation.{name}"]["attributes"]["last_triggered"]
        for name in (*TRIGGERS, "ask_on_phone", "what_ails_it")
    }


async def ran(stage: Stage, *names: str) -> None:
    """Wait until these automations have run."""

    async def look() -> bool:
        seen = await triggered(stage)
        return all(seen[name] for name in names)

    await until(look, 120, f"{names} run")


async def test_each_trigger_is_told_and_nothing_before(stage: Stage, phone: FakePhone):
    assert {name for name, at in (await triggered(stage)).items() if at} == set()
    # What has to last for a while begins together.
    tank = {"entity_id": "input_boolean.tank"}
    await stage.api.action("input_boolean.turn_on", target=tank)
    await number(stage, "basil_soil_moisture_alarm_below", 45)
    await number(stage, "basil_temperature_alarm_below", 25)
    await number(stage, "shed", -300, "input_number")
    await number(stage, "fern_days_between_waterings", 1)
    await ran(stage, "dry_within", "problem_appeared", "what_ails_it")
    # Without a service, and of a plant of an hour: all there is to say is that it was forgotten.
    found = await phone.told("Too little water (27 %)")
    assert found["title"] == "🌱 Fern"
    assert not found["data"].get("actions")
    await number(stage, "fern_days_between_waterings", 3)
    target = {"entity_id": "button.fern_watered"}
    await stage.api.action("button.press", target=target)
    await ran(stage, "watered", "needs_water", "health_fell_below")
    await number(stage, "shed", 20, "input_number")
    await ran(stage, "problem_cleared")
    told = await phone.told("Basil gets no water: Tank empty")
    assert told["title"] == "🌱 Basil"
    await stage.api.action("input_boolean.turn_off", target=tank)
    await phone.told("Basil can be watered again.")


async def test_they_are_offered_where_a_plant_is_chosen(stage: Stage, phone: FakePhone):
    target = {"device_id": [await device(stage, "Basil")]}
    offered = await stage.api.command("get_triggers_for_target", target=target)
    assert {f"plant_vita.{name}" for name in TRIGGERS} <= set(offered)
    offered = await stage.api.command("get_conditions_for_target", target=target)
    assert "plant_vita.watered_within" in offered
    (basil,) = target["device_id"]
    actions = await stage.api.command("device_automation/action/list", device_id=basil)
    mine = {one["type"] for one in actions if one["domain"] == "plant_vita"}
    assert mine == {"water", "stop", "log_care"}


@pytest.mark.parametrize(
    ("name", "target", "options", "holds"),
    [
        ("needs_water", BASIL, {}, True),
        ("has_problem", FERN, {}, False),
        ("health_is_below", BASIL, {"below": 60}, True),
        ("dry_within", FERN, {"hours": 24}, False),
        ("watered_within", FERN, {"hours": 24}, True),
    ],
)
async def test_each_condition_is_asked(
    stage: Stage, phone: FakePhone, name: str, target: Json, options: Json, *, holds: bool
):
    wanted = {"condition": f"plant_vita.{name}", "target": target, "options": options}
    told = await stage.api.command("test_condition", condition=wanted)
    assert told["result"] is holds


async def test_a_phone_is_asked_and_its_button_waters(stage: Stage, phone: FakePhone):
    question = await phone.told("Basil needs water.")
    assert question["title"] == "🌱 Basil"
    await phone.press(question, "Water now")
    await phone.told("Basil gets its water.")
    await stage.api.until_state("input_boolean.pump", "off", within=60)
    total = "sensor.basil_water_in_total"
    given = await stage.api.until_state(total, lambda state: float(state) > 0.05, within=60)
    assert given["attributes"]["device_class"] == "water"
    await phone.press(question, "Water now")
    await phone.told("must soak in first")


async def test_the_logbook_of_the_plant_says_so(stage: Stage, phone: FakePhone):
    start = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    wanted = {"start_time": start, "device_ids": [await device(stage, "Basil")]}

    async def look() -> bool:
        entries = await stage.api.command("logbook/get_events", **wanted)
        said = [one.get("message", "") for one in entries if one.get("domain") == "plant_vita"]
        return any("was given 100 ml of water as planned." in one for one in said) and any(
            "was given no water as planned. The water of the last time" in one for one in said
        )

    await until(look, 60, "the watering in the logbook")


async def test_the_week_comes_to_the_phone(stage: Stage, phone: FakePhone):
    target = {"entity_id": "automation.weekly_digest"}
    await stage.api.action("automation.trigger", target=target)
    digest = await phone.told("Watered: ")
    assert digest["title"] == "The week"
    assert re.search(r"Given by pumps: 10\d ml of water\.", digest["message"])


async def test_while_nobody_is_home_plants_are_watered_by_themselves(stage: Stage):
    select, away = "select.basil_automatic_watering", {"entity_id": "input_boolean.away"}
    await stage.api.action("input_boolean.turn_on", target=away)
    await stage.api.until_state(select, "on", within=30)
    await stage.api.action("input_boolean.turn_off", target=away)
    await stage.api.until_state(select, "off", within=30)


async def test_the_energy_dashboard_takes_the_water_of_a_plant(stage: Stage, phone: FakePhone):
    water = [
        {"stat_consumption": f"sensor.basil_{one}", "name": one}
        for one in ("water_in_total", "water_today", "health")
    ]
    await stage.api.command("energy/save_prefs", device_consumption_water=water)

    async def look() -> list[Json] | None:
        *fit, health = (await stage.api.command("energy/validate"))["device_consumption_water"]
        return health if fit == [[], []] else None

    # Its statistics are there within five minutes.
    health = await until(look, 90, "nothing against the water")
    assert "entity_unexpected_device_class" in {one["type"] for one in health}


async def test_a_restart_tells_nothing_and_a_button_still_works(stage: Stage, phone: FakePhone):
    before, sent = await triggered(stage), len(phone.sent)
    question = await phone.told("Basil needs water.")
    await stage.stop()
    await stage.start()
    phone.talk_to(stage.api)
    await number(stage, "soil", 39, "input_number")

    async def judged() -> bool:
        told = await stage.api.action("plant_vita.get_plants", response=True)
        basil = next(one for one in told["plants"] if one["name"] == "Basil")
        return basil["measured"]["moisture"]["value"] == 39

    await until(judged, 60, "Basil judged after the restart")
    assert await triggered(stage) == before
    assert len(phone.sent) == sent
    await phone.press(question, "Watered")
    await phone.told("Noted: Basil has been watered.")
