"""Leak sensors and the contacts of tanks: what stops pumps, whatever anybody asks for (W16)."""

from collections.abc import Callable, Iterable, Mapping

from homeassistant.components.binary_sensor import BinarySensorDeviceClass
from homeassistant.const import ATTR_DEVICE_CLASS, STATE_OFF, STATE_ON, Platform
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import TrackStates, async_track_state_change_filtered

from ..care.events import Interlock
from ..const import DOMAIN
from ..model.watering import InterlockKind

# None: every pump.
type Tell = Callable[[Interlock, frozenset[str] | None], None]


class Contacts:
    """Every leak sensor of the house stops every pump, unless a person has chosen some of them.

    Those of our own nodes always do: they were put where pumps are, for nothing else.
    What says neither on nor off leaves all as it was: a wet sensor may have drowned.
    """

    def __init__(self, hass: HomeAssistant, tell: Tell) -> None:
        """Nothing is known before `async_start`."""
        self._hass = hass
        self._tell = tell
        self.chosen: frozenset[str] | None = None
        self._tanks: Mapping[str, frozenset[str]] = {}
        self._wet: set[str] = set()
        self._empty: set[str] = set()

    @callback
    def async_start(self) -> None:
        """Look at all there are, and at whatever changes."""
        contacts = TrackStates(all_states=False, entities=set(), domains={Platform.BINARY_SENSOR})
        async_track_state_change_filtered(self._hass, contacts, self._async_changed)
        self._async_look()

    @callback
    def async_choose(
        self, leak_sensors: frozenset[str] | None, tanks: Mapping[str, frozenset[str]]
    ) -> None:
        """Which entities see leaks, None for all of their kind; and the pumps of each tank."""
        self.chosen = leak_sensors
        for sensor in [one for one in self._wet if not self._sees_leaks(one)]:
            self._leak(sensor, on=False)
        before, self._tanks = self._tanks, tanks
        for sensor in sorted(self._empty):
            old, new = before.get(sensor, frozenset()), tanks.get(sensor, frozenset())
            self._tell(_empty(sensor, on=False), old - new)
            self._tell(_empty(sensor, on=True), new - old)
        self._empty &= tanks.keys()
        self._async_look()

    def known(self, pump_id: str) -> Iterable[Interlock]:
        """What a pump that was not there before has to be told."""
        for sensor in sorted(self._wet):
            yield Interlock(kind=InterlockKind.LEAK, sensor=sensor, on=True)
        for sensor in sorted(self._empty):
            if pump_id in self._tanks.get(sensor, ()):
                yield _empty(sensor, on=True)

    def _sees_leaks(self, sensor: str) -> bool:
        if self.chosen is None or sensor in self.chosen:
            return True
        known = er.async_get(self._hass).async_get(sensor)
        return known is not None and known.platform == DOMAIN

    @callback
    def _async_look(self) -> None:
        for state in self._hass.states.async_all(Platform.BINARY_SENSOR):
            self._take(state)

    @callback
    def _async_changed(self, event: Event[EventStateChangedData]) -> None:
        if (state := event.data["new_state"]) is not None:
            self._take(state)
        elif (gone := event.data["entity_id"]) in self._wet:
            # Whoever removes a leak sensor has seen the leak.
            self._leak(gone, on=False)

    def _take(self, state: State) -> None:
        if state.state not in {STATE_ON, STATE_OFF}:
            return
        sensor, on = state.entity_id, state.state == STATE_ON
        is_leak = state.attributes.get(ATTR_DEVICE_CLASS) == BinarySensorDeviceClass.MOISTURE
        # One that a person has chosen is one, of whatever kind it is.
        sees = is_leak or (self.chosen is not None and sensor in self.chosen)
        if sees and on is not (sensor in self._wet) and self._sees_leaks(sensor):
            self._leak(sensor, on=on)
        if sensor in self._tanks and on is not (sensor in self._empty):
            self._tank(sensor, on=on)

    def _leak(self, sensor: str, *, on: bool) -> None:
        (self._wet.add if on else self._wet.discard)(sensor)
        self._tell(Interlock(kind=InterlockKind.LEAK, sensor=sensor, on=on), None)

    def _tank(self, sensor: str, *, on: bool) -> None:
        (self._empty.add if on else self._empty.discard)(sensor)
        self._tell(_empty(sensor, on=on), self._tanks.get(sensor, frozenset()))


def _empty(sensor: str, *, on: bool) -> Interlock:
    return Interlock(kind=InterlockKind.TANK_EMPTY, sensor=sensor, on=on)
