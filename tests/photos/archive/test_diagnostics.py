"""Whoever helps sees how it goes, and neither a key nor where the photos are."""

import json

from homeassistant.core import HomeAssistant

from custom_components.plant_vita.diagnostics import async_get_config_entry_diagnostics
from tests.photos.archive.archived import add
from tests.photos.archive.test_entry import S3


async def test_nothing_of_it_leads_to_the_photos(hass: HomeAssistant) -> None:
    entry = await add(hass, {**S3, "prefix": "annas-flat"})
    told = await async_get_config_entry_diagnostics(hass, entry)
    assert told == {
        "service": "s3",
        "keys": {"key_id": "**REDACTED**", "secret_key": "**REDACTED**"},
        "own_address": True,
        "remove": False,
        "archived_since_start": 0,
        "failing_since": None,
        "failed_by": None,
    }
    text = json.dumps(told)
    for word in ("AKIA", '"secret"', "127.0.0.1", "plants", "annas-flat"):
        assert word not in text
    assert await hass.config_entries.async_unload(entry.entry_id)
