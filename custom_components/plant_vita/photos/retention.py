"""For how long photos are kept: what the options of the garden say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback

from ..const import CONF_KIND, DOMAIN, EntryKind
from .garden import async_garden
from .kept import KeptPhoto

CONF_PHOTOS_KEPT: Final = "photos_kept"
CONF_PHOTOS_DAYS: Final = "photos_days"
CONF_PHOTOS_FORGET: Final = "photos_forget"
DEFAULT_KEPT: Final = 30
DEFAULT_DAYS: Final = 90
MOST: Final = 1000
"""Of one plant, whatever its age: an automation that runs wild must not fill the disk."""
_DAY_S: Final = 86_400.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Retention:
    """The newest `kept` photos of a plant stay, and all that are younger than `days`.

    `archived_only`: there is an archive, and what has no verified copy in it stays in any case.
    `forget`: the photos of a plant go with it.
    """

    kept: int = DEFAULT_KEPT
    days: int = DEFAULT_DAYS
    archived_only: bool = False
    forget: bool = False

    def expired(self, photos: Sequence[KeptPhoto], now: float) -> list[KeptPhoto]:
        """Those of one plant's photos, newest first, that are kept no longer."""
        oldest = now - self.days * _DAY_S
        return [
            photo
            for place, photo in enumerate(photos)
            if ((place >= self.kept and photo.taken_at < oldest) or place >= MOST)
            and not (self.archived_only and photo.archived_at is None)
        ]


@callback
def async_garden_options(hass: HomeAssistant) -> Mapping[str, Any]:
    """The options of the garden; none where there is no garden."""
    garden = async_garden(hass)
    return garden.options if garden else {}


@callback
def async_retention(hass: HomeAssistant) -> Retention:
    """What holds now."""
    entries = hass.config_entries.async_entries(DOMAIN, include_disabled=False)
    archived = any(one.data.get(CONF_KIND) == EntryKind.ARCHIVE for one in entries)
    return replace(retention_of(async_garden_options(hass)), archived_only=archived)


def retention_of(options: Mapping[str, Any]) -> Retention:
    """What the options of a garden say."""
    return Retention(
        kept=int(options.get(CONF_PHOTOS_KEPT, DEFAULT_KEPT)),
        days=int(options.get(CONF_PHOTOS_DAYS, DEFAULT_DAYS)),
        forget=bool(options.get(CONF_PHOTOS_FORGET, False)),
    )
