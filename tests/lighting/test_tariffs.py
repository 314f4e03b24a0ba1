"""Prices that Nord Pool and Tibber tell only to who asks: by the real actions of both."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.nordpool import services as nordpool
from homeassistant.components.tibber import services as tibber
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.helpers import device_registry as dr, entity_registry as er
from pynordpool import (
    Currency,
    DeliveryPeriodData,
    DeliveryPeriodEntry,
    NordPoolEmptyResponseError,
    NordPoolError,
)
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.plant_vita.care.grow_light import Price
from custom_components.plant_vita.lighting import tariffs
from custom_components.plant_vita.lighting.tariffs import async_get_tariffs

SEVEN = datetime(2026, 11, 10, 7, tzinfo=UTC).timestamp()
HOUR, DAY = 3600.0, 86_400.0


@pytest.fixture(autouse=True)
async def morning(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Seven in the morning, UTC."""
    await hass.config.async_set_time_zone("UTC")
    freezer.move_to(datetime.fromtimestamp(SEVEN, UTC))


def entity(hass: HomeAssistant, platform: str, thing: str, runtime: Any, **device: Any) -> str:
    """An entity of an integration that runs."""
    entry = MockConfigEntry(domain=platform, data={"areas": ["SE3", "SE4"], "currency": "SEK"})
    entry.add_to_hass(hass)
    entry.mock_state(hass, ConfigEntryState.LOADED)
    entry.runtime_data = runtime
    found = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(platform, thing)}, **device
    )
    return (
        er.async_get(hass)
        .async_get_or_create(
            "sensor", platform, f"{thing}-price", config_entry=entry, device_id=found.id
        )
        .entity_id
    )


@dataclass
class Exchange:
    """What the integration asks for prices: two hours a day, none of the day after tomorrow."""

    asked: list[tuple[date, tuple[str, ...]]] = field(default_factory=list)
    fails: bool = False
    tomorrow: bool = True

    async def async_get_delivery_period(
        self, day: datetime, currency: Currency, areas: list[str]
    ) -> DeliveryPeriodData:
        self.asked.append((day.date(), tuple(areas)))
        if self.fails:
            raise NordPoolError
        if day.date() > date(2026, 11, 10) and not self.tomorrow:
            raise NordPoolEmptyResponseError
        begins = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        return DeliveryPeriodData(
            raw={},
            requested_date=day.date().isoformat(),
            updated_at=begins,
            entries=[
                DeliveryPeriodEntry(
                    start=begins + timedelta(hours=hour),
                    end=begins + timedelta(hours=hour + 1),
                    entry={"SE3": 100.0 + hour, "SE4": 900.0},
                )
                for hour in range(2)
            ],
            block_prices=[],
            currency=str(currency),
            exchange_rate=1.0,
            area_average={},
            area_states=[],
            prices_final=True,
        )


def noon(day: int, *prices: float) -> tuple[Price, ...]:
    begins = SEVEN + 5 * HOUR + day * DAY
    return tuple(
        Price(start=begins + hour * HOUR, end=begins + (hour + 1) * HOUR, price=price)
        for hour, price in enumerate(prices)
    )


async def test_nord_pool_is_asked_for_the_area_of_the_entity_once_an_hour(
    hass: HomeAssistant,
) -> None:
    exchange = Exchange(tomorrow=False)
    nordpool.async_setup_services(hass)
    price = entity(hass, "nordpool", "SE3", SimpleNamespace(client=exchange))
    told = async_get_tariffs(hass)
    # Two lamps look at once.
    found = await asyncio.gather(*(told.async_prices(price, SEVEN) for _ in range(2)))
    assert found == [noon(0, 100.0, 101.0)] * 2
    assert exchange.asked == [(date(2026, 11, 10), ("SE3",)), (date(2026, 11, 11), ("SE3",))]
    exchange.tomorrow = True
    assert await told.async_prices(price, SEVEN + HOUR - 1) == noon(0, 100.0, 101.0)
    both = (*noon(0, 100.0, 101.0), *noon(1, 100.0, 101.0))
    assert await told.async_prices(price, SEVEN + HOUR) == both
    assert len(exchange.asked) == 4
    # Without an answer what was told before holds, and it is asked again sooner.
    exchange.fails = True
    assert await told.async_prices(price, SEVEN + 2 * HOUR) == both
    exchange.fails = False
    exchange.tomorrow = False
    assert await told.async_prices(price, SEVEN + 2 * HOUR + 599) == both
    assert await told.async_prices(price, SEVEN + 2 * HOUR + 600) == noon(0, 100.0, 101.0)


