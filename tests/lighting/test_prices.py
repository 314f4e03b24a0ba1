"""Prices as integrations write them into attributes, and what is none."""

from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from homeassistant.core import State
from homeassistant.util import dt as dt_util

from custom_components.plant_vita.care.grow_light import Price
from custom_components.plant_vita.lighting.prices import prices_of

NINE = datetime(2026, 11, 10, 9, tzinfo=UTC).timestamp()
HOUR = 3600.0


def of(**attributes: Any) -> tuple[Price, ...]:
    return prices_of(State("sensor.price", "0.3", attributes))


def two(first: float, second: float, length: float = HOUR) -> tuple[Price, ...]:
    return (
        Price(start=NINE, end=NINE + length, price=first),
        Price(start=NINE + length, end=NINE + 2 * length, price=second),
    )


NINE_WORDS, TEN_WORDS, ELEVEN_WORDS = (f"2026-11-10T{hour}:00:00Z" for hour in ("09", "10", "11"))


@pytest.mark.parametrize(
    "attributes",
    [
        {
            "raw_today": [
                {"start": NINE_WORDS, "end": TEN_WORDS, "value": 0.4},
                {"start": TEN_WORDS, "end": ELEVEN_WORDS, "value": -0.1},
            ],
            "raw_tomorrow": [],
        },
        {
            "prices_today": [{"time": "2026-11-10 10:00:00+01:00", "price": 0.4}],
            "prices_tomorrow": [{"time": "2026-11-10 11:00:00+01:00", "price": -0.1}],
        },
        {
            "data": [
                {"start_time": NINE_WORDS, "end_time": TEN_WORDS, "price_per_kwh": 0.4},
                {"start_time": TEN_WORDS, "end_time": ELEVEN_WORDS, "price_per_kwh": -0.1},
            ]
        },
        {
            # The same hours twice, moments instead of words, and the wrong way round.
            "rates": (
                {"start": datetime(2026, 11, 10, 10, tzinfo=UTC), "value_inc_vat": -0.1},
                {"start": datetime(2026, 11, 10, 9, tzinfo=UTC), "value_inc_vat": 0.4},
            ),
            "all_rates": [{"start": datetime(2026, 11, 10, 9, tzinfo=UTC), "value_inc_vat": 0.4}],
        },
    ],
)
def test_lists_of_many_makes(attributes: dict[str, Any]) -> None:
    assert of(**attributes) == two(0.4, -0.1)


def test_quarters_of_an_hour_and_a_time_without_a_zone_is_local() -> None:
    forecast = [
        {"datetime": "2026-11-10T09:00:00+00:00", "electricity_price": 31},
        {"datetime": "2026-11-10T09:15:00+00:00", "electricity_price": 29},
    ]
    assert of(forecast=forecast) == two(31.0, 29.0, 900.0)
    with patch.object(dt_util, "DEFAULT_TIME_ZONE", ZoneInfo("Europe/Berlin")):
        [local] = of(prices=[{"time": "2026-11-10T10:00:00", "price": 1}])
    assert (local.start, local.end) == (NINE, NINE + HOUR)


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"options": ["a", "b"], "today": [0.1, 0.2], "max": 3},
        {"prices": [{"time": "soon", "price": 1}, {"time": None, "price": 1}, {"price": 1}]},
        {"prices": [{"time": "2026-11-10T09:00:00Z", "price": one} for one in (None, "1", True)]},
        {"prices": [{"time": "2026-11-10T09:00:00Z", "price": float("nan")}]},
        {"prices": [{"time": "2026-11-10T09:00:00Z", "price": 1}] * 401},
    ],
)
def test_what_is_no_price_is_left_out(attributes: dict[str, Any]) -> None:
    assert of(**attributes) == ()


def test_nobody_says_anything() -> None:
    assert prices_of(None) == ()


def test_a_gap_is_no_price() -> None:
    first, second = of(
        prices=[
            {"start": "2026-11-10T09:00:00Z", "end": "2026-11-10T10:00:00Z", "price": 1},
            {"start": "2026-11-10T15:00:00Z", "end": "2026-11-10T16:00:00Z", "price": 2},
        ]
    )
    assert (first.end, second.start) == (NINE + HOUR, NINE + 6 * HOUR)
