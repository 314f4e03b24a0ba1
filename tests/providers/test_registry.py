import pytest

from custom_components.plant_vita.model.finding import Task
from custom_components.plant_vita.providers.provider import Account, Secret
from custom_components.plant_vita.providers.registry import PROVIDERS
from scripts.lab.clouds.every import CLOUDS


def test_every_kind_has_its_spec_and_its_cloud() -> None:
    # A model of the house has no cloud.
    assert [kind for kind, spec in PROVIDERS.items() if spec.base_url] == list(CLOUDS)
    assert list(PROVIDERS) == [
        "plant_id",
        "plantnet",
        "gemini",
        "ai_task",
        "openplantbook",
        "trefle",
        "perenual",
    ]


def test_time_limits_and_weights() -> None:
    photos = [kind for kind, spec in PROVIDERS.items() if Task.IDENTIFY in spec.tasks]
    limits = {kind: PROVIDERS[kind].time_limit for kind in photos}
    assert limits == {"plant_id": 35, "plantnet": 20, "gemini": 30, "ai_task": 60}
    assert PROVIDERS["plant_id"].weight > PROVIDERS["plantnet"].weight
    assert PROVIDERS["plantnet"].weight > PROVIDERS["gemini"].weight
    assert [kind for kind, spec in PROVIDERS.items() if spec.general] == ["gemini", "ai_task"]


def test_who_can_be_asked_what() -> None:
    able = {task: [k for k, s in PROVIDERS.items() if task in s.tasks] for task in Task}
    photos = ["plant_id", "plantnet", "gemini", "ai_task"]
    assert able[Task.IDENTIFY] == able[Task.DIAGNOSE] == photos
    assert able[Task.ENRICH] == ["gemini", "ai_task", "openplantbook", "trefle", "perenual"]
    assert able[Task.ADVISE] == ["gemini", "ai_task"]


@pytest.mark.parametrize("kind", PROVIDERS)
async def test_each_can_be_opened_and_closed_without_asking_anybody(kind: str) -> None:
    spec = PROVIDERS[kind]
    assert spec.base_url.startswith("https://") or spec.entities
    assert not spec.base_url.endswith("/")
    secrets = {name: Secret("k") for name in spec.fields}
    one = spec.open(Account(secrets=secrets, base_url=spec.base_url), None)
    await one.close()
