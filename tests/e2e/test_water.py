"""Water: from the switch to the pin to the soil to the sensor, and every way to be refused."""

import asyncio
import statistics
import time

import pytest

from scripts.lab.api import ApiError

from .stage import Stage, Stopwatch, entity

pytestmark = pytest.mark.asyncio(loop_scope="module")

PULSE_S = 5.0  # what the switch asks for unless a person has set something else
SHORT = {"tuning": {"0": {"med": 3, "db": 0.5}}}


@pytest.fixture(scope="module")
def edges():
    """When a pump went on or off, by our clock: (moment, on)."""
    return []


async def test_the_switch_waters_the_pot_and_the_sensor_says_so(stage: Stage, figures, edges):
    node = await stage.paired_node(
        "Kitchen basil",
        parts=("soil", "dht22", "pump", "tank", "leak"),
        settings=SHORT,
        notify=lambda event: (
            edges.append((time.monotonic(), event["on"])) if event["event"] == "pump" else None
        ),
    )
    pump, moisture = entity(node, "switch", "pump"), entity(node, "sensor", "soil_moisture")
    await stage.api.until_state(pump, "off")
    dry = await stage.number(moisture)
    asked = time.monotonic()
    await stage.switch(node)
    told = time.monotonic() - asked
    state = await stage.api.until_state(pump, "on", within=5)
    assert state["attributes"]["ends_at"] is not None
    figures.append(
        f"switch → pin: {1000 * (edges[0][0] - asked):.0f} ms, → told: {1000 * told:.0f} ms"
    )
    assert edges[0][0] - asked < 1.0
    await stage.api.until_state(pump, "off", within=PULSE_S + 5)
    assert [on for _, on in edges] == [1, 0]
    [pulse] = node.pulses
    assert PULSE_S * 1000 - 100 <= pulse.ms <= PULSE_S * 1000 + 50
    figures.append(f"a pulse of {1000 * PULSE_S:.0f} ms lasted {pulse.ms:.1f} ms at the pin")
    watch = Stopwatch()
    await stage.api.until_state(moisture, lambda state: float(state) > dry + 5, within=90)
    figures.append(f"pump off → soil moisture risen by 5 %: {watch.seconds:.0f} s")
    assert node.truth()["poured_ml"] == pytest.approx(100, abs=3)


async def test_a_second_watering_is_refused_until_the_first_has_soaked_in(stage: Stage):
    node = stage.nodes[0]
    refused = await stage.refusal(node)
    assert refused.error["translation_key"] == "refused_soak"
    assert "must soak in first" in str(refused)
    seconds = int(refused.error["translation_placeholders"]["seconds"])
    assert 1 <= seconds <= 60
    assert len(node.pulses) == 1


async def test_an_empty_reservoir_and_a_leak_are_shown_and_refuse_water(stage: Stage, figures):
    node = stage.nodes[0]
    pump = entity(node, "switch", "pump")
    # Home Assistant knows which it is before the node has to refuse; a leak stops every pump.
    for fault, shown, key, said in (
        ("tank", "reservoir_empty", "watering_tank_empty", "water tank is empty"),
        ("leak", "leak", "watering_leak", "leak sensor"),
    ):
        watch = Stopwatch()
        node.fault(fault)
        await stage.api.until_state(entity(node, "binary_sensor", shown), "on", within=10)
        figures.append(f"{fault} → {shown} shown: {watch.seconds:.2f} s")
        refused = await stage.refusal(node)
        assert refused.error["translation_key"] == key
        assert said in str(refused)
        state = (await stage.api.states())[pump]
        assert state["attributes"]["blocked_by"] is not None
        node.fault(fault, on=False)
        await stage.api.until_state(entity(node, "binary_sensor", shown), "off", within=10)
    assert len(node.pulses) == 1
    await node.stop()


async def test_a_reservoir_that_runs_empty_ends_the_pulse(stage: Stage, figures):
    node = await stage.paired_node("Ficus", parts=("soil", "pump", "tank"))
    await set_pulse(stage, node, 20)
    await stage.switch(node)
    await node.wait_for(lambda: node.record.running(26))
    began = node.now
    node.fault("tank")
    await node.wait_for(lambda: not node.record.running(26))
    figures.append(f"reservoir empty → pump off: {1000 * (node.now - began):.0f} ms")
    assert node.now - began < 1.0
    await stage.api.until_state(entity(node, "switch", "pump"), "off", within=5)
    await node.stop()


async def test_a_person_can_stop_the_pump_at_the_switch_and_at_the_node(stage: Stage):
    node = await stage.paired_node("Fern", parts=("soil", "pump"), speed=20)
    pump = entity(node, "switch", "pump")
    await set_pulse(stage, node, 30)
    for stop in (lambda: stage.switch(node, on=False), lambda: node.press(0.2)):
        await until_soaked(stage, node)
        await stage.api.until_state(pump, "on", within=5)
        await stop()
        await stage.api.until_state(pump, "off", within=5)
    assert [pulse.ms < 29_000 for pulse in node.pulses] == [True, True]
    await node.stop()


async def test_the_day_s_budget_ends_at_120_seconds_and_that_is_told(stage: Stage):
    node = await stage.paired_node("Palm", parts=("soil", "pump"), speed=30)
    await set_pulse(stage, node, 30)
    for count in range(1, 5):
        await until_soaked(stage, node)
        await node.wait_for(lambda count=count: finished(node) == count)
    refused = await until_soaked(stage, node, budget=True)
    assert refused.error["translation_key"] == "refused_budget"
    assert "pumping time for 24 hours is used up" in str(refused)
    assert 86_000 < int(refused.error["translation_placeholders"]["seconds"]) < 86_400
    assert sum(pulse.ms for pulse in node.pulses) <= 120_000 + 4 * 100
    assert len(node.pulses) == 4
    await node.stop()


async def test_how_long_it_takes_from_the_switch_to_the_pin(stage: Stage, figures):
    came: list[float] = []

    def notice(event):
        if event["event"] == "pump" and event["on"]:
            came.append(time.monotonic())

    # A fast plant: its soil is ready for the next watering after two seconds of ours.
    node = await stage.paired_node("Cactus", parts=("soil", "pump"), speed=30, notify=notice)
    await set_pulse(stage, node, 3)
    took: list[float] = []
    for count in range(1, 8):
        asked = await until_soaked(stage, node)
        await node.wait_for(lambda count=count: finished(node) == count)
        took.append(1000 * (came[-1] - asked))
    figures.append(
        f"switch → pin, {len(took)} times: median {statistics.median(took):.0f} ms,"
        f" worst {max(took):.0f} ms"
    )
    assert statistics.median(took) < 500
    await node.stop()


def finished(node) -> int:
    """How many pulses are over."""
    return sum(1 for pulse in node.pulses if pulse.end is not None)


async def set_pulse(stage: Stage, node, seconds: float) -> None:
    """Set how long the switch lets the pump run."""
    target = {"entity_id": entity(node, "number", "pump_run_time")}
    await stage.api.action("number.set_value", {"value": seconds}, target=target)


async def until_soaked(stage: Stage, node, *, budget: bool = False):
    """Turn the pump on as soon as the soil is ready: the moment of asking, or the refusal."""
    async with asyncio.timeout(60):
        while True:
            asked = time.monotonic()
            try:
                await stage.switch(node)
            except ApiError as error:
                refused = error.error["translation_key"]
                if budget and refused == "refused_budget":
                    return error
                if refused not in {"refused_soak", "refused_busy"}:
                    raise
            else:
                return asked
            await asyncio.sleep(0.3)
