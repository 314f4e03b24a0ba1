"""Whatever a plant can say of itself is said in every language."""

import json
from typing import Any

import pytest

from custom_components.plant_vita.model.plant import Direction, Silence
from custom_components.plant_vita.model.species import Agent, Danger, Measure, Part
from custom_components.plant_vita.plants.reasons import REASONS
from tests.house.python_files import PRODUCT

LANGUAGES = {path.stem: path for path in sorted((PRODUCT / "translations").glob("*.json"))}


@pytest.fixture(params=LANGUAGES)
def texts(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(LANGUAGES[request.param].read_text())
    return found


def test_states_and_attributes(texts: dict[str, Any]) -> None:
    entity = texts["entity"]
    sensors, problem = entity["sensor"], entity["binary_sensor"]["plant_problem"]
    reasons = set(REASONS)
    assert set(problem["state_attributes"]["reasons"]["state"]) == reasons
    assert set(sensors["problem_reason"]["state"]) == reasons | {"none"}
    ways = {one.value for one in Direction} - {"unknown"}
    assert set(sensors["health_trend"]["state"]) == ways
    assert set(sensors["health"]["state_attributes"]["limiting"]["state"]) == set(Measure)
    assert set(Silence) <= set(sensors["days_to_dry"]["state_attributes"]["why_not"]["state"])


def test_toxicity(texts: dict[str, Any]) -> None:
    shown = texts["entity"]["sensor"]["toxicity"]
    assert set(shown["state"]) == set(Danger)
    attributes = shown["state_attributes"]
    for whom in ("cats", "dogs", "children"):
        assert attributes[whom]["state"] == shown["state"]
    assert set(attributes["agent"]["state"]) == set(Agent)
    assert set(attributes["part"]["state"]) == set(Part)
