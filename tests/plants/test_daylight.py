"""The light that photos are compared in, wherever on Earth, and where the sun does not rise."""

from datetime import UTC, datetime

import pytest
from homeassistant.core import HomeAssistant

from custom_components.plant_vita.plants.daylight import is_good_light

AMSTERDAM = ("Europe/Amsterdam", 52.4, 4.9)
AUCKLAND = ("Pacific/Auckland", -36.8, 174.8)
HONOLULU = ("Pacific/Honolulu", 21.3, -157.9)
SVALBARD = ("Arctic/Longyearbyen", 78.2, 15.6)


@pytest.mark.parametrize(
    ("place", "now", "good"),
    [
        # In Amsterdam the sun is highest at 13:42 in June, at 12:43 in December.
        (AMSTERDAM, "2026-06-10T12:30:00+02:00", False),
        (AMSTERDAM, "2026-06-10T12:50:00+02:00", True),
        (AMSTERDAM, "2026-06-10T20:50:00+02:00", True),
        (AMSTERDAM, "2026-06-10T21:15:00+02:00", False),
        (AMSTERDAM, "2026-06-10T23:30:00+02:00", False),
        (AMSTERDAM, "2026-06-10T04:00:00+02:00", False),
        (AMSTERDAM, "2026-12-10T12:00:00+01:00", True),
        (AMSTERDAM, "2026-12-10T15:45:00+01:00", False),
        # Their noon is at another day's midnight UTC.
        (AUCKLAND, "2026-06-10T12:30:00+12:00", True),
        (AUCKLAND, "2026-06-10T16:30:00+12:00", False),
        (AUCKLAND, "2026-06-10T09:30:00+12:00", False),
        (HONOLULU, "2026-06-10T12:30:00-10:00", True),
        (HONOLULU, "2026-06-10T23:30:00-10:00", False),
        # No sun in winter, no night in summer: the clock decides.
        (SVALBARD, "2026-12-21T12:00:00+01:00", True),
        (SVALBARD, "2026-12-21T15:00:00+01:00", False),
        (SVALBARD, "2026-06-21T11:00:00+02:00", True),
        (SVALBARD, "2026-06-21T23:00:00+02:00", False),
    ],
)
async def test_around_noon_and_never_in_the_dark(
    hass: HomeAssistant, place: tuple[str, float, float], now: str, *, good: bool
) -> None:
    zone, hass.config.latitude, hass.config.longitude = place
    await hass.config.async_set_time_zone(zone)
    assert is_good_light(hass, datetime.fromisoformat(now)) is good


@pytest.mark.parametrize("latitude", [90.0, -90.0])
async def test_at_the_poles_it_raises_nothing(hass: HomeAssistant, latitude: float) -> None:
    hass.config.latitude = latitude
    await hass.config.async_set_time_zone("UTC")
    times = [datetime(2026, 6, 10, hour, 30, tzinfo=UTC) for hour in range(24)]
    assert [one.hour for one in times if is_good_light(hass, one)] == [11, 12, 13, 14]
