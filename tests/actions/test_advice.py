"""Who may ask about a plant, and which one."""

from typing import Any

import pytest
import voluptuous as vol
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError, Unauthorized
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.plant_vita.const import DOMAIN
from tests.photos.accounts import House, house_fixture
from tests.photos.planted import device_in, planted

house = house_fixture()
ACTIONS = {"ask": {"question": "Why?"}, "care_instructions": {}}


async def call(house: House, action: str, user: str | None = None, **data: Any) -> Any:
    return await house.hass.services.async_call(
        DOMAIN,
        action,
        {**ACTIONS[action], **data},
        blocking=True,
        return_response=True,
        context=Context(user_id=user),
    )


@pytest.mark.parametrize("action", ACTIONS)
async def test_about_one_plant(house: House, action: str) -> None:
    device = device_in(house, await planted(house))
    with pytest.raises(vol.Invalid):
        await call(house, action)
    for devices, key in (([], "one_plant"), (["no such device"], "not_a_plant")):
        with pytest.raises(HomeAssistantError) as raised:
            await call(house, action, device_id=devices)
        assert raised.value.translation_key == key
    with pytest.raises(vol.Invalid):
        await call(house, action, device_id=device.id, question=["a list"])


@pytest.mark.parametrize("action", ACTIONS)
async def test_who_may_not_switch_a_plant_spends_nothing(house: House, action: str) -> None:
    device = device_in(house, await planted(house))
    await house.add("gemini")
    calls = len(house.clouds["gemini"].calls)
    guest = MockUser().add_to_hass(house.hass)
    guest.mock_policy({"entities": {"all": {"read": True}}})
    with pytest.raises(Unauthorized):
        await call(house, action, guest.id, device_id=device.id)
    assert len(house.clouds["gemini"].calls) == calls
    guest.mock_policy({"entities": True})
    assert await call(house, action, guest.id, device_id=device.id)
