"""What may be shown of plants to others."""

import json

from custom_components.plant_vita.diagnostics import async_get_config_entry_diagnostics
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()


async def test_everything_that_helps_and_no_names(growing: Growing) -> None:
    growing.say("sensor.annas_soil", 40)
    await growing.grow(
        {
            "title": "Anna's basil",
            "species": "ocimum_basilicum",
            "moisture": ["sensor.annas_soil"],
            "area": "annas_room",
            "limits": {"moisture_low": 30.0},
        },
        {"title": "Anna's other", "species": "Anna's favourite"},
    )
    found = await async_get_config_entry_diagnostics(growing.hass, growing.entry)
    basil, other = found["plants"]
    assert (basil["species"], other["species"]) == ("ocimum_basilicum", True)
    assert basil["limits"] == {"moisture_low": 30.0}
    (source,) = basil["sources"]
    assert source == {
        "input": "moisture",
        "value": 40.0,
        "silent_s": 0,
        "patience_s": 10800,
        "gone": False,
        "flaw": None,
    }
    assert basil["quality"] == {"moisture": {"stale": False, "flaw": None, "fresh": 1}}
    assert (basil["suspected"], basil["trend"]["direction"]) == ([], "unknown")
    assert basil["kept"] == {"moisture": 1}
    assert (basil["score"], basil["reasons"]) == (100, [])
    assert "anna" not in json.dumps(found).lower()
