"""The blueprints that send to phones, as automations of a Home Assistant that has a garden."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    async_mock_service,
)

from custom_components.plant_vita.plants.entry import device_of
from custom_components.plant_vita.plants.state import Care
from tests.nodes.fake_node import until
from tests.test_blueprints import imported, settled
from tests.watering.garden_hose import BASIL, Hose, hose_fixture

hose = hose_fixture()


async def ended(hass: HomeAssistant, name: str) -> None:
    """Have an automation wait for nothing any more."""
    target = {"entity_id": f"automation.{name}"}
    await hass.services.async_call("automation", "turn_off", target, blocking=True)


def phone(hass: HomeAssistant, name: str = "Anna's Pixel") -> str:
    """The device of a phone with the app; what it is sent goes by the name of that device."""
    entry = MockConfigEntry(domain="mobile_app", title=name)
    entry.add_to_hass(hass)
    registry = dr.async_get(hass)
    device = registry.async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("mobile_app", name)}, name=name
    )
    registry.async_update_device(device.id, name_by_user="My phone")
    return device.id


@dataclass
class Asked:
    """A basil that has got dry, of which two phones were told."""

    hose: Hose
    plant_id: str
    device: str
    calls: dict[str, list[ServiceCall]]

    @property
    def messages(self) -> list[str]:
        """What the first phone was sent."""
        return [call.data["message"] for call in self.calls["anna_s_pixel"]]

    async def press(self, title: str, call: int = 0, *, answered: bool = True) -> None:
        """Press a button of a message, and wait for the answer."""
        sent = len(self.messages)
        buttons = self.calls["anna_s_pixel"][call].data["data"]["actions"]
        (button,) = [one["action"] for one in buttons if one["title"] == title]
        await pressed(self.hose.hass, button)
        if answered:
            await until(lambda: len(self.messages) > sent, 20)


async def asked(hose: Hose, name: str = "Basil", **inputs: Any) -> Asked:
    """Let a basil get dry, slowly: a fall at one go is no soil's."""
    hose.say("sensor.soil", 60)
    plant = await hose.grow({**BASIL, "species": "ocimum_basilicum", "title": name})
    await hose.settle()
    hass, device = hose.hass, device_of(hose.hass, hose.entry, plant)
    assert device is not None
    calls = {
        name: async_mock_service(hass, "notify", f"mobile_app_{name}")
        for name in ("anna_s_pixel", "tablet")
    }
    phones = [phone(hass), phone(hass, "Tablet")]
    target = {"device_id": device.id}
    await imported(hass, "ask_on_phone", plants=target, phones=phones, **inputs)
    await dry_out(hose, calls["anna_s_pixel"])
    return Asked(hose, plant, device.id, calls)


async def dry_out(hose: Hose, calls: list[ServiceCall]) -> None:
    """Until somebody is told."""
    for level in (*range(60, 8, -4), *[8 + number / 10 for number in range(12)]):
        hose.say("sensor.soil", level)
        hose.freezer.tick(timedelta(minutes=5))
        async_fire_time_changed(hose.hass, dt_util.utcnow())
        await settled(hose.hass)
        if calls:
            return


async def pressed(hass: HomeAssistant, button: str) -> None:
    """A button of a message."""
    hass.bus.async_fire("mobile_app_notification_action", {"action": button})
    await settled(hass)


async def test_every_phone_is_asked_and_one_dose_is_given(hose: Hose) -> None:
    basil = await asked(hose)
    assert [len(calls) for calls in basil.calls.values()] == [1, 1]
    first = basil.calls["anna_s_pixel"][0].data
    assert (first["title"], first["message"]) == ("🌱 Basil", "Basil needs water.")
    assert [one["title"] for one in first["data"]["actions"]] == ["Watered", "Later", "Water now"]
    assert hose.pump == "off"
    await basil.press("Water now")
    assert hose.pump == "on"
    (booking,) = hose.written("booking")
    assert booking["ml"] == pytest.approx(100, abs=0.1)
    assert basil.messages[-1] == "Basil gets its water."
    await basil.press("Water now", answered=False)
    # Who presses twice gets no second dose, and is told so.
    await hose.pass_time(seconds=5)
    await hose.hass.async_block_till_done()
    assert hose.pump == "off"
    asked_for = [one for one in hose.written("booking") if "unasked" not in one["demand_id"]]
    assert len(asked_for) == 1
    assert basil.messages[-1].startswith("The water of the last time must soak in first.")


