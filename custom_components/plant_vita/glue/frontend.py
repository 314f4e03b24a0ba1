"""The cards, served to Home Assistant's own frontend by the integration itself."""

from hashlib import sha256
from pathlib import Path
from typing import Final

from homeassistant.components.frontend import add_extra_js_url
from homeassistant.components.http import StaticPathConfig
from homeassistant.core import HomeAssistant

from ..const import DOMAIN

FOLDER: Final = Path(__file__).parents[1] / "frontend"
URL: Final = f"/{DOMAIN}_frontend"
ENTRY: Final = "plant-vita.js"


async def async_serve_cards(hass: HomeAssistant) -> None:
    """Have every dashboard load the cards; without a frontend there is nobody to load them."""
    if "frontend" not in hass.config.components:
        return
    version = await hass.async_add_executor_job(_version)
    await hass.http.async_register_static_paths(
        [StaticPathConfig(URL, str(FOLDER), cache_headers=True)]
    )
    # The files may be kept by browsers for as long as they like: an update has another address.
    add_extra_js_url(hass, f"{URL}/{ENTRY}?v={version}")


def _version() -> str:
    """Changes whenever a byte of the bundle does."""
    digest = sha256()
    for path in sorted(FOLDER.glob("*.js")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
