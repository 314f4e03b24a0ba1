"""An account with a service is added, changed, and gets a new key."""

from typing import Any

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.data_entry_flow import FlowResultType

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.photos import account
from custom_components.plant_vita.photos.entry import async_learnt_species
from custom_components.plant_vita.providers.registry import PROVIDERS
from scripts.lab.clouds.server import Fault
from tests.photos.accounts import House, house_fixture
from tests.photos.house_model import ENTITY, add_model, data_of_model, set_up_model

house = house_fixture()


def said(house: House, kind: str, key: str = "key", **more: Any) -> dict[str, Any]:
    choices = {"plantnet": {"flora": "all"}, "gemini": {"model": "some-model"}}
    advanced = {"base_url": f"{house.clouds[kind].url}/", **more}
    keys = dict.fromkeys(PROVIDERS[kind].fields, f" {key} ")
    return {**keys, **choices.get(kind, {}), "advanced": advanced}


@pytest.mark.parametrize(
    ("kind", "name", "choices"),
    [
        ("plant_id", "Plant.id", {}),
        ("plantnet", "Pl@ntNet", {"flora": "all"}),
        ("gemini", "Google Gemini", {"model": "some-model"}),
        ("openplantbook", "OpenPlantbook", {}),
        ("trefle", "Trefle", {}),
        ("perenual", "Perenual", {}),
    ],
)
async def test_an_account_is_tried_and_added(
    house: House, kind: str, name: str, choices: dict[str, str]
) -> None:
    flow = await house.begin()
    assert (flow["type"], flow["step_id"]) == (FlowResultType.FORM, "provider")
    flow = await house.answer(flow, service=kind)
    assert (flow["step_id"], flow["errors"]) == ("account", {})
    assert flow["description_placeholders"] == {"name": name}
    flow = await house.answer(flow, **said(house, kind, daily=20))
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    entry = flow["result"]
    assert entry.title == name
    assert dict(entry.data) == {
        "kind": "provider",
        "service": kind,
        "secrets": dict.fromkeys(PROVIDERS[kind].fields, "key"),
        "base_url": house.clouds[kind].url,
        "daily": 20,
        "choices": choices,
    }
    assert entry.state is ConfigEntryState.LOADED
    assert entry.unique_id is not None
    assert entry.unique_id.startswith(f"provider:{kind}:")
    assert house.clouds[kind].calls


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.S401, "provider_key"),
        (Fault.S403, "provider_forbidden"),
        (Fault.S503, "provider_down"),
        (Fault.GARBAGE, "provider_answer"),
    ],
)
async def test_what_fails_is_said_and_can_be_tried_again(
    house: House, fault: Fault, error: str
) -> None:
    flow = await house.answer(await house.begin(), service="plantnet")
    house.clouds["plantnet"].fail(fault, times=1)
    flow = await house.answer(flow, **said(house, "plantnet"))
    assert flow["errors"] == {"base": error}
    flow = await house.answer(flow, **said(house, "plantnet"))
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert flow["result"].data["daily"] is None


async def test_a_used_up_quota_shows_that_there_is_an_account(house: House) -> None:
    flow = await house.answer(await house.begin(), service="plantnet")
    house.clouds["plantnet"].fail(Fault.S429)
    flow = await house.answer(flow, **said(house, "plantnet"))
    assert flow["type"] is FlowResultType.CREATE_ENTRY


