"""Water by action: what an automation may ask for, and how it is told of a refusal."""

from typing import Any

import pytest
import voluptuous as vol
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.model.watering import Finished, Refusal, Result, Why
from custom_components.plant_vita.watering.asking import key_of
from custom_components.plant_vita.watering.outlet import Outlet
from tests.actions.asking import device
from tests.watering.garden_hose import BASIL, Hose, hose_fixture

hose = hose_fixture()


async def ask(hose: Hose, action: str, *, context: Context | None = None, **data: Any) -> Any:
    return await hose.hass.services.async_call(
        DOMAIN,
        action,
        data,
        blocking=True,
        return_response=True,
        context=context or hose.person(),
    )


@pytest.mark.parametrize(
    ("amount", "ms"),
    [({}, 3333), ({"ml": 60}, 2000), ({"seconds": 4}, 4000)],
)
async def test_plants_get_their_dose_or_what_is_asked_for(
    hose: Hose, amount: dict[str, float], ms: int
) -> None:
    plant = await hose.grow(BASIL)
    answer = await ask(hose, "water", device_id=[device(hose, plant)], **amount)
    assert hose.written("booking")[0]["ms"] == ms
    [told] = answer["plants"]
    assert (told["name"], told["result"]) == ("Basil", "started")
    assert told["seconds"] == pytest.approx(ms / 1000, abs=0.05)


async def test_plants_that_share_a_pump_get_wet_once_and_by_the_smaller_dose(hose: Hose) -> None:
    await hose.grow(BASIL, {**BASIL, "title": "Mint", "water": {"dose_ml": 60}})
    both = [device(hose, plant) for plant in hose.entry.subentries]
    answer = await ask(hose, "water", device_id=both)
    assert [one["name"] for one in answer["plants"]] == ["Basil", "Mint"]
    assert {one["ml"] for one in answer["plants"]} == {60.0}
    await hose.pass_time(seconds=2)
    await hose.pass_time(seconds=10)
    assert hose.pump == "off"
    asked = [one for one in hose.written("booking") if one["source"] == "manual"]
    assert {one["ms"] for one in asked} == {2000}
    assert len({one["demand_id"] for one in asked}) == 1


async def test_who_asks_is_written_down(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    hose.say("sensor.soil", 20)
    await hose.settle()
    await ask(hose, "water", device_id=[device(hose, plant)], context=Context())
    assert hose.written("booking")[0]["source"] == "schedule"


async def test_stopping_needs_no_reason(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    for where in ({}, {"device_id": [device(hose, plant)]}):
        await ask(hose, "water", device_id=[device(hose, plant)], seconds=2)
        assert hose.pump == "on"
        assert await ask(hose, "stop", **where) == {"stopped": 1}
        assert hose.pump == "off"
        await hose.pass_time(minutes=1)


async def test_what_was_measured_is_kept_with_the_pump(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    answer = await ask(hose, "calibrate_pump", device_id=[device(hose, plant)], seconds=20, ml=100)
    assert answer == {"ml_per_second": 5.0}
    await hose.hass.async_block_till_done()
    assert list(hose.entry.options["pumps"].values()) == [{"ml_per_s": 5.0}]
    with pytest.raises(ServiceValidationError) as caught:
        await ask(hose, "calibrate_pump", device_id=[device(hose, plant)], seconds=1, ml=1000)
    assert caught.value.translation_key == "watering_rate"


async def test_a_plant_without_a_pump_cannot_be_watered(hose: Hose) -> None:
    plant = await hose.grow({"title": "Cactus"})
    for action in ("water", "stop"):
        with pytest.raises(ServiceValidationError) as caught:
            await ask(hose, action, device_id=[device(hose, plant)])
        assert caught.value.translation_key == "watering_no_pump"


@pytest.mark.parametrize("wrong", [{"ml": 0}, {"ml": 10, "seconds": 1}, {"seconds": 9000}])
async def test_what_makes_no_sense_is_not_asked_for(hose: Hose, wrong: dict[str, float]) -> None:
    plant = await hose.grow(BASIL)
    with pytest.raises(vol.Invalid):
        await ask(hose, "water", device_id=[device(hose, plant)], **wrong)


async def test_the_plan_is_what_automatic_care_will_do(hose: Hose) -> None:
    plant = await hose.grow(BASIL, {"title": "Cactus"})
    hose.say("sensor.soil", 20)
    await hose.settle()
    assert await ask(hose, "plan") == {
        "plants": [
            {
                "name": "Basil",
                "automatic": "off",
                "plan": [
                    {
                        "at": "2026-06-10T12:00:15+00:00",
                        "source": "automatic",
                        "ml": 0.0,
                        "why_not": "automatic_off",
                    }
                ],
            }
        ]
    }
    del plant


async def test_the_plan_of_a_lamp_is_told_with_or_without_a_pump(hose: Hose) -> None:
    lit = {"grow_light": "light.shelf", "lighting": {"automatic": "advice", "hours": 4}}
    await hose.grow({"title": "Fern", **lit}, BASIL | lit, {"title": "Cactus"})
    await hose.settle()
    fern, basil = (await ask(hose, "plan", days=2))["plants"]
    assert fern == {
        "name": "Fern",
        "automatic_light": "advice",
        "light_plan": [
            {"from": f"2026-06-{day}T18:00:00+00:00", "to": f"2026-06-{day}T22:00:00+00:00"}
            for day in (10, 11)
        ],
    }
    assert basil["light_plan"] == fern["light_plan"]
    assert (basil["name"], basil["automatic"]) == ("Basil", "off")


@pytest.mark.parametrize("why", Why)
async def test_every_refusal_is_the_same_at_the_switch_and_by_action(
    hose: Hose, monkeypatch: pytest.MonkeyPatch, why: Why
) -> None:
    plant = await hose.grow(BASIL)
    results: list[Result] = [Refusal(why=why), Finished(ms=0, ml=0.0, why=why)]

    async def refuse(*_asked: object) -> Result:
        return results.pop()

    monkeypatch.setattr(Outlet, "async_ask", refuse)
    with pytest.raises(HomeAssistantError) as by_action:
        await ask(hose, "water", device_id=[device(hose, plant)])
    with pytest.raises(HomeAssistantError) as by_switch:
        await hose.turn(plant, "on")
    assert by_action.value.translation_key == by_switch.value.translation_key == key_of(why)
    assert hose.written("booking") == []


async def test_a_refusal_can_be_an_answer_for_a_person(hose: Hose) -> None:
    plant = await hose.grow(BASIL, {"title": "Fern"})
    fern = next(one for one in hose.garden.plants if one != plant)
    both = [device(hose, fern), device(hose, plant)]
    answer = await ask(hose, "water", device_id=both, ml=4000, answer_refusals=True)
    assert answer["plants"] == [
        {
            "name": "Fern",
            "result": "refused",
            "ml": 0.0,
            "seconds": 0.0,
            "why": "watering_no_pump",
            "message": "This plant has no pump that can be used. Reconfigure it and choose one.",
        },
        {
            "name": "Basil",
            "result": "refused",
            "ml": 0.0,
            "seconds": 0.0,
            "why": "watering_too_much",
            "message": "This is more than the plant may have in a day.",
        },
    ]
    assert hose.pump == "off"
    told = await ask(hose, "water", device_id=both, ml=50, answer_refusals=True)
    assert [one["result"] for one in told["plants"]] == ["refused", "started"]
    # Somebody who names no plant has made a mistake in the automation.
    with pytest.raises(ServiceValidationError):
        await ask(hose, "water", device_id=["gone"], answer_refusals=True)
