"""The nights of plants that have a grow light."""

from tests.lighting.shelf import MOSS, Shelf, shelf_fixture

shelf = shelf_fixture()


async def test_a_plant_with_a_lamp_has_a_night_and_others_have_none(shelf: Shelf) -> None:
    plant = await shelf.grow(MOSS, {"title": "Cactus"})
    other = list(shelf.entry.subentries)[1]
    for key, clock in (("night_from", "22:00:00"), ("night_to", "06:00:00")):
        assert shelf.shown(plant, key, "time") == clock
        assert shelf.entity_id(other, "time", key) is None
