"""Which device is which plant, whether the garden runs or not."""

from homeassistant.helpers import device_registry as dr
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.photos.garden import async_device, async_garden, async_plant_id
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()


async def test_a_plant_and_its_device(growing: Growing) -> None:
    hass = growing.hass
    assert async_garden(hass) is None
    assert async_device(hass, "basil") is None
    basil = await growing.grow({"title": "Basil"})
    assert async_garden(hass) is growing.entry
    device = async_device(hass, basil)
    assert device is not None
    assert device.name == "Basil"
    assert async_plant_id(hass, device.id) == basil
    await growing.stop()
    assert async_plant_id(hass, device.id) == basil
    assert async_device(hass, "../..") is None
    assert async_plant_id(hass, "no such device") is None


async def test_another_device_is_no_plant(growing: Growing) -> None:
    await growing.grow({"title": "Basil"})
    node = MockConfigEntry(domain=DOMAIN, data={})
    node.add_to_hass(growing.hass)
    other = dr.async_get(growing.hass).async_get_or_create(
        config_entry_id=node.entry_id, identifiers={(DOMAIN, "node")}
    )
    assert async_plant_id(growing.hass, other.id) is None
