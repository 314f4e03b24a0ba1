"""Whatever can be said and chosen about photos and accounts has its text."""

import pytest
import yaml

from custom_components.plant_vita.actions import species
from custom_components.plant_vita.model.finding import Task
from custom_components.plant_vita.model.species import Habit, Measure, Substrate
from custom_components.plant_vita.providers.registry import PROVIDERS
from tests.house.python_files import PRODUCT
from tests.house.test_translations import texts

ASKED = {
    "identify": Task.IDENTIFY,
    "diagnose": Task.DIAGNOSE,
    "ask": Task.ADVISE,
    "care_instructions": Task.ENRICH,
}


@pytest.mark.parametrize("action", ASKED)
def test_every_service_that_can_be_asked_is_offered(action: str) -> None:
    fields = yaml.safe_load((PRODUCT / "services.yaml").read_text())[action]["fields"]
    services = fields["services"]["selector"]["select"]["options"]
    assert {one["value"]: one["label"] for one in services} == {
        kind: spec.name for kind, spec in PROVIDERS.items() if ASKED[action] in spec.tasks
    }


def test_every_organ_that_can_be_chosen_is_offered() -> None:
    fields = yaml.safe_load((PRODUCT / "services.yaml").read_text())["identify"]["fields"]
    organs = fields["organs"]["selector"]["select"]["options"]
    assert tuple(organs) == species.ORGANS
    assert set(texts("en")["selector"]["organ"]["options"]) == set(organs)


def test_every_setting_of_an_account_has_its_text() -> None:
    steps = texts("en")["config"]["step"]
    choices = {(bool(one.fields), name) for one in PROVIDERS.values() for name in one.options}
    secrets = {name for one in PROVIDERS.values() for name in one.fields}
    assert set(steps["account"]["data"]) == {name for typed, name in choices if typed} | secrets
    assert set(steps["model"]["data"]) == {name for typed, name in choices if not typed}
    assert set(steps["key"]["data"]) == secrets
    for step, settings in (("account", {"base_url", "daily"}), ("model", {"daily"})):
        advanced = steps[step]["sections"]["advanced"]
        assert set(advanced["data"]) == set(advanced["data_description"]) == settings


def test_what_each_service_is_good_for_is_said() -> None:
    said = texts("en")["selector"]["service"]["options"]
    assert set(said) == set(PROVIDERS)
    assert all(said[kind].startswith(f"{spec.name}: ") for kind, spec in PROVIDERS.items())


def test_everything_that_is_said_of_care_has_its_text() -> None:
    said = {key.removeprefix("care_") for key in texts("en")["common"] if key.startswith("care_")}
    assert said == {
        *(f"habit_{one}" for one in Habit),
        *(f"substrate_{one}" for one in Substrate),
        *Measure,
        *(f"{one}_between" for one in Measure),
        *(f"{whom}_{how}" for whom in ("pets", "humans") for how in ("toxic", "safe")),
        *("water_days", "water_between", "feed_days", "feed_not", "repot_years"),
        *("toxicity", "level", "own"),
    }
