"""How much of its time a pin is high, by the timers that drive it.

simavr 1.6 knows no phase-correct PWM of eight bits, which is what Arduino uses; the registers say
all that is needed.
"""

from dataclasses import dataclass

from .chip import Chip
from .pins import Pins

CLEAR_ON_MATCH = 2  # the mode in which the share rises with the register


@dataclass(frozen=True, kw_only=True)
class Output:
    """A timer's output: its control register, where its mode stands in it, its compare register."""

    control: int
    shift: int
    compare: int


def _timer(control: int, **outputs: tuple[int, int]) -> dict[str, Output]:
    return {
        pin: Output(control=control, shift=shift, compare=compare)
        for pin, (shift, compare) in outputs.items()
    }


# Data sheets, register summaries: TCCRnA with COMnA at bit 6, COMnB at 4, COMnC at 2; OCRnx.
UNO = (
    _timer(0x44, D6=(6, 0x47), D5=(4, 0x48))
    | _timer(0x80, D9=(6, 0x88), D10=(4, 0x8A))
    | _timer(0xB0, D11=(6, 0xB3), D3=(4, 0xB4))
)
MEGA = (
    _timer(0x44, D13=(6, 0x47), D4=(4, 0x48))
    | _timer(0x80, D11=(6, 0x88), D12=(4, 0x8A))
    | _timer(0xB0, D10=(6, 0xB3), D9=(4, 0xB4))
    | _timer(0x90, D5=(6, 0x98), D2=(4, 0x9A), D3=(2, 0x9C))
    | _timer(0xA0, D6=(6, 0xA8), D7=(4, 0xAA), D8=(2, 0xAC))
)
OUTPUTS = {"atmega328p": UNO, "atmega2560": MEGA}


def duty(chip: Chip, pins: Pins, pin: str) -> float:
    """The share of its time this pin is high, 0-1; one that nobody drives is low."""
    level = pins.level(pin)
    output = OUTPUTS[chip.kind.mcu].get(pin)
    if level is None or output is None:
        return float(level or 0)
    if chip.data[output.control] >> output.shift & 3 != CLEAR_ON_MATCH:
        return float(level)
    return chip.data[output.compare] / 255
