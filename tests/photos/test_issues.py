"""A quota that is used up is said on the repairs page, with the time at which it is back."""

from datetime import timedelta

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.model.errors import ProviderBusyError
from custom_components.plant_vita.photos.issues import async_judge_quota
from custom_components.plant_vita.photos.panel import async_get_desk
from scripts.lab.clouds.plant_id import PlantIdCloud
from tests.photos.accounts import House, house_fixture

house = house_fixture()


def told(house: House, entry: MockConfigEntry) -> ir.IssueEntry | None:
    registry = ir.async_get(house.hass)
    return registry.async_get_issue(DOMAIN, f"provider_quota_{entry.entry_id}")


async def used_up(house: House) -> MockConfigEntry:
    """An account whose credits of today are gone, and which has just been asked."""
    await house.hass.config.async_set_time_zone("UTC")
    entry = await house.add("plant_id")
    cloud = house.clouds["plant_id"]
    assert isinstance(cloud, PlantIdCloud)
    cloud.day_limit = 0
    assert told(house, entry) is None
    with pytest.raises(HomeAssistantError) as raised:
        await house.identify(file=house.photo())
    assert raised.value.translation_key == "provider_quota"
    return entry


async def test_it_is_said_and_cleared_by_itself(
    house: House, freezer: FrozenDateTimeFactory
) -> None:
    freezer.move_to("2026-11-21 10:00:00+00:00")
    entry = await used_up(house)
    issue = told(house, entry)
    assert issue is not None
    assert issue.translation_placeholders == {"name": "Plant.id", "time": "2026-11-22 00:00"}
    freezer.move_to("2026-11-21 23:59:00+00:00")
    async_fire_time_changed(house.hass, dt_util.utcnow())
    await house.settle()
    assert told(house, entry) is not None
    freezer.move_to("2026-11-22 00:00:01+00:00")
    async_fire_time_changed(house.hass, dt_util.utcnow() + timedelta(seconds=1))
    await house.settle()
    assert told(house, entry) is None


async def test_it_outlives_a_reload_and_goes_with_the_account(house: House) -> None:
    entry = await used_up(house)
    assert await house.hass.config_entries.async_reload(entry.entry_id)
    assert told(house, entry) is not None
    await house.hass.config_entries.async_remove(entry.entry_id)
    await house.settle()
    assert told(house, entry) is None


async def test_who_was_asked_too_often_for_a_minute_is_no_issue(house: House) -> None:
    entry = await house.add("plant_id")
    ledger = (await async_get_desk(house.hass)).ledger
    await ledger.close(entry.entry_id, ProviderBusyError(wait_s=60.0))
    async_judge_quota(house.hass, entry, ledger)
    assert told(house, entry) is None
