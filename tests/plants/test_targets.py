"""Which plants a target means."""

from homeassistant.helpers import area_registry as ar, device_registry as dr

from custom_components.plant_vita.plants.entry import device_of
from custom_components.plant_vita.plants.targets import async_meant
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()


async def test_devices_areas_labels_and_entities(growing: Growing) -> None:
    fern = await growing.grow({"title": "Fern"}, {"title": "Ivy"})
    ivy = next(one for one in growing.garden.plants if one != fern)
    devices = {one: device_of(growing.hass, growing.entry, one) for one in (fern, ivy)}
    of_fern, of_ivy = devices[fern], devices[ivy]
    assert of_fern is not None
    assert of_ivy is not None
    hass, area = growing.hass, ar.async_get(growing.hass).async_create("Hall")
    registry = dr.async_get(hass)
    registry.async_update_device(of_fern.id, area_id=area.id)
    registry.async_update_device(of_ivy.id, area_id=area.id, labels={"green"})
    assert async_meant(hass, {"device_id": [of_fern.id]}) == {fern}
    assert async_meant(hass, {"area_id": area.id}) == {fern, ivy}
    assert async_meant(hass, {"label_id": "green"}) == {ivy}
    assert async_meant(hass, {"entity_id": growing.entity_id(ivy, "event", "care")}) == {ivy}
    assert async_meant(hass, {"area_id": area.id, "exclude": {"label_id": "green"}}) == {fern}
    assert async_meant(hass, {"device_id": "gone", "entity_id": "sun.sun"}) == set()
