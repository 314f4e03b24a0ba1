"""What any weather service says of the sky; nothing waits for one that does not answer."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.weather import Forecast, WeatherEntity, WeatherEntityFeature
from homeassistant.const import UnitOfPrecipitationDepth, UnitOfTemperature
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import setup_test_component_platform

from custom_components.plant_vita.care.weather import Weather
from custom_components.plant_vita.watering.sky import Sky

NOON = "2026-06-10T12:00:00+00:00"
DAILY, HOURLY = WeatherEntityFeature.FORECAST_DAILY, WeatherEntityFeature.FORECAST_HOURLY
HALF_DAYS = WeatherEntityFeature.FORECAST_TWICE_DAILY


class Station(WeatherEntity):
    """A weather service of Home Assistant, with a forecast in the hands of a test."""

    _attr_name = "Station"
    _attr_condition = "sunny"
    _attr_native_temperature = 20
    _attr_native_temperature_unit = UnitOfTemperature.CELSIUS
    _attr_native_precipitation_unit = UnitOfPrecipitationDepth.MILLIMETERS

    def __init__(self, features: WeatherEntityFeature) -> None:
        """Offer these kinds."""
        self._attr_supported_features = features
        self.says: dict[str, list[Forecast] | None] = {}
        self.asked: list[str] = []
        self.trouble: Exception | None = None
        self.silent = False

    async def _forecast(self, kind: str) -> list[Forecast] | None:
        self.asked.append(kind)
        if self.trouble:
            raise self.trouble
        if self.silent:
            await asyncio.Event().wait()
        return self.says.get(kind)

    async def async_forecast_hourly(self) -> list[Forecast] | None:
        return await self._forecast("hourly")

    async def async_forecast_daily(self) -> list[Forecast] | None:
        return await self._forecast("daily")

    async def async_forecast_twice_daily(self) -> list[Forecast] | None:
        return await self._forecast("twice_daily")


async def station(hass: HomeAssistant, features: WeatherEntityFeature) -> Station:
    one = Station(features)
    setup_test_component_platform(hass, "weather", [one])
    assert await async_setup_component(hass, "weather", {"weather": {"platform": "test"}})
    await hass.async_block_till_done()
    return one


@pytest.fixture
def now(freezer: FrozenDateTimeFactory) -> float:
    freezer.move_to(NOON)
    return dt_util.utcnow().timestamp()


def entry(hours: float, **said: Any) -> Forecast:
    at = dt_util.parse_datetime(NOON)
    assert at is not None
    return Forecast(datetime=(at + timedelta(hours=hours)).isoformat(), **said)


@pytest.mark.parametrize(
    ("state", "attributes", "expected"),
    [
        ("sunny", {}, Weather(raining=False)),
        ("pouring", {"temperature": 12}, Weather(raining=True, lowest_c=12)),
        (
            "snowy",
            {"temperature": 32, "temperature_unit": "°F"},
            Weather(raining=True, lowest_c=0.0),
        ),
        ("sunny", {"temperature": "warm"}, Weather(raining=False)),
    ],
)
async def test_the_weather_is_what_the_first_service_says(
    hass: HomeAssistant, state: str, attributes: dict[str, Any], expected: Weather
) -> None:
    sky = Sky(hass)
    assert sky.weather(None, 0.0) is None
    hass.states.async_set("weather.home", state, attributes)
    assert sky.weather(None, 0.0) == expected
    assert sky.weather("weather.elsewhere", 0.0) is None


async def test_hours_are_summed_with_their_chances_and_the_coldest_of_the_night_counts(
    hass: HomeAssistant, now: float
) -> None:
    one = await station(hass, HOURLY)
    one.says["hourly"] = [
        entry(-1, native_precipitation=50, native_temperature=-9),  # over
        entry(0, native_precipitation=2, precipitation_probability=50, native_temperature=12),
        entry(1, native_precipitation=3, native_temperature=4),
        entry(13, native_precipitation=1, native_temperature=-3),  # not within twelve hours
        entry(25, native_precipitation=90),  # not within a day
    ]
    sky = Sky(hass)
    await sky.async_ask(None, now)
    assert sky.weather(None, now) == Weather(expected_mm=5.0, lowest_c=4.0)
    assert [day.expected_mm for day in sky.days(now, 7)] == [5.0, 90.0]
    assert len(sky.days(now, 1)) == 1


async def test_of_a_day_that_is_half_over_half_the_rain_is_to_come(
    hass: HomeAssistant, now: float
) -> None:
    one = await station(hass, DAILY)
    one.says["daily"] = [
        entry(-12, native_precipitation=8, native_temperature=25, native_templow=3),
        entry(12, native_precipitation=4, native_temperature=21, native_templow=8),
    ]
    sky = Sky(hass)
    await sky.async_ask(None, now)
    assert sky.weather(None, now) == Weather(expected_mm=6.0, lowest_c=3.0)


async def test_the_finest_forecast_counts_as_far_as_it_goes(
    hass: HomeAssistant, now: float
) -> None:
    one = await station(hass, HOURLY | HALF_DAYS | DAILY)
    one.says["hourly"] = [entry(hour, native_precipitation=1) for hour in range(6)]
    one.says["twice_daily"] = [
        # The hours say all of this one, and know better how cold it is.
        entry(-8, native_precipitation=7, is_daytime=False, native_temperature=-5),
        entry(4, native_precipitation=12, is_daytime=True, native_temperature=22),
        entry(16, native_precipitation=24, is_daytime=False, native_temperature=9),
    ]
    one.says["daily"] = None
    sky = Sky(hass)
    await sky.async_ask(None, now)
    assert one.asked == ["hourly", "twice_daily", "daily"]
    # Six hours, ten of the twelve after them, and eight of the night.
    said = sky.weather(None, now)
    assert said is not None
    assert said.expected_mm == pytest.approx(6 + 10 + 16)
    assert said.lowest_c == 20


async def test_it_is_asked_once_an_hour_and_another_service_at_once(
    hass: HomeAssistant, now: float
) -> None:
    one = await station(hass, DAILY)
    one.says["daily"] = [entry(0, native_precipitation=8)]
    sky = Sky(hass)
    for seconds in (0, 300, 3599):
        await sky.async_ask(None, now + seconds)
    assert one.asked == ["daily"]
    await sky.async_ask(None, now + 3600)
    assert one.asked == ["daily"] * 2
    await sky.async_ask("weather.elsewhere", now + 3601)
    assert sky.days(now, 7) == ()
    await sky.async_ask("weather.station", now + 3602)
    assert one.asked == ["daily"] * 3
    assert [day.expected_mm for day in sky.days(now, 7)] == [8.0]


@pytest.mark.parametrize("trouble", [ValueError("broken"), None])
async def test_what_was_said_before_holds_when_the_service_fails(
    hass: HomeAssistant, now: float, freezer: FrozenDateTimeFactory, trouble: Exception | None
) -> None:
    one = await station(hass, HOURLY)
    one.says["hourly"] = [entry(8, native_precipitation=8)]
    sky = Sky(hass)
    await sky.async_ask(None, now)
    one.trouble, one.silent = trouble, trouble is None
    asking = asyncio.create_task(sky.async_ask(None, now + 3600))
    for _ in range(50):
        await asyncio.sleep(0)
    assert asking.done() is (trouble is not None)
    freezer.tick(10.1)
    for _ in range(50):
        await asyncio.sleep(0)
    assert asking.done()
    assert one.asked == ["hourly"] * 2
    known = sky.weather(None, now + 3600)
    assert known == Weather(expected_mm=8.0, lowest_c=20.0)
    # It ends by itself.
    assert sky.weather(None, now + 9 * 3600) == Weather(lowest_c=20.0)


async def test_a_service_that_is_gone_or_says_nonsense_is_no_forecast(
    hass: HomeAssistant, now: float
) -> None:
    one = await station(hass, HOURLY)
    one.says["hourly"] = [
        Forecast(datetime="soon", native_precipitation=9),
        entry(2, native_precipitation=None, precipitation_probability=None),
    ]
    sky = Sky(hass)
    await sky.async_ask(None, now)
    assert sky.weather(None, now) == Weather(lowest_c=20.0)
    hass.states.async_set("weather.station", "unavailable")
    await sky.async_ask(None, now + 7200)
    assert one.asked == ["hourly"]


@pytest.mark.parametrize(
    ("condition", "hourly_mm", "fallen"),
    [
        # Six looks in half an hour, the first of which does not know what was before.
        ("rainy", None, 1.0 * 25 / 60),
        ("pouring", None, 8.0 * 25 / 60),
        ("rainy", 6.0, 6.0 * 25 / 60),
        ("snowy", None, None),
        ("sunny", 6.0, None),
    ],
)
async def test_what_has_fallen_counts_for_a_day(
    hass: HomeAssistant, now: float, condition: str, hourly_mm: float | None, fallen: float | None
) -> None:
    one = await station(hass, HOURLY)
    one.says["hourly"] = [entry(-1), entry(0, native_precipitation=hourly_mm)]
    sky = Sky(hass)
    await sky.async_ask(None, now)
    known = hass.states.get("weather.station")
    assert known is not None
    hass.states.async_set("weather.station", condition, known.attributes)
    for minute in range(0, 30, 5):
        sky.look(None, now + minute * 60)
    hass.states.async_set("weather.station", "sunny", known.attributes)
    expected = None if fallen is None else pytest.approx(fallen)
    for hours, left in ((1, expected), (23.9, expected), (24.6, None)):
        said = sky.weather(None, now + hours * 3600)
        assert said is not None
        assert said.fallen_mm == left


async def test_nobody_knows_what_fell_while_nobody_looked(hass: HomeAssistant, now: float) -> None:
    hass.states.async_set("weather.home", "pouring")
    sky = Sky(hass)
    for at in (now, now + 6 * 3600):
        sky.look(None, at)
    said = sky.weather(None, now + 6 * 3600)
    assert said is not None
    assert said.fallen_mm == 8.0 / 4
    # A clock that was put back makes none of it last for longer.
    sky.look(None, now + 3600)
    said = sky.weather(None, now + 3600)
    assert said is not None
    assert said.fallen_mm is None
