"""What the list and the calendar have in common."""

from types import MappingProxyType

from homeassistant.config_entries import ConfigSubentry
from homeassistant.helpers import entity_registry as er

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.plants.state import Care
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()


async def test_they_follow_plants_that_come_change_and_go(growing: Growing) -> None:
    await growing.grow()
    fern = ConfigSubentry(
        data=MappingProxyType({}), subentry_type="plant", title="Fern", unique_id=None
    )
    growing.hass.config_entries.async_add_subentry(growing.entry, fern)
    await growing.hass.async_block_till_done()
    chores = er.async_get(growing.hass).async_get_entity_id(
        "todo", DOMAIN, f"{growing.entry.entry_id}_chores"
    )
    assert chores is not None

    def number() -> str:
        state = growing.hass.states.get(chores)
        assert state is not None
        return state.state

    assert number() == "0"
    plant = growing.plant(fern.subentry_id)
    await plant.async_cared(Care.WATERED, plant.data.at - 5 * 86_400)
    assert number() == "1"
    growing.hass.config_entries.async_remove_subentry(growing.entry, fern.subentry_id)
    await growing.hass.async_block_till_done()
    assert number() == "0"