async def test_what_was_refused_is_told_with_its_reason(hose: Hose) -> None:
    basil = await asked(hose)
    # The budget of the day is less than a dose.
    await hose.hass.services.async_call(
        "number",
        "set_value",
        {"entity_id": hose.entity_id(basil.plant_id, "number", "daily_water"), "value": 10},
        blocking=True,
    )
    await basil.press("Water now")
    assert (hose.pump, hose.written("booking")) == ("off", [])
    assert basil.messages[-1] == "This is more than the plant may have in a day."


async def test_what_a_person_did_is_written_down_and_the_question_goes_away(hose: Hose) -> None:
    basil = await asked(hose)
    await basil.press("Watered")
    plant = next(iter(hose.garden.plants.values()))
    assert plant.memory.last[Care.WATERED] == pytest.approx(dt_util.utcnow().timestamp(), abs=5)
    # The question goes from the other phone, too.
    await until(lambda: len(basil.messages) == 3, 20)
    assert sorted(basil.messages[1:]) == ["Noted: Basil has been watered.", "clear_notification"]
    cleared = [one.data for one in basil.calls["tablet"] if "clear" in one.data["message"]]
    assert cleared[0]["data"]["tag"] == basil.calls["tablet"][0].data["data"]["tag"]
    assert hose.pump == "off"


async def hours(hose: Hose, count: int, soil: float) -> None:
    """Let hours pass while an automation may wait; soil is never quite the same."""
    for step in range(count * 4):
        hose.say("sensor.soil", soil + step / 100)
        hose.freezer.tick(timedelta(minutes=15))
        async_fire_time_changed(hose.hass, dt_util.utcnow())
        await settled(hose.hass)


async def test_later_asks_again_only_if_it_is_still_so(hose: Hose) -> None:
    basil = await asked(hose, later=2, can_water=False)
    buttons = basil.calls["tablet"][0].data["data"]["actions"]
    assert [one["title"] for one in buttons] == ["Watered", "Later"]
    await basil.press("Later", answered=False)
    assert len(basil.messages) == 1
    await hours(hose, 3, 8)
    assert basil.messages == ["Basil needs water."] * 2
    await basil.press("Later", 1, answered=False)
    await hours(hose, 3, 55)
    assert basil.messages.count("Basil needs water.") == 2


async def test_a_button_holds_for_a_while(hose: Hose) -> None:
    basil = await asked(hose, patience=1)
    await hours(hose, 2, 8)
    await basil.press("Water now")
    assert basil.messages[-1] == "This message about Basil is too old: nothing was done."
    assert (hose.pump, hose.written("booking")) == ("off", [])


async def test_other_buttons_do_nothing(hose: Hose) -> None:
    basil = await asked(hose)
    known = basil.calls["tablet"][0].data["data"]["actions"][0]["action"].split("_")
    end, sent = "_".join(known[3:]), len(basil.messages)
    for button in (
        "",
        "SOMETHING_ELSE",
        "PLANT_VITA_WATER",
        f"PLANT_VITA_EMPTY_{end}",
        f"PLANT_VITA_WATER_{end}_more",
        f"PLANT_VITA_WATER_{basil.device}_{known[4]}_00000000",
    ):
        await pressed(hose.hass, button)
    assert len(basil.messages) == sent
    # One of ours that does not say when it was asked is too old.
    await pressed(hose.hass, f"PLANT_VITA_WATER_{basil.device}_never_{known[5]}")
    assert basil.messages[-1].startswith("This message about Basil is too old")
    assert (hose.pump, hose.written("booking")) == ("off", [])


@pytest.mark.parametrize("name", ["[1, 2]", "{{ states('sensor.soil') }}{plant}", "None"])
async def test_a_name_is_data_whatever_it_says(hose: Hose, name: str) -> None:
    plant = await asked(hose, name)
    first = plant.calls["tablet"][0].data
    assert (first["title"], first["message"]) == (f"🌱 {name}", f"{name} needs water.")


async def test_a_plant_that_is_gone_is_told_of(hose: Hose) -> None:
    basil = await asked(hose)
    await hose.stop()
    for title in ("Water now", "Watered"):
        await basil.press(title)
        assert basil.messages[-1].startswith("That did not work.")


