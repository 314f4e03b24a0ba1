"""Events are the plants' only."""

from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()


async def test_every_plant_has_one(growing: Growing) -> None:
    plant_id = await growing.grow({}, {"title": "Fern"})
    fern = list(growing.entry.subentries)[1]
    for one in (plant_id, fern):
        types = growing.state(one, "event", "care").attributes["event_types"]
        assert types == [
            "watered",
            "fed",
            "repotted",
            "rotated",
            "cleaned",
            "dry",
            "problem",
        ]
