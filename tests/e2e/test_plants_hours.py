"""Hours of a plant in minutes: Home Assistant's clock runs ninety times as fast.

Its soil is a number that a person keeps, behind a template of another integration.
"""

import asyncio
from datetime import datetime, timedelta

import pytest

from scripts.lab.gardening import answer, make_garden, new_plant, to_do
from scripts.lab.provision import CONFIGURATION

from .clocks import faked
from .stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

FASTER = 90
MINUTE = 60 / FASTER
OTHERS = """
input_number:
  soil:
    min: 0
    max: 100
    step: 0.1
    initial: 8
template:
  - triggers:
      - trigger: time_pattern
        minutes: "/2"
      - trigger: state
        entity_id: input_number.soil
    sensor:
      - name: Soil
        unit_of_measurement: "%"
        state: "{{ states('input_number.soil') }}"
"""
# At this speed a hundredth of a second looks like a second, which Home Assistant finds slow.
PATIENT = CONFIGURATION.replace(
    "    custom_components.plant_vita: debug\n",
    "    custom_components.plant_vita: debug\n    homeassistant.helpers.entity: error\n",
)
assert PATIENT != CONFIGURATION
STAGE = {"configuration": PATIENT + OTHERS, "environment": faked(speed=FASTER)}
HEALTH, PROBLEM = "sensor.fern_health", "binary_sensor.fern_problem"


async def wet(stage: Stage, value: float) -> str:
    """Let the soil be so moist; when that was, by Home Assistant's clock."""
    target = {"entity_id": "input_number.soil"}
    await stage.api.action("input_number.set_value", {"value": value}, target=target)
    state = await stage.api.until_state(
        "input_number.soil", lambda state: float(state) == value, within=5
    )
    return str(state["last_changed"])


def minutes(first: str, last: str) -> float:
    """From one moment to another."""
    passed = datetime.fromisoformat(last) - datetime.fromisoformat(first)
    return passed / timedelta(minutes=1)


async def test_dry_soil_is_told_and_water_ends_it(stage: Stage, figures):
    api = stage.api
    flow = await new_plant(api, await make_garden(api))
    await answer(api, flow, name="Fern", outdoors=False)
    await answer(api, flow, moisture=["sensor.soil"])
    dry = await api.until_state(PROBLEM, "on", within=60)
    assert dry["attributes"]["reasons"] == ["moisture_too_low"]
    assert "Water: Fern" in await to_do(api)

    await wet(stage, 20)
    for value in (31, 42, 50, 53, 51, 49.5, 48.5, 48):  # soaks in, and drains
        await asyncio.sleep(4 * MINUTE)
        await wet(stage, value)
    await api.until_state(PROBLEM, "off", within=45 * MINUTE)
    await api.until_state(HEALTH, "100", within=45 * MINUTE)
    assert "Water: Fern" not in await to_do(api)

    dried = await wet(stage, 8)
    told = await api.until_state(PROBLEM, "on", within=60 * MINUTE)
    took = minutes(dried, told["last_changed"])
    figures.append(f"soil dry → problem: {took:.0f} min")
    assert took <= 25
