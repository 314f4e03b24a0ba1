"""The one panel of this Home Assistant, at which all accounts sit."""

import random
import time
from dataclasses import dataclass
from typing import Final

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.singleton import singleton
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, LOGGER
from ..model.errors import StoreError
from ..model.finding import Outcome
from ..providers.ledger import Ledger
from ..providers.panel import Panel, Progress
from .storage import FileStorage

_REFUSED: Final = frozenset({Outcome.KEY, Outcome.FORBIDDEN})


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """The panel with its ledger."""

    panel: Panel
    ledger: Ledger


DATA_DESK: HassKey[Desk] = HassKey(f"{DOMAIN}_desk")


@singleton(DATA_DESK, async_=True)
async def async_get_desk(hass: HomeAssistant) -> Desk:
    """Read what was kept, and keep it again when Home Assistant stops."""
    ledger = Ledger(FileStorage(hass, "calls"), time.time)
    panel = Panel(
        ledger=ledger,
        answers=FileStorage(hass, "answers"),
        now=time.time,
        jitter=random.random,
    )
    await panel.open()

    async def _async_close(_: Event) -> None:
        try:
            await panel.close()
        except StoreError as error:
            LOGGER.warning("What the services answered is not kept: %s", error)

    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, _async_close)
    return Desk(panel=panel, ledger=ledger)


@callback
def async_follow(hass: HomeAssistant, progress: Progress) -> None:
    """Ask for a new key as soon as a service refuses the one it has."""
    if progress.outcome in _REFUSED and (
        entry := hass.config_entries.async_get_entry(progress.seat)
    ):
        entry.async_start_reauth(hass)
