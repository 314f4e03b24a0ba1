"""What is left of an account is looked at, where that costs nothing."""

import time

import pytest
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.model.errors import ProviderBusyError, ProviderQuotaError
from custom_components.plant_vita.providers.provider import Balance
from scripts.lab.clouds.plantnet import PlantNetCloud
from scripts.lab.clouds.server import Fault
from tests.photos.accounts import House, house_fixture

house = house_fixture()


async def test_what_is_left_follows_the_service(house: House) -> None:
    account = (await house.add("plantnet")).runtime_data
    assert account.data == Balance(remaining=500.0)
    house.clouds["plantnet"].quota = 12  # type: ignore[attr-defined]
    await account.async_refresh()
    assert account.data == Balance(remaining=12.0)
    house.clouds["plantnet"].fail(Fault.S429)
    await account.async_refresh()
    assert (account.data, account.last_update_success) == (Balance(remaining=0.0), True)
    house.clouds["plantnet"].fail(Fault.S503)
    await account.async_refresh()
    assert account.last_update_success is False
    assert house.hass.config_entries.flow.async_progress_by_handler(DOMAIN) == []
    house.clouds["plantnet"].fail(Fault.S401)
    await account.async_refresh()
    await house.settle()
    assert len(house.hass.config_entries.flow.async_progress_by_handler(DOMAIN)) == 1


async def test_a_service_that_does_not_tell_is_not_asked(house: House) -> None:
    account = (await house.add("gemini")).runtime_data
    await account.async_refresh()
    assert account.data == Balance()
    assert house.clouds["gemini"].calls == []


async def test_a_quota_that_is_seen_to_be_used_up_is_said_as_a_call_would(house: House) -> None:
    entry = await house.add("plantnet")
    account, issue = entry.runtime_data, f"provider_quota_{entry.entry_id}"
    registry = ir.async_get(house.hass)
    cloud = house.clouds["plantnet"]
    assert isinstance(cloud, PlantNetCloud)
    cloud.quota = 0
    await account.async_refresh()
    assert account.data == Balance(remaining=0.0)
    assert registry.async_get_issue(DOMAIN, issue) is not None
    # Nobody is asked in vain meanwhile.
    posts = len(cloud.calls)
    with pytest.raises(HomeAssistantError) as raised:
        await house.identify(file=house.photo())
    assert raised.value.translation_key == "provider_quota"
    assert len(cloud.calls) == posts
    # When it is back was not told: it is looked at again in an hour.
    left = account.ledger.book(entry.entry_id).closed_until - time.time()
    assert 3000 < left <= 3600


async def test_when_it_is_back_is_known_best_by_who_was_told(house: House) -> None:
    entry = await house.add("plantnet")
    account = entry.runtime_data
    told = ProviderQuotaError("for long", wait_s=80_000.0)
    await account.ledger.close(entry.entry_id, told)
    until = account.ledger.book(entry.entry_id).closed_until
    cloud = house.clouds["plantnet"]
    assert isinstance(cloud, PlantNetCloud)
    cloud.quota = 0
    await account.async_refresh()
    assert account.ledger.book(entry.entry_id).closed_until == until


async def test_a_minute_of_haste_is_not_ended_by_a_look(house: House) -> None:
    entry = await house.add("plantnet")
    account = entry.runtime_data
    await account.ledger.close(entry.entry_id, ProviderBusyError("haste", wait_s=60.0))
    await account.async_refresh()
    assert account.ledger.book(entry.entry_id).closed_by == "provider_busy"
