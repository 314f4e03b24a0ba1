"""Things that are open or closed: float switch, leak probe, button. All pull their pin to ground.

A float switch is closed while there is water: a cut wire then looks like an empty tank, and no pump
runs. A leak probe closes when it gets wet.
"""

from plantnode import clock
from plantnode.drivers import Sensor

CALM_MS = 3000  # water sloshes: a danger that ends must have ended for a while
LOOKS = 3


def steady(pin) -> int:
    """The level that most of several looks at a pin show, which a spark next door can't change."""
    return 1 if sum([pin.value() for _ in range(LOOKS)]) * 2 > LOOKS else 0


class Contact(Sensor):
    """One contact, one channel: 1 = tank empty, or leak. Alarm at once, all-clear after a calm."""

    def __init__(self, pin, index: int, kind: str, alarm_level: int) -> None:
        self._pin = pin
        self._alarm_level = alarm_level
        self._alarm_seen = None
        self.index = index
        self.kind = kind
        self.indices = (index,)

    def active(self) -> bool:
        """Whether the danger is there, or was within the last three seconds."""
        now = clock.real_ms()
        if steady(self._pin) == self._alarm_level:
            self._alarm_seen = now
        return self._alarm_seen is not None and now - self._alarm_seen < CALM_MS

    def read(self) -> dict:
        """1 while the danger is there."""
        return {self.index: 1 if self.active() else 0}


class Stuck:
    """Stands for a contact that was wanted and could not be made: always in alarm."""

    def __init__(self, kind: str, index: int) -> None:
        self.kind, self.index = kind, index

    def active(self) -> bool:
        """The danger can't be ruled out."""
        return True


class Button:
    """A push button to ground."""

    def __init__(self, pin) -> None:
        self._pin = pin

    def pressed(self) -> bool:
        """Whether somebody holds it down now."""
        return steady(self._pin) == 0
