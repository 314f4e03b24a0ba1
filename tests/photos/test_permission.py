"""Who may see a plant, and who may have something done to it."""

from homeassistant.auth.permissions.const import CAT_ENTITIES
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.photos.permission import may_control, may_read


def device(hass: HomeAssistant) -> str:
    """A device with two entities."""
    entry = MockConfigEntry(domain=DOMAIN)
    entry.add_to_hass(hass)
    made = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, "basil")}
    )
    for name in ("health", "moisture"):
        er.async_get(hass).async_get_or_create(
            "sensor", DOMAIN, name, suggested_object_id=name, device_id=made.id
        )
    return made.id


async def test_every_entity_has_to_be_permitted(
    hass: HomeAssistant, hass_admin_user: MockUser, hass_read_only_user: MockUser
) -> None:
    basil = device(hass)
    assert may_read(hass, hass_admin_user, basil)
    assert may_control(hass, hass_admin_user, basil)
    somebody = hass_read_only_user
    assert may_read(hass, somebody, basil)
    assert not may_control(hass, somebody, basil)
    somebody.mock_policy({CAT_ENTITIES: {"entity_ids": {"sensor.health": True}}})
    assert not may_read(hass, somebody, basil)
    somebody.mock_policy({CAT_ENTITIES: {"domains": {"sensor": {"read": True, "control": True}}}})
    assert may_control(hass, somebody, basil)
