"""All outputs of the node, as gpiozero has them, and the level at which each of them rests."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gpiozero import GPIOZeroError, OutputDevice, PWMOutputDevice

FULL = 65535


@contextlib.contextmanager
def as_os_errors() -> Iterator[None]:
    """What gpiozero and the libraries below it raise, as the OSError that MicroPython would."""
    try:
        yield
    except OSError:
        raise
    except (GPIOZeroError, RuntimeError, ValueError) as error:
        raise OSError(f"{type(error).__name__}: {error}") from error
    except Exception as error:
        if type(error).__module__.partition(".")[0] != "lgpio":
            raise
        raise OSError(f"lgpio: {error}") from error


@dataclass(kw_only=True)
class Line:
    """One output: gpiozero's device, and the value at which it rests.

    rest: 0 or 1 for a pin that is on or off, 0 to 65535 for one that is dimmed.
    """

    device: Any
    rest: int
    dimmed: bool

    def put(self, value: int) -> None:
        """Drive it; raises OSError."""
        with as_os_errors():
            self.device.value = value / FULL if self.dimmed else value


class Bank:
    """The outputs by their GPIO number. One that is asked for again keeps its line, and rests."""

    def __init__(self) -> None:
        self.lines: dict[int, Line] = {}

    def switch(self, pin: int, level: int) -> None:
        """Make a pin an output that rests at `level`; raises OSError."""
        if pin not in self.lines:
            with as_os_errors():
                device = OutputDevice(pin, initial_value=bool(level))
            self.lines[pin] = Line(device=device, rest=level, dimmed=False)
        self.put(pin, level)

    def dim(self, pin: int, duty: int, hertz: int) -> None:
        """Make a pin a dimmed output that rests at `duty` (0 to 65535); raises OSError."""
        if pin not in self.lines:
            with as_os_errors():
                device = PWMOutputDevice(pin, initial_value=duty / FULL, frequency=hertz)
            self.lines[pin] = Line(device=device, rest=duty, dimmed=True)
        self.put(pin, duty)

    def put(self, pin: int, value: int) -> None:
        """Drive an output; raises OSError, also for a pin that is none."""
        if pin not in self.lines:
            raise OSError(f"pin {pin} is no output")
        self.lines[pin].put(value)

    def rests_at(self, pin: int, value: int) -> bool:
        """Whether this value is the one at which this pin rests."""
        return pin in self.lines and self.lines[pin].rest == value

    def rest(self, *, dimmed: bool = True) -> None:
        """Everything to its rest, or only what is switched. A line that fails hinders no other."""
        failed = []
        for pin, line in self.lines.items():
            if dimmed or not line.dimmed:
                try:
                    line.put(line.rest)
                except OSError as error:
                    failed.append(f"GPIO {pin} could not be put to rest: {error}")
        for text in failed:
            print(text, flush=True)
