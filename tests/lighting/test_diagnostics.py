"""What may be shown of lamps to others."""

import json

from custom_components.plant_vita.diagnostics import async_get_config_entry_diagnostics
from tests.lighting.shelf import LAMP, MOSS, Shelf, shelf_fixture

shelf = shelf_fixture()


async def test_a_lamp_and_what_it_is_about_without_a_name(shelf: Shelf) -> None:
    await shelf.grow({"title": "Anna's cactus"}, MOSS | {"title": "Anna's moss"})
    await shelf.pass_time(minutes=10)
    found = await async_get_config_entry_diagnostics(shelf.hass, shelf.entry)
    [lamp] = found["lamps"]
    moss = lamp.pop("plants")[0]
    told_at = lamp.pop("told_at")
    assert lamp == {
        "domain": "input_boolean",
        "bounded": False,
        "on": shelf.lit == "on",
        "ours": told_at is not None,
        "letting_go": False,
        "rests_until": None,
        "silent": False,
    }
    assert (moss["plant"], moss["automatic"], moss["measured"]) == (1, "on", False)
    assert moss["standing"] == shelf.standing(list(shelf.entry.subentries)[1])
    # Four hours, as its owner wants it.
    assert sum(end - start for start, end in moss["planned"]) == 4 * 3600
    told = json.dumps(found).lower()
    assert "anna" not in told
    assert LAMP not in told
