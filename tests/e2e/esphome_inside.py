"""Run by test_esphome.py in a network namespace of its own.

Home Assistant, its own ESPHome integration, and a real ESPHome node at which a plant is watered.
"""

import pytest

from scripts.lab.api import ApiError
from scripts.lab.esphome import EspHomeNode, built
from scripts.lab.gardening import answer, make_garden, new_plant
from tests.namespace import tell

from .stage import Stage, Stopwatch

pytestmark = pytest.mark.asyncio(loop_scope="module")

DEVICE = "simulated_plant"
SOIL, PUMP = f"sensor.{DEVICE}_soil_moisture", f"switch.{DEVICE}_pump"
TANK, LEAK = f"binary_sensor.{DEVICE}_reservoir_empty", f"binary_sensor.{DEVICE}_leak"
WATERING, TOTAL = "switch.basil_watering", "sensor.basil_water_in_total"
# The dose that a plant begins with, by a pump that nobody has measured: 30 ml a second.
DOSE_ML, PULSE_MS = 100, 3333


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    with EspHomeNode(built(), tmp_path_factory.mktemp("node")) as node:
        yield node


@pytest.fixture(scope="module")
def told():
    """What was measured."""
    return []


async def act(stage: Stage, action: str, what: str, **data: object) -> None:
    entity = f"{action.partition('.')[0]}.{DEVICE}_{what}"
    await stage.api.action(action, data, target={"entity_id": entity})


async def test_home_assistants_own_integration_sets_it_up(stage: Stage, node: EspHomeNode):
    flow = await stage.api.start_flow("esphome")
    done = await stage.api.flow_step(flow["flow_id"], {"host": "127.0.0.1", "port": 6053})
    assert done["type"] == "create_entry", done
    # 2.4 V of a probe that says 2.8 V in the air and 1.2 V in water.
    assert await stage.number(SOIL) == pytest.approx(25, abs=0.1)
    assert [await stage.state(one) for one in (PUMP, TANK, LEAK)] == ["off"] * 3
    await act(stage, "button.press", "begin_pump_budget")
    await stage.api.until_state(f"sensor.{DEVICE}_pump_status", "ready", within=10)


async def test_a_plant_is_watered_at_it(stage: Stage, node: EspHomeNode, told: list[str]):
    api = stage.api
    flow = await new_plant(api, await make_garden(api))
    await answer(api, flow, name="Basil", species="ocimum_basilicum", outdoors=False)
    assert (await answer(api, flow, moisture=[SOIL], pump=PUMP))["step_id"] == "pump"
    assert (await answer(api, flow, tank=TANK))["type"] == "create_entry"
    await api.until_state(WATERING, "off", within=20)
    await api.until_state("sensor.basil_health", lambda state: state != "unknown", within=20)

    watch = Stopwatch()
    await api.action("switch.turn_on", target={"entity_id": WATERING})
    told.append(f"an ESPHome node's pump, asked → told that it runs: {1000 * watch.seconds:.0f} ms")
    await api.until_state(PUMP, "off", within=PULSE_MS / 1000 + 10)
    await api.until_state(WATERING, "off", within=10)
    assert [on for on, _ in node.edges] == [True, False]
    told.append(f"an ESPHome node's pulse of {PULSE_MS} ms lasted {node.runs_ms[0]} ms at the pin")
    assert PULSE_MS - 100 <= node.runs_ms[0] <= PULSE_MS + 1500
    given = await api.until_state(TOTAL, lambda state: float(state) > 0.05, within=20)
    assert float(given["state"]) == pytest.approx(DOSE_ML / 1000, abs=0.06)


async def test_an_empty_tank_and_a_leak_are_heard_of(stage: Stage, node: EspHomeNode):
    target = {"entity_id": WATERING}
    for switch, contact, key in (
        ("tank_runs_dry", TANK, "watering_tank_empty"),
        ("water_on_the_floor", LEAK, "watering_leak"),
    ):
        await act(stage, "switch.turn_on", switch)
        await stage.api.until_state(contact, "on", within=10)
        with pytest.raises(ApiError) as refused:
            await stage.api.action("switch.turn_on", target=target)
        assert refused.value.error["translation_key"] == key
        await act(stage, "switch.turn_off", switch)
        await stage.api.until_state(contact, "off", within=10)
    assert len(node.edges) == 2


async def test_it_waters_no_longer_than_home_assistant_lives(
    stage: Stage, node: EspHomeNode, told: list[str]
):
    # A floor that was wet is given a minute.
    await stage.api.until_state(f"sensor.{DEVICE}_pump_status", "ready", within=90)
    known = await stage.api.command("config/entity_registry/get", entity_id=WATERING)
    wanted = {"device_id": known["device_id"], "seconds": 10}
    await stage.api.action("plant_vita.water", wanted, response=True)
    await stage.api.until_state(PUMP, "on", within=10)
    watch = Stopwatch()
    await stage.kill()
    await node.until(lambda: len(node.runs_ms) == 2, "the pump is off", within=10)
    told.append(f"Home Assistant killed → an ESPHome node's pump off: {watch.seconds:.2f} s")
    assert node.runs_ms[1] < 10_000
    assert "ms: not connected" in node.log
    tell(told)
