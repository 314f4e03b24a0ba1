"""Whether what is known of a node can still be believed, by the node's own rhythm."""

from collections.abc import Callable
from datetime import datetime

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

from .const import LOGGER
from .model.node import NodeInfo

# Who reconnects within this time was never away: routers restart, so does Home Assistant.
GRACE_S = 10.0
GRACE_AFTER_START_S = 60.0
# A sleeping node may miss two of its times, and be a minute late.
MISSED_TIMES = 3
LATENESS_S = 60.0


class Presence:
    """`available` until a node has been silent for longer than it may; `changed` is told."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, changed: Callable[[], None]
    ) -> None:
        """Nothing is expected of the node of `entry` yet."""
        self.available = True
        self._hass = hass
        self._entry = entry
        self._changed = changed
        self._give_up: CALLBACK_TYPE | None = None
        self._stopped = False

    def patience(self, info: NodeInfo) -> float | None:
        """For how many seconds it is worth waiting for the node; None when it is given up."""
        if not self.available or self._stopped:
            return None
        return rhythm_s(info) if info.sleeps else GRACE_AFTER_START_S

    @callback
    def async_expect(self, info: NodeInfo, *, grace: float = GRACE_S) -> None:
        """The node is not here: wait as long as its rhythm says, `grace` seconds if it has none."""
        self._cancel()
        if not self._stopped:
            patience = rhythm_s(info) if info.sleeps else grace
            self._give_up = async_call_later(self._hass, patience, self._async_gone)

    @callback
    def async_arrived(self) -> None:
        """The node is here."""
        self._cancel()
        if not self.available:
            LOGGER.info("%s is back", self._entry.title)
            self.available = True
            self._changed()

    @callback
    def async_heard(self, info: NodeInfo) -> None:
        """The node is not here, but has been heard: so it will be again, at least by its rhythm."""
        self.async_arrived()
        self.async_expect(info, grace=rhythm_s(info))

    @callback
    def async_stop(self) -> None:
        """Nobody wants to know any more."""
        self._stopped = True
        self._cancel()

    @callback
    def _async_gone(self, _now: datetime) -> None:
        self._give_up = None
        if self.available:
            LOGGER.info("%s is unavailable: it has not called in time", self._entry.title)
            self.available = False
            self._changed()

    def _cancel(self) -> None:
        if self._give_up is not None:
            self._give_up()
            self._give_up = None


def rhythm_s(info: NodeInfo) -> float:
    """How long a node that sleeps may be away, in seconds."""
    return MISSED_TIMES * info.every + LATENESS_S
