"""The day of harvest: off until somebody wants it, kept with the plant, used by automatic care."""

from datetime import date

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from custom_components.plant_vita.watering.automatic import facts_of
from tests.watering.garden_hose import BASIL, Hose, hose_fixture

hose = hose_fixture()


async def _set(hass: HomeAssistant, entity_id: str, day: str) -> None:
    data = {"entity_id": entity_id, "date": day}
    await hass.services.async_call("date", "set_value", data, blocking=True)
    await hass.async_block_till_done()


async def test_a_day_of_harvest_reaches_the_automatic_care(hose: Hose) -> None:
    await hose.hass.config.async_set_time_zone("Europe/Berlin")
    plant = await hose.grow(BASIL, {"title": "Mint"})
    other = list(hose.entry.subentries)[1]
    entity_id = hose.entity_id(plant, "date", "harvest")
    assert entity_id is not None
    assert hose.entity_id(other, "date", "harvest") is None
    assert hose.hass.states.get(entity_id) is None, "few plants are harvested: off by default"
    er.async_get(hose.hass).async_update_entity(entity_id, disabled_by=None)
    assert await hose.hass.config_entries.async_reload(hose.entry.entry_id)
    await hose.hass.async_block_till_done()
    assert hose.shown(plant, "harvest", "date") == "unknown"

    await _set(hose.hass, entity_id, "2026-09-20")
    assert hose.shown(plant, "harvest", "date") == "2026-09-20"
    assert hose.entry.subentries[plant].data["water"] == {"harvest": "2026-09-20"}
    binding = hose.works.bound[plant]
    assert binding.wishes.harvest == date(2026, 9, 20)
    facts = facts_of(hose.hass, hose.works, hose.works.plants[plant], binding)
    # The day begins at midnight in Berlin.
    assert facts.harvest_at == 1_789_855_200.0
