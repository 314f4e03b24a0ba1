"""An assistant sees what the user exposes to it, by the names the user gave."""

from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.helpers import area_registry as ar, device_registry as dr, entity_registry as er

from custom_components.plant_vita.voice.seen import async_exposes_any, async_seen
from tests.actions.asking import device
from tests.voice.talking import Talking, hose, talking_fixture
from tests.watering.garden_hose import BASIL

__all__ = ["hose"]

talking = talking_fixture()
ASSIST = "conversation"


async def test_plants_are_seen_as_they_come_and_gone_when_hidden(talking: Talking) -> None:
    basil, fern = await talking.grow(BASIL, {"title": "Fern"})
    seen = await async_seen(talking.hass, ASSIST)
    assert [(one.name, one.waterable) for one in seen.values()] == [
        ("Basil", True),
        ("Fern", False),
    ]
    talking.expose(to=False)
    assert await async_seen(talking.hass, ASSIST) == {}
    assert not async_exposes_any(talking.hass, ASSIST)
    async_expose_entity(talking.hass, ASSIST, "sensor.fern_last_watered", True)
    assert list(await async_seen(talking.hass, ASSIST)) == [fern]
    assert async_exposes_any(talking.hass, ASSIST)
    del basil


async def test_only_an_exposed_switch_can_be_asked_for_water(talking: Talking) -> None:
    (basil,) = await talking.grow(BASIL)
    switch = talking.hose.entity_id(basil, "switch", "watering")
    assert switch is not None
    async_expose_entity(talking.hass, ASSIST, switch, False)
    assert [one.waterable for one in (await async_seen(talking.hass, ASSIST)).values()] == [False]


async def test_a_plant_has_the_names_of_its_device_its_entities_and_its_kind(
    talking: Talking,
) -> None:
    (plant,) = await talking.grow({"title": "Ficus 2", "species": "monstera_deliciosa"})
    kitchen = ar.async_get(talking.hass).async_create("Kitchen", aliases={"galley"})
    dr.async_get(talking.hass).async_update_device(
        device(talking.hose, plant), name_by_user="Big Fred", area_id=kitchen.id
    )
    async_expose_entity(talking.hass, ASSIST, "sensor.ficus_2_last_watered", True)
    er.async_get(talking.hass).async_update_entity(
        "sensor.ficus_2_last_watered", aliases=[er.COMPUTED_NAME, "Freddy"]
    )
    (seen,) = (await async_seen(talking.hass, ASSIST, "de-AT")).values()
    assert seen.name == "Big Fred"
    assert seen.called.own == ("Ficus 2", "Big Fred", "Freddy")
    assert "Monstera deliciosa" in seen.called.kinds
    assert "Fensterblatt" in seen.called.kinds
    assert seen.areas == ("Kitchen", "galley")
