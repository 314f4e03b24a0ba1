"""One button for the house, there as soon as anything can be watered."""

import pytest
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er

from tests.watering.garden_hose import BASIL, Hose, hose_fixture

hose = hose_fixture()


def button(hose: Hose) -> str | None:
    return er.async_get(hose.hass).async_get_entity_id(
        "button", "plant_vita", f"{hose.entry.entry_id}_stop_all_watering"
    )


async def test_a_garden_without_a_pump_needs_no_button(hose: Hose) -> None:
    await hose.grow({"title": "Cactus"})
    assert button(hose) is None


async def test_it_says_so_when_a_pump_could_not_be_told(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    await hose.turn(plant, "on")

    async def fail(_call: object) -> None:
        raise HomeAssistantError

    hose.hass.services.async_register("input_boolean", "turn_off", fail)
    with pytest.raises(HomeAssistantError) as caught:
        await hose.hass.services.async_call(
            "button", "press", {"entity_id": button(hose)}, blocking=True
        )
    assert caught.value.translation_key == "no_answer"