async def test_once_a_week_the_garden_is_told_of(hose: Hose) -> None:
    await hose.grow({"title": "Basil"})
    sent = async_mock_service(hose.hass, "notify", "mobile_app_anna_s_pixel")
    # NOON is a Wednesday.
    await imported(
        hose.hass, "weekly_digest", day="thu", at="18:00:00", phones=[phone(hose.hass)],
        language="de",
    )  # fmt: skip
    await hose.pass_time(hours=6, minutes=1)
    assert sent == []
    await hose.pass_time(hours=24)
    await ended(hose.hass, "weekly_digest")
    (told,) = sent
    assert (told.data["title"], told.data["message"]) == ("Plants", "Gegossen wurde nichts.")


async def test_without_a_phone_the_digest_is_shown_at_home(hose: Hose) -> None:
    basil = await hose.grow({"title": "Basil"}, {"title": "Fern"})
    shown = async_mock_service(hose.hass, "persistent_notification", "create")
    device = device_of(hose.hass, hose.entry, basil)
    assert device is not None
    await imported(hose.hass, "weekly_digest", day="wed", at="13:00:00", plants=[device.id])
    await hose.pass_time(hours=1, minutes=1)
    await ended(hose.hass, "weekly_digest")
    assert [one.data["message"] for one in shown] == ["Nothing was watered."]


FOUND = {
    "findings": [{"name": "Too much water", "confidence": 0.513}],
    "question": {"text": "Is the soil wet?"},
    "latest_photo": "media-source://plant_vita/basil/photo",
}


async def ill(hose: Hose, **inputs: Any) -> tuple[list[ServiceCall], list[ServiceCall]]:
    """A basil that gets too cold: what was done to find out why, and what a phone was sent."""
    hass = hose.hass
    hose.say("sensor.air", 21, "°C")
    await hose.grow({"title": "Basil", "temperature": ["sensor.air"]})
    (plant,) = hose.garden.plants
    device = device_of(hass, hose.entry, plant)
    assert device is not None
    diagnosed: list[ServiceCall] = []

    def done(call: ServiceCall) -> dict[str, Any] | None:
        diagnosed.append(call)
        return FOUND if call.return_response else None

    for name in ("keep_photo", "diagnose"):
        hass.services.async_register(
            "plant_vita", name, done, supports_response=SupportsResponse.OPTIONAL
        )
    sent = async_mock_service(hass, "notify", "mobile_app_anna_s_pixel")
    target = {"device_id": device.id}
    await imported(hass, "what_ails_it", plants=target, phones=[phone(hass)], **inputs)
    for step in range(24):
        hose.say("sensor.air", 1 + step / 100, "°C")
        hose.freezer.tick(timedelta(minutes=15))
        async_fire_time_changed(hass, dt_util.utcnow())
        await settled(hass)
    return diagnosed, sent


async def test_the_services_question_is_asked_on_the_phone_and_answered(hose: Hose) -> None:
    diagnosed, sent = await ill(hose, camera="camera.sill")
    kept = diagnosed.pop(0)
    assert (kept.service, kept.data["entity_id"]) == ("keep_photo", "camera.sill")
    assert [one.data["latest_photo"] for one in diagnosed] == [True]
    assert sent[0].data["message"] == "Too much water (51 %)\nIs the soil wet?"
    yes, no = sent[0].data["data"]["actions"]
    assert (yes["title"], no["title"]) == ("Yes", "No")
    await pressed(hose.hass, "PLANT_VITA_AILS_other_1_NO")
    assert len(diagnosed) == 1
    await pressed(hose.hass, no["action"])
    assert diagnosed[1].data["media"] == [FOUND["latest_photo"]]
    assert diagnosed[1].data["answer"] == "no"
    assert sent[1].data["message"] == "Too much water (51 %)"
    await pressed(hose.hass, yes["action"])
    assert len(diagnosed) == 2


async def test_without_a_question_there_are_no_buttons(
    hose: Hose, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FOUND, "question", None)
    _, sent = await ill(hose)
    assert [one.data["message"] for one in sent] == ["Too much water (51 %)"]
    assert sent[0].data["data"]["actions"] == []
