"""What is said of an archive that is not reached, and that it goes by itself."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.photos.archive.issues import async_failing, async_works


async def test_it_says_since_when_and_goes(hass: HomeAssistant) -> None:
    await hass.config.async_set_time_zone("Europe/Amsterdam")
    entry = MockConfigEntry(domain=DOMAIN, title="S3")
    async_failing(hass, entry, 1_780_000_000.0)
    (issue,) = ir.async_get(hass).issues.values()
    assert issue.translation_placeholders == {"name": "S3", "time": "2026-05-28 22:26"}
    assert not issue.is_fixable
    async_works(hass, entry)
    assert not ir.async_get(hass).issues
