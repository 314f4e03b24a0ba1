"""An album, and an archive at an emulator."""

from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.plant_vita.const import DOMAIN
from tests.photos.archive.emulators import BUCKET, S3, Gcs, Tokens


def of_gcs(gcs: Gcs, tokens: Tokens, **other: Any) -> dict[str, Any]:
    """What the entry keeps of an archive at Google's."""
    return {
        "kind": "archive",
        "service": "gcs",
        "secrets": {"service_account": tokens.account()},
        "base_url": gcs.url,
        "bucket": BUCKET,
        "region": "us-east-1",
        "prefix": "",
        "remove": False,
        **other,
    }


def of_s3(s3: S3, **other: Any) -> dict[str, Any]:
    """The same of S3."""
    return {
        "kind": "archive",
        "service": "s3",
        "secrets": {"key_id": s3.key_id, "secret_key": s3.secret},
        "base_url": s3.url,
        "bucket": BUCKET,
        "region": "us-east-1",
        "prefix": "home/plants",
        "remove": False,
        **other,
    }


async def add(hass: HomeAssistant, data: dict[str, Any]) -> MockConfigEntry:
    """Set the archive up."""
    entry = MockConfigEntry(domain=DOMAIN, title="Archive", unique_id="archive", data=data)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry


def files(folder: Path) -> list[str]:
    """The names of all photos that are here."""
    return sorted(one.stem for one in folder.glob("media/plant_vita/*/*.jpg"))
