"""What is shown of an account to others."""

import json

from homeassistant.components.diagnostics import REDACTED

from custom_components.plant_vita.diagnostics import async_get_config_entry_diagnostics
from tests.photos.accounts import House, house_fixture

house = house_fixture()


async def test_everything_that_helps_and_no_key(house: House) -> None:
    entry = await house.add("plantnet", "other", daily=9)
    await house.identify(file=house.photo())
    found = await async_get_config_entry_diagnostics(house.hass, entry)
    assert found == {
        "service": "plantnet",
        "keys": {"api_key": REDACTED},
        "own_address": True,
        "choices": {"flora": "all"},
        "daily": 9,
        "calls_today": 1,
        "calls": 1,
        "closed_until": 0.0,
        "closed_by": "",
        "left": 500.0,
        "last_look_worked": True,
    }
    assert "other" not in json.dumps(found)
    assert house.clouds["plantnet"].url not in json.dumps(found)
