"""The figures as Home Assistant's own page of the system asks for them."""

from homeassistant.components.system_health import (
    SystemHealthRegistration,
    get_integration_info,
)
from homeassistant.core import HomeAssistant

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.system_health import async_register
from tests.house.test_translations import texts
from tests.watering.garden_hose import BASIL, Hose, hose_fixture

hose = hose_fixture()


async def figures(hass: HomeAssistant) -> dict[str, object]:
    """What the page is given."""
    registration = SystemHealthRegistration(hass, DOMAIN)
    async_register(hass, registration)
    found: dict[str, object] = (await get_integration_info(hass, registration))["info"]
    return found


async def test_plants_pumps_and_the_record_of_water_are_counted(hose: Hose) -> None:
    hose.say("sensor.soil", 2)
    await hose.grow(BASIL, {"title": "Fern"})
    found = await figures(hose.hass)
    assert found == {
        "nodes": 0,
        "nodes_connected": 0,
        "plants": 2,
        "plants_with_problem": 1,
        "pumps": 1,
        "pumps_locked": 0,
        "ledger_whole": True,
        "photo_services": 0,
    }
    assert set(texts("en")["system_health"]["info"]) == set(found)


async def test_it_answers_also_without_a_garden(hose: Hose) -> None:
    await hose.grow(BASIL)
    await hose.stop()
    assert (await figures(hose.hass))["plants"] == 0


async def test_a_lost_record_is_shown(hose: Hose) -> None:
    hose.ledger.parent.mkdir(parents=True, exist_ok=True)
    hose.ledger.write_text("nonsense\n")
    await hose.grow(BASIL)
    assert (await figures(hose.hass))["ledger_whole"] is False
