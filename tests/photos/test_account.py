"""What an account is known by, and who is asked for it."""

import pytest

from custom_components.plant_vita.model.errors import ProviderKeyError
from custom_components.plant_vita.photos.account import account_id, async_check, seat_of
from custom_components.plant_vita.providers.registry import PROVIDERS
from tests.photos.accounts import House, house_fixture

house = house_fixture()


def test_an_id_tells_accounts_apart_and_holds_no_key() -> None:
    spec = PROVIDERS["plant_id"]
    one = account_id(spec, {"api_key": "secret-1"}, {})
    assert one == account_id(spec, {"api_key": "secret-1"}, {})
    assert one != account_id(spec, {"api_key": "secret-2"}, {})
    assert one != account_id(PROVIDERS["plantnet"], {"api_key": "secret-1"}, {"flora": "all"})
    assert "secret" not in one


def test_models_of_the_house_are_told_apart_by_their_entities() -> None:
    spec = PROVIDERS["ai_task"]
    one = account_id(spec, {}, {"entity": "ai_task.one"})
    assert one != account_id(spec, {}, {"entity": "ai_task.other"})
    assert one.startswith("provider:ai_task:")


async def test_a_seat_is_what_the_entry_says(house: House) -> None:
    data = {**house.data("plantnet", daily=7), "choices": {"flora": "k-world-flora"}}
    seat = seat_of(house.hass, "here", data)
    assert (seat.id, seat.daily, seat.spec.kind) == ("here", 7, "plantnet")
    assert seat.options == {"flora": "k-world-flora"}


async def test_a_check_asks_the_service(house: House) -> None:
    balance = await async_check(house.hass, house.data("plantnet"))
    assert balance.remaining == 500.0
    with pytest.raises(ProviderKeyError):
        await async_check(house.hass, house.data("plantnet", "wrong"))
