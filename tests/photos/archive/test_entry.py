"""The archive's entry: it waits for nobody's server, and asks for a key that it cannot use."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.photos.archive.entry import is_archive
from custom_components.plant_vita.photos.archive.issues import async_failing
from tests.photos.archive.archived import add

S3: dict[str, Any] = {
    "kind": "archive",
    "service": "s3",
    "secrets": {"key_id": "AKIA", "secret_key": "secret"},
    "base_url": "http://127.0.0.1:1",
    "bucket": "plants",
    "region": "us-east-1",
    "prefix": "",
    "remove": False,
}


async def test_it_starts_while_the_store_is_away_and_takes_its_issue_along(
    hass: HomeAssistant,
) -> None:
    entry = await add(hass, S3)
    assert is_archive(entry)
    assert entry.state is ConfigEntryState.LOADED
    async_failing(hass, entry, 0.0)
    assert await hass.config_entries.async_remove(entry.entry_id)
    assert not ir.async_get(hass).issues


async def test_an_account_that_is_none_is_asked_for(hass: HomeAssistant) -> None:
    data = {**S3, "service": "gcs", "secrets": {"service_account": "{}"}}
    entry = MockConfigEntry(domain=DOMAIN, data=data)
    entry.add_to_hass(hass)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["step_id"] == "bucket"


def test_others_are_none() -> None:
    assert not is_archive(MockConfigEntry(domain=DOMAIN, data={"kind": "provider"}))
