"""One inquiry: where photos come from, and what is told on the way."""

from homeassistant.core import Context

from custom_components.plant_vita.model.finding import Task
from custom_components.plant_vita.photos.asking import async_look, seats_of
from custom_components.plant_vita.photos.identifying import async_identify
from custom_components.plant_vita.photos.panel import async_get_desk
from scripts.lab.clouds.server import Fault
from tests.photos.accounts import House, house_fixture, picture

house = house_fixture()


async def test_each_step_is_told(house: House) -> None:
    await house.add("plant_id")
    await house.add("plantnet")
    house.clouds["plantnet"].fail(Fault.S401)
    told: list[tuple[str, str]] = []
    answer = await async_identify(
        house.hass,
        Context(),
        [picture()],
        progress=lambda service, state: told.append((service, state)),
    )
    assert answer is not None
    assert answer["species"] == "Monstera deliciosa"
    assert told[:2] == [("", "queued"), ("", "prepared")]
    assert told[-1] == ("", "merged")
    assert sorted(told[2:-1]) == [
        ("Pl@ntNet", "asked"),
        ("Pl@ntNet", "provider_key"),
        ("Plant.id", "answered"),
        ("Plant.id", "asked"),
    ]


async def test_who_can_be_asked(house: House) -> None:
    one, two = await house.add("plant_id"), await house.add("gemini")
    desk = await async_get_desk(house.hass)
    assert seats_of(desk, Task.DIAGNOSE, None) == {one.entry_id, two.entry_id}
    assert seats_of(desk, Task.DIAGNOSE, ["gemini"]) == {two.entry_id}
    assert seats_of(desk, Task.ADVISE, None) == {two.entry_id}


async def test_bytes_and_files_are_the_same_photo(house: House) -> None:
    desk = await async_get_desk(house.hass)
    sources = [picture(), house.photo()]
    one, two = await async_look(house.hass, Context(), desk, sources, None)
    assert one.photo.digest == two.photo.digest
    assert b"Anna" not in one.photo.jpeg
