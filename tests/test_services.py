"""Every action is there, with or without a garden."""

from homeassistant.core import HomeAssistant, SupportsResponse
from homeassistant.setup import async_setup_component

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.services import ACTIONS


async def test_actions_are_there_before_there_is_a_garden(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {DOMAIN: {}})
    assert set(hass.services.async_services_for_domain(DOMAIN)) == {one.name for one in ACTIONS}
    assert len({one.name for one in ACTIONS}) == len(ACTIONS)
    for action in ACTIONS:
        shown = hass.services.supports_response(DOMAIN, action.name)
        assert shown is action.answers is not SupportsResponse.NONE
