"""How an action finds the plants it is about."""

import pytest
from homeassistant.core import ServiceCall
from homeassistant.exceptions import ServiceValidationError

from custom_components.plant_vita.actions.action import (
    async_chosen,
    async_plants,
    refusal,
)
from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.plants.entry import running_garden
from tests.actions.asking import device
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()


def call(growing: Growing, *device_ids: str) -> ServiceCall:
    return ServiceCall(growing.hass, DOMAIN, "any", {"device_id": list(device_ids)})


async def test_each_plant_once_in_the_order_of_the_devices(growing: Growing) -> None:
    basil = await growing.grow({"title": "Basil"}, {"title": "Fern"})
    fern = list(growing.entry.subentries)[1]
    devices = [device(growing, plant_id) for plant_id in (fern, basil, fern)]
    names = [plant.definition.name for plant in async_chosen(call(growing, *devices))]
    assert names == ["Fern", "Basil"]


async def test_only_a_garden_that_runs_has_plants(growing: Growing) -> None:
    basil = await growing.grow({"title": "Basil"})
    known = device(growing, basil)
    assert running_garden(growing.hass) is growing.entry
    assert list(async_plants(growing.hass)) == [basil]
    await growing.stop()
    assert running_garden(growing.hass) is None
    assert async_plants(growing.hass) == {}
    with pytest.raises(ServiceValidationError) as refused:
        async_chosen(call(growing, known))
    assert refused.value.translation_key == "not_a_plant"


def test_a_refusal_is_said_in_the_readers_language() -> None:
    refused = refusal("not_importable", field="pot_cm")
    assert (refused.translation_domain, refused.translation_key) == (DOMAIN, "not_importable")
    assert refused.translation_placeholders == {"field": "pot_cm"}
