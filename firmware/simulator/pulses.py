"""What the pump pins did: the truth that every promise about water is held against."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Pulse:
    """A pump was on: pin, and seconds since the world began. `end` is None while it runs."""

    pin: int
    start: float
    end: float | None = None

    @property
    def ms(self) -> float:
        """How long, in ms of the plant's time; NaN while it runs."""
        return float("nan") if self.end is None else (self.end - self.start) * 1000


class PulseRecord:
    """Levels in, pulses out. `pumps` maps each pump's pin to the level that means on."""

    def __init__(self, pumps: Mapping[int, int]) -> None:
        self._pumps = pumps
        self.pulses: list[Pulse] = []
        self.edges: list[tuple[float, int, int]] = []  # seconds, pin, level

    def running(self, pin: int) -> bool:
        """Whether the pump at this pin has power."""
        return any(pulse.pin == pin and pulse.end is None for pulse in self.pulses)

    def edge(self, seconds: float, pin: int, level: int) -> bool:
        """A pin is driven to a level; True if that switched a pump."""
        self.edges.append((seconds, pin, level))
        if pin not in self._pumps:
            return False
        wanted = level == self._pumps[pin]
        if wanted == self.running(pin):
            return False
        if wanted:
            self.pulses.append(Pulse(pin=pin, start=seconds))
        else:
            self._close(pin, seconds)
        return True

    def fall(self, seconds: float) -> list[int]:
        """Nothing is driven any more; the pins of the pumps that this switched off."""
        running = [pin for pin in self._pumps if self.running(pin)]
        for pin in running:
            self._close(pin, seconds)
        return running

    def _close(self, pin: int, seconds: float) -> None:
        for place, pulse in enumerate(self.pulses):
            if pulse.pin == pin and pulse.end is None:
                self.pulses[place] = Pulse(pin=pin, start=pulse.start, end=seconds)
