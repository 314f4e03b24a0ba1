"""Whatever a plant can say of itself is said in every language."""

import json
from typing import Any

import pytest

from custom_components.plant_vita.model.plant import Direction, Silence
from custom_components.plant_vita.model.species import Agent, Danger, Measure, Part
from custom_components.plant_vita.plants.definition import Input
from custom_components.plant_vita.plants.reasons import REASONS
from custom_components.plant_vita.plants.state import Care
from tests.house.python_files import PRODUCT
from tests.house.test_translations import strings_passed, texts as words

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
    assert set(sensors["growth"]["state_attributes"]["direction"]["state"]) == ways
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


def test_every_step_of_a_plant_has_its_texts() -> None:
    found = words("en")["config_subentries"]["plant"]
    shown = strings_passed("flows/plant.py", "async_show_form", "step_id")
    shown |= strings_passed("flows/scaling.py", "async_show_form", "step_id")
    shown |= strings_passed("flows/calibrating.py", "async_show_form", "step_id")
    assert set(found["step"]) == shown | {"user"}
    menu = strings_passed("flows/plant.py", "async_show_menu", "menu_options")
    assert set(found["step"]["user"]["menu_options"]) == menu
    assert set(found["abort"]) == strings_passed("flows/plant.py", "async_abort", "reason")
    assert set(found["initiate_flow"]) == {"user", "reconfigure"}
    assert set(found["error"]) == {"name_missing", "own_entity", "not_a_number", "same_points"} | {
        "camera_missing",
        "no_pump",
        "not_a_lamp",
        "pump_cut_short",
        "pump_refused",
        "pump_runs",
    }
    fields = {name: set(step.get("data", {})) for name, step in found["step"].items()}
    assert fields == {
        "user": set(),
        "takeover": {"plants"},
        "plant": {"name", "species", "area", "outdoors", "pot_cm"},
        "species": {"species"},
        "sources": {*Input, "light_source", "pump", "grow_light", "camera", "snapshot_days"},
        "scale": {"raw_dry", "raw_wet"},
        "pump": {"tank", "ai_water", "calibrate"},
        "cup": set(),
        "measured": {"measured"},
    }
    for step in found["step"].values():
        assert set(step.get("data", {})) == set(step.get("data_description", {}))


def test_every_chore_has_its_text() -> None:
    assert set(words("en")["selector"]["chore"]["options"]) == set(Care)
