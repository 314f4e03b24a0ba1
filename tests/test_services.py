"""Every action is there, with or without a garden."""

import pytest
from homeassistant.core import Context, HomeAssistant, SupportsResponse
from homeassistant.exceptions import Unauthorized, UnknownUser
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.services import ACTIONS
from tests.actions.asking import device
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()


async def test_actions_are_there_before_there_is_a_garden(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {DOMAIN: {}})
    assert set(hass.services.async_services_for_domain(DOMAIN)) == {one.name for one in ACTIONS}
    assert len({one.name for one in ACTIONS}) == len(ACTIONS)
    for action in ACTIONS:
        shown = hass.services.supports_response(DOMAIN, action.name)
        assert shown is action.answers is not SupportsResponse.NONE


async def test_who_may_only_look_has_nothing_done(
    growing: Growing, hass_read_only_user: MockUser, hass_admin_user: MockUser
) -> None:
    """Home Assistant itself asks for no permission where an action of an integration is called."""
    growing.say("sensor.soil", 40)
    basil = device(growing, await growing.grow({"title": "Basil", "moisture": ["sensor.soil"]}))

    async def call(name: str, user_id: str | None, **data: object) -> object:
        return await growing.hass.services.async_call(
            DOMAIN,
            name,
            {"device_id": [basil]} | data,
            blocking=True,
            return_response=True,
            context=Context(user_id=user_id),
        )

    looks = hass_read_only_user.id
    for name, data in (
        ("water", {}),
        ("stop", {}),
        ("log_care", {"care": "watered"}),
        ("assign_species", {"species": "aloe_vera"}),
    ):
        with pytest.raises(Unauthorized):
            await call(name, looks, **data)
    assert await call("get_plants", looks)
    for user_id in (hass_admin_user.id, None):
        assert await call("log_care", user_id, care="watered")
    with pytest.raises(UnknownUser):
        await call("get_plants", "nobody")


async def test_who_may_only_look_spends_nothing_and_stops_nothing(
    hass: HomeAssistant, hass_read_only_user: MockUser
) -> None:
    """An action that names no plant is about all of them, or about the accounts."""
    assert await async_setup_component(hass, DOMAIN, {DOMAIN: {}})
    for name, data in (("stop", {}), ("identify", {"entity_id": ["camera.sill"]})):
        with pytest.raises(Unauthorized):
            await hass.services.async_call(
                DOMAIN,
                name,
                data,
                blocking=True,
                return_response=True,
                context=Context(user_id=hass_read_only_user.id),
            )
