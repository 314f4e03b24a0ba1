"""What is left of an account is looked at, where that costs nothing."""

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.providers.provider import Balance
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
