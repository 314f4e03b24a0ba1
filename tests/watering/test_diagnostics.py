"""What may be shown of pumps to others."""

import json

from custom_components.plant_vita.diagnostics import async_get_config_entry_diagnostics
from tests.watering.garden_hose import BASIL, PUMP, Hose, hose_fixture

hose = hose_fixture()


async def test_a_pump_and_what_it_is_about_without_a_name(hose: Hose) -> None:
    plant = await hose.grow({**BASIL, "title": "Anna's basil", "water": {"automatic": "on"}})
    await hose.turn(plant, "on")
    found = await async_get_config_entry_diagnostics(hose.hass, hose.entry)
    [pump] = found["pumps"]
    assert (pump["present"], pump["phase"], pump["on"], pump["blocked"]) == (
        True,
        "running",
        True,
        None,
    )
    assert (pump["facts"]["plants"], pump["facts"]["cap_ms"]) == (1, 120_000)
    # A dose of 100 ml by a pump that counts as a strong one, 30 ml a second.
    assert pump["used_ms"] == 3333
    [basil] = pump["plants"]
    assert (basil["plant"], basil["automatic"], basil["used_ml"]) == (0, "on", 99.99)
    await hose.turn(plant, "off")
    found = await async_get_config_entry_diagnostics(hose.hass, hose.entry)
    [pump] = found["pumps"]
    assert pump["last"]["why"] == "stopped"
    told = json.dumps(found).lower()
    assert "anna" not in told
    assert plant.lower() not in told
    assert PUMP not in told
