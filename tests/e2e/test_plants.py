"""Plants in a real Home Assistant: of a node, of another integration, and of nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from scripts.lab.gardening import (
    LIST,
    answer,
    begin_plant,
    change_plant,
    make_garden,
    new_plant,
    plants,
    shown,
    to_do,
)
from scripts.lab.provision import CONFIGURATION

from .stage import Stage, entity, until

pytestmark = pytest.mark.asyncio(loop_scope="module")
TAKES_S = 60

OTHERS = """
template:
  - sensor:
      - name: Cellar soil
        unique_id: cellar
        unit_of_measurement: "%"
        state: "{{ 44 }}"
  - sensor:
      - name: Spare soil
        unit_of_measurement: "%"
        state: "{{ 47 }}"
plant:
  Grandmother's aloe:
    sensors:
      moisture: sensor.cellar_soil
    min_moisture: 10
    max_moisture: 50
"""
STAGE = {"configuration": CONFIGURATION + OTHERS}
# A pot as dry as it gets: 4 % of its volume, of which 52 % is room for water.
PARCHED = 0.04
HEALTH, PROBLEM = "sensor.window_basil_health", "binary_sensor.window_basil_problem"
WATERED = "sensor.window_basil_last_watered"


async def test_a_plant_of_a_node_that_is_dry_and_is_watered(stage: Stage, figures):
    node = await stage.paired_node(
        "Sill", parts=("soil", "dht22", "pump", "tank"), start=PARCHED,
        settings={"tuning": {"0": {"med": 3, "db": 0.5}}},
    )  # fmt: skip
    api, moisture = stage.api, entity(node, "sensor", "soil_moisture")
    assert await stage.number(moisture) < 12
    flow = await new_plant(api, await make_garden(api))
    step = await answer(api, flow, name="Window basil", species="ocimum_basilicum", outdoors=False)
    assert step["step_id"] == "sources"
    step = await answer(
        api, flow, moisture=[moisture], temperature=[entity(node, "sensor", "temperature")]
    )
    assert step["type"] == "create_entry"

    dry = await api.until_state(PROBLEM, "on", within=30)
    assert dry["attributes"]["reasons"] == ["moisture_too_low"]
    before = await stage.number(HEALTH)
    assert before < 60
    item = (await to_do(api))["Water: Window basil"]
    assert item["status"] == "needs_action"

    node.pot.pour(120)  # from a can, not by the pump
    await api.until_state(moisture, lambda state: float(state) > 20, within=60)
    risen = await api.until_state(HEALTH, lambda state: float(state) > before + 20, within=60)
    figures.append(f"plant of a node: health {before:.0f} dry, {risen['state']} after 120 ml")
    # Whoever has done it ticks it off.
    ticked = datetime.now(UTC)
    data = {"item": item["uid"], "status": "completed"}
    await api.action("todo.update_item", data, target={"entity_id": LIST})
    said = await api.until_state(WATERED, lambda state: state != "unknown", within=10)
    at = datetime.fromisoformat(said["state"])
    assert ticked - timedelta(seconds=2) <= at <= ticked + timedelta(seconds=10)


async def test_a_kill_takes_nothing_that_was_known(stage: Stage):
    (node,) = stage.nodes
    before = await shown(stage.api, "window_basil")
    known = {key: value for key, value in before.items() if value not in {"unknown", "unavailable"}}
    assert {HEALTH, PROBLEM, WATERED} <= known.keys()
    await until(_written(stage), 15, "the watering is on the disk")
    await stage.kill()
    await node.kill()  # nobody says anything when it is back
    await stage.start()
    after = await shown(stage.api, "window_basil")
    assert [key for key in known if after.get(key) in {None, "unknown", "unavailable"}] == []
    assert after[WATERED] == before[WATERED]
    await node.start()
    await stage.number(entity(node, "sensor", "soil_moisture"), within=60)


def _written(stage: Stage):
    async def look() -> bool:
        files = stage.home.folder.glob(".storage/plant_vita.plant.*")
        return any('"watered"' in file.read_text() for file in files)

    return look


async def test_a_plant_without_sensors_lives_by_the_calendar(stage: Stage):
    flow = await new_plant(stage.api, (await begin_plant(stage.api))["flow_id"])
    await answer(stage.api, flow, name="Parsley", species="petroselinum_crispum", outdoors=True)
    assert (await answer(stage.api, flow))["type"] == "create_entry"
    button = "button.parsley_watered"
    await stage.api.until_state(button, "unknown", within=10)
    await stage.api.action("button.press", target={"entity_id": button})
    said = await stage.api.until_state("sensor.parsley_last_watered", lambda s: s != "unknown")
    due = await stage.api.until_state("sensor.parsley_next_watering", lambda s: s != "unknown")
    last, following = (datetime.fromisoformat(one["state"]) for one in (said, due))
    days = await stage.number("number.parsley_days_between_waterings")
    assert following - last == pytest.approx(timedelta(days=days), abs=timedelta(hours=1))
    await stage.api.until_state("binary_sensor.parsley_problem", "off")


async def test_plants_of_home_assistants_own_integration_are_taken_over(stage: Stage):
    step = await begin_plant(stage.api)
    assert step["menu_options"] == ["plant", "takeover"]
    step = await answer(stage.api, step["flow_id"], next_step_id="takeover")
    assert step["step_id"] == "takeover"
    done = await answer(stage.api, step["flow_id"], plants=["plant:Grandmother's aloe"])
    assert (done["type"], done["reason"]) == ("abort", "taken_over")
    await stage.api.until_state("sensor.grandmother_s_aloe_health", "100", within=20)
    limits = await stage.number("number.grandmother_s_aloe_soil_moisture_alarm_above")
    assert limits == 50
    # It is not offered twice, and theirs is still there.
    assert (await begin_plant(stage.api))["type"] == "form"
    assert (await stage.state("plant.grandmother_s_aloe")) == "ok"


async def test_another_sensor_and_another_name_keep_what_was_known(stage: Stage):
    api = stage.api
    await api.action("button.press", target={"entity_id": "button.grandmother_s_aloe_watered"})
    said = await api.until_state(
        "sensor.grandmother_s_aloe_last_watered", lambda state: state != "unknown"
    )
    before = await plants(api)
    flow = await change_plant(api, "Grandmother's aloe")
    await answer(api, flow, name="Aloe", species="aloe_vera", outdoors=False)
    done = await answer(api, flow, moisture=["sensor.spare_soil"])
    assert (done["type"], done["reason"]) == ("abort", "reconfigure_successful")
    await api.until_state("sensor.grandmother_s_aloe_health", "100", within=20)
    garden = await api.action("plant_vita.get_plants", response=True)
    (aloe,) = (one for one in garden["plants"] if one["name"] == "Aloe")
    assert aloe["measured"]["moisture"]["value"] == 47
    assert aloe["species"] == "aloe_vera"
    assert (await plants(api))["Aloe"] == before["Grandmother's aloe"]
    kept = await stage.state("sensor.grandmother_s_aloe_last_watered")
    assert kept == said["state"]
    assert aloe["limits"]["moisture"]["maximum"] == 50

    await stage.stop()
    await stage.start()
    assert await stage.state("sensor.grandmother_s_aloe_last_watered") == kept
    assert await stage.state("sensor.grandmother_s_aloe_health") == "100"
