"""Home Assistant's own AI Task is asked, with the laboratory's model behind it."""

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

import probatio
import pytest
from homeassistant.components.ai_task import AITaskEntityFeature
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er, llm

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.photos import generating
from custom_components.plant_vita.photos.generating import structure_of
from custom_components.plant_vita.photos.panel import async_get_desk
from custom_components.plant_vita.providers.inquiry import SCHEMAS
from scripts.lab.lab_model.ai_task import LabModel
from tests.photos.accounts import House, house_fixture
from tests.photos.house_model import ENTITY, add_model, set_up_model

house = house_fixture()


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where files are that nobody keeps."""
    made = tmp_path / "tmp"
    made.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(made))
    return made


def left(folder: Path) -> list[Path]:
    return list(folder.iterdir())


@pytest.fixture
async def model(house: House) -> LabModel:
    return await set_up_model(house.hass)


async def test_a_model_of_the_house_says_which_plant_it_is(
    house: House, model: LabModel, folder: Path
) -> None:
    entry = await add_model(house.hass)
    answer = await house.identify(file=house.photo())
    assert answer["species"] == "Monstera deliciosa"
    (service,) = answer["services"]
    assert (service["service"], service["name"]) == ("ai_task", "AI Task: Lab model")
    assert (service["outcome"], service["model"]) == ("answered", "Lab model")
    assert answer["left_the_house"]["to"] == ["AI Task: Lab model"]
    # It was shown one picture that is a JPEG, asked for a structure, and given no tools.
    assert (model.pictures, model.tools) == ([1], [None])
    assert json.loads(model.questions[0].rpartition("\n")[2]) == {"language": "en", "species": []}
    assert entry.runtime_data.ledger.today(entry.entry_id) == 1
    assert left(folder) == []
    again = await house.identify(file=house.photo())
    assert again["services"][0]["cached"] is True
    assert model.pictures == [1]


async def test_a_renamed_entity_is_the_same_model(house: House, model: LabModel) -> None:
    await add_model(house.hass)
    er.async_get(house.hass).async_update_entity(ENTITY, new_entity_id="ai_task.another")
    await house.settle()
    assert (await house.identify(file=house.photo()))["species"] == "Monstera deliciosa"


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (HomeAssistantError("the key is sk-in-the-text"), "provider_down"),
        (ValueError("sk-in-the-text"), "provider_answer"),
        (probatio.Invalid("sk-in-the-text"), "provider_answer"),
    ],
)
async def test_what_fails_is_named_and_its_text_is_shown_to_nobody(
    house: House,
    model: LabModel,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    key: str,
) -> None:
    await add_model(house.hass)
    model.fails = error
    with pytest.raises(HomeAssistantError) as raised:
        await house.identify(file=house.photo())
    assert raised.value.translation_key == key
    assert raised.value.__cause__ is not None
    assert raised.value.__cause__.__context__ is None
    assert "sk-in-the-text" not in caplog.text
    model.fails = None
    assert (await house.identify(file=house.photo()))["species"] == "Monstera deliciosa"


async def test_one_that_is_gone_or_blind_is_asked_nothing(house: House, model: LabModel) -> None:
    entry = await add_model(house.hass)
    state = house.hass.states.get(ENTITY)
    assert state is not None
    for key, said in (
        ("provider_blind", (state.state, {"supported_features": 1})),
        ("provider_down", ("unavailable", dict(state.attributes))),
    ):
        house.hass.states.async_set(ENTITY, *said)
        with pytest.raises(HomeAssistantError) as raised:
            await house.identify(file=house.photo())
        assert raised.value.translation_key == key
    house.hass.states.async_remove(ENTITY)
    with pytest.raises(HomeAssistantError) as raised:
        await house.identify(file=house.photo())
    assert raised.value.translation_key == "provider_down"
    assert (model.pictures, entry.runtime_data.ledger.today(entry.entry_id)) == ([], 0)


async def test_who_gives_up_leaves_no_photo_behind(
    house: House, model: LabModel, folder: Path
) -> None:
    await add_model(house.hass)
    model.silent = True
    task = house.hass.async_create_task(house.identify(file=house.photo()))
    async with asyncio.timeout(30):
        while not model.pictures:  # noqa: ASYNC110 - the model knows when it is asked
            await asyncio.sleep(0.01)
    assert len(left(folder)) == 1
    for entry in house.hass.config_entries.async_entries(DOMAIN):
        await house.hass.config_entries.async_unload(entry.entry_id)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await (await async_get_desk(house.hass)).panel.close()
    await house.settle()
    assert left(folder) == []


def test_every_schema_is_a_structure_that_models_are_given() -> None:
    found: dict[str, Any] = {
        task: probatio.to_openapi(structure_of(schema), custom_serializer=llm.selector_serializer)
        for task, schema in SCHEMAS.items()
    }
    share = {"type": "number", "minimum": 0.0, "maximum": 1.0}
    assert found["identify"] == {
        "type": "object",
        "properties": {
            "plant": share,
            "candidates": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"name": {"type": "string"}, "confidence": share},
                    "required": ["name", "confidence"],
                },
            },
            "explanation": {"type": "string"},
        },
        "required": ["plant", "candidates"],
        "additionalProperties": False,
    }
    trouble = found["diagnose"]["properties"]["troubles"]["items"]
    assert trouble["properties"]["severity"]["enum"] == ["slight", "moderate", "severe"]
    assert trouble["properties"]["biological"] == {"type": "array", "items": {"type": "string"}}
    assert found["advise"]["required"] == ["known", "answer"]
    with pytest.raises(ValueError, match="nothing is known"):
        structure_of({"required": [], "properties": {"x": {"type": "DATE"}}})


def test_what_is_needed_of_a_model_is_what_home_assistant_calls_it() -> None:
    both = AITaskEntityFeature.GENERATE_DATA | AITaskEntityFeature.SUPPORT_ATTACHMENTS
    assert both == generating._NEEDED