async def test_a_bug_is_no_dead_end(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise ZeroDivisionError("the key is key-in-the-text")

    monkeypatch.setattr(account, "async_check", broken)
    flow = await house.answer(await house.begin(), service="plant_id")
    flow = await house.answer(flow, **said(house, "plant_id"))
    assert flow["errors"] == {"base": "unknown"}
    assert "plant_id: unexpected failure of the check" in caplog.text
    assert "key-in-the-text" not in caplog.text


async def test_an_account_is_added_once(house: House) -> None:
    await house.add("plant_id")
    asked = len(house.clouds["plant_id"].calls)
    flow = await house.answer(await house.begin(), service="plant_id")
    flow = await house.answer(flow, **said(house, "plant_id"))
    assert (flow["type"], flow["reason"]) == (FlowResultType.ABORT, "account_exists")
    assert len(house.clouds["plant_id"].calls) == asked
    flow = await house.answer(await house.begin(), service="plant_id")
    flow = await house.answer(flow, **said(house, "plant_id", "other"))
    assert flow["type"] is FlowResultType.CREATE_ENTRY


async def test_changing_keeps_the_key_that_is_not_typed(house: House) -> None:
    entry = await house.add("plantnet")
    flow = await entry.start_reconfigure_flow(house.hass)
    assert flow["step_id"] == "account"
    assert "key" not in str(
        [one.description for one in flow["data_schema"].schema if str(one) == "api_key"]
    )
    advanced = {"base_url": house.clouds["plantnet"].url, "daily": 3}
    flow = await house.answer(flow, flora="k-world-flora", advanced=advanced)
    assert (flow["type"], flow["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    assert entry.data["secrets"] == {"api_key": "key"}
    assert (entry.data["daily"], entry.data["choices"]) == (3, {"flora": "k-world-flora"})
    assert entry.runtime_data.seat.daily == 3


async def test_changing_to_another_account_that_is_there(house: House) -> None:
    entry = await house.add("plantnet")
    await house.add("plantnet", "other")
    flow = await entry.start_reconfigure_flow(house.hass)
    flow = await house.answer(flow, **said(house, "plantnet", "other"))
    assert (flow["type"], flow["reason"]) == (FlowResultType.ABORT, "account_exists")
    assert entry.data["secrets"] == {"api_key": "key"}


async def test_a_database_refuses_its_key_in_the_middle_of_a_look_up(house: House) -> None:
    entry = await house.add("openplantbook", "revoked")
    assert house.hass.config_entries.flow.async_progress_by_handler(DOMAIN) == []
    assert await async_learnt_species(house.hass, "Monstera deliciosa") is None
    await house.settle()
    (flow,) = house.hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert flow["step_id"] == "key"
    flow = await house.answer(flow, client_id="mine", client_secret="wrong too")
    assert flow["errors"] == {"base": "provider_key"}
    flow = await house.answer(flow, client_id="mine", client_secret="key")
    assert flow["reason"] == "reauth_successful"
    assert entry.data["secrets"] == {"client_id": "mine", "client_secret": "key"}


async def test_a_key_that_is_refused_is_asked_for(house: House) -> None:
    entry = await house.add("plant_id", "revoked")
    flows = house.hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert [flow["step_id"] for flow in flows] == ["key"]
    before = entry.unique_id
    flow = await house.answer(flows[0], api_key="wrong too")
    assert flow["errors"] == {"base": "provider_key"}
    flow = await house.answer(flow, api_key="key")
    assert (flow["type"], flow["reason"]) == (FlowResultType.ABORT, "reauth_successful")
    assert entry.data["secrets"] == {"api_key": "key"}
    assert entry.unique_id != before
    assert entry.state is ConfigEntryState.LOADED


async def test_a_model_of_the_house_is_chosen_and_needs_no_key(house: House) -> None:
    flow = await house.answer(await house.begin(), service="ai_task")
    assert (flow["step_id"], flow["errors"]) == ("provider", {"service": "model_none"})
    model = await set_up_model(house.hass)
    flow = await house.answer(flow, service="ai_task")
    assert (flow["step_id"], flow["errors"]) == ("model", {})
    house.hass.states.async_set(ENTITY, "unknown", {"supported_features": 1})
    flow = await house.answer(flow, entity=ENTITY, advanced={})
    assert flow["errors"] == {"base": "provider_blind"}
    house.hass.states.async_set(ENTITY, "unavailable")
    flow = await house.answer(flow, entity=ENTITY, advanced={})
    assert flow["errors"] == {"base": "provider_down"}
    model.async_write_ha_state()
    flow = await house.answer(flow, entity=ENTITY, advanced={"daily": 5})
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert flow["result"].title == "AI Task: Lab model"
    assert dict(flow["result"].data) == data_of_model(house.hass, daily=5)
    assert model.questions == []
    flow = await house.answer(await house.begin(), service="ai_task")
    flow = await house.answer(flow, entity=ENTITY, advanced={})
    assert (flow["type"], flow["reason"]) == (FlowResultType.ABORT, "account_exists")


async def test_a_model_is_changed_by_the_id_it_has_now(house: House) -> None:
    await set_up_model(house.hass)
    entry = await add_model(house.hass)
    flow = await entry.start_reconfigure_flow(house.hass)
    assert flow["step_id"] == "model"
    said = {str(one): one.description for one in flow["data_schema"].schema}
    assert said["entity"] == {"suggested_value": ENTITY}
    flow = await house.answer(flow, entity=ENTITY, advanced={"daily": 7})
    assert (flow["type"], flow["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    assert dict(entry.data) == data_of_model(house.hass, daily=7)
