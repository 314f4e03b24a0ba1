"""What a backup is told: the record of waterings in it is an old one once it is restored."""

from homeassistant.core import HomeAssistant

from .watering.waterworks import DATA_WORKS, Waterworks


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Note in the ledger that a copy of it is made."""
    await _async_note(hass, begins=True)


async def async_post_backup(hass: HomeAssistant) -> None:
    """Note that this one is no copy."""
    await _async_note(hass, begins=False)


async def _async_note(hass: HomeAssistant, *, begins: bool) -> None:
    # None while nothing of ours is set up, or something else while it is just being started.
    works = hass.data.get(DATA_WORKS)
    if isinstance(works, Waterworks):
        await works.books.async_backup(begins=begins)
