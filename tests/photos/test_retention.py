"""Which photos are kept for how long."""

from dataclasses import replace

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.plant_vita.photos.retention import Retention, async_retention
from tests.photos.album_photos import AT, kept

DAY = 86_400.0
PHOTOS = [kept(0, AT - day * DAY) for day in range(100)]


def test_the_newest_stay_and_those_of_the_last_days() -> None:
    assert Retention().expired(PHOTOS, AT) == PHOTOS[91:]
    assert Retention(kept=95).expired(PHOTOS, AT) == PHOTOS[95:]
    assert Retention(kept=30, days=7).expired(PHOTOS, AT) == PHOTOS[30:]
    # Years later the newest are still there.
    assert Retention().expired(PHOTOS, AT + 5000 * DAY) == PHOTOS[30:]


def test_an_automation_that_runs_wild_is_bounded() -> None:
    many = [kept(0, AT - second) for second in range(1003)]
    assert Retention().expired(many, AT) == many[1000:]


def test_what_has_no_verified_copy_stays() -> None:
    photos = [*PHOTOS[:98], replace(PHOTOS[98], archived_at=AT), PHOTOS[99]]
    assert Retention(archived_only=True).expired(photos, AT) == [photos[98]]


async def test_the_garden_says_it(hass: HomeAssistant) -> None:
    assert async_retention(hass) == Retention(kept=30, days=90)
    options = {"photos_kept": 5, "photos_days": 10, "photos_forget": True}
    entry = MockConfigEntry(domain="plant_vita", data={"kind": "garden"}, options=options)
    entry.add_to_hass(hass)
    assert async_retention(hass) == Retention(kept=5, days=10, forget=True)