def homes(**prices: float) -> SimpleNamespace:
    """Homes with one price each, at noon of today."""

    async def client(_hass: HomeAssistant) -> SimpleNamespace:
        known = [
            SimpleNamespace(name=name, price_total={"2026-11-10T12:00:00.000+00:00": price})
            for name, price in prices.items()
        ]
        return SimpleNamespace(get_homes=lambda only_active: known)

    return SimpleNamespace(async_get_client=client)


async def test_tibber_is_asked_for_the_home_of_the_entity(hass: HomeAssistant) -> None:
    tibber.async_setup_services(hass)
    price = entity(hass, "tibber", "id", homes(Cabin=0.9, Villa=0.2), name="Villa")
    assert await async_get_tariffs(hass).async_prices(price, SEVEN) == noon(0, 0.2)


@pytest.mark.parametrize(("others", "found"), [({}, noon(0, 0.9)), ({"Barn": 0.5}, ())])
async def test_of_several_homes_none_is_guessed(
    hass: HomeAssistant, others: dict[str, float], found: tuple[Price, ...]
) -> None:
    tibber.async_setup_services(hass)
    price = entity(hass, "tibber", "id", homes(Cabin=0.9, **others), name="Renamed")
    assert await async_get_tariffs(hass).async_prices(price, SEVEN) == found


async def test_what_an_entity_shows_is_not_asked_for(hass: HomeAssistant) -> None:
    exchange = Exchange()
    nordpool.async_setup_services(hass)
    price = entity(hass, "nordpool", "SE3", SimpleNamespace(client=exchange))
    shown = [{"start": "2026-11-10T12:00:00Z", "price": 7.0}]
    hass.states.async_set(price, "7", {"prices": shown})
    assert await async_get_tariffs(hass).async_prices(price, SEVEN) == noon(0, 7.0)
    assert exchange.asked == []


async def test_nobody_to_ask(hass: HomeAssistant) -> None:
    other = er.async_get(hass).async_get_or_create("sensor", "other", "x").entity_id
    # The integration is there, and its action is not.
    price = entity(hass, "tibber", "id", homes(), name="Villa")
    for one in ("sensor.none", other, price):
        assert await async_get_tariffs(hass).async_prices(one, SEVEN) == ()


@pytest.mark.parametrize("answer", [{"prices": None}, {"prices": {"Villa": "cheap"}}, {}])
async def test_an_answer_that_makes_no_sense(hass: HomeAssistant, answer: dict[str, Any]) -> None:
    async def say(_call: ServiceCall) -> dict[str, Any]:
        return answer

    hass.services.async_register("tibber", "get_prices", say, None, SupportsResponse.ONLY)
    price = entity(hass, "tibber", "id", homes(), name="Villa")
    assert await async_get_tariffs(hass).async_prices(price, SEVEN) == ()


async def test_an_answer_that_never_comes(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = asyncio.Event()

    async def wait(_call: ServiceCall) -> dict[str, Any]:
        await never.wait()
        return {}

    monkeypatch.setattr(tariffs, "ANSWER_S", 0.0)
    hass.services.async_register("tibber", "get_prices", wait, None, SupportsResponse.ONLY)
    price = entity(hass, "tibber", "id", homes(), name="Villa")
    assert await async_get_tariffs(hass).async_prices(price, SEVEN) == ()
    never.set()
