"""One file for each kind of part.

A sensor's driver has

- `start()`: begin a measurement where the part needs to be told,
- `settle_ms`: how long that takes, in real time,
- `read() -> {channel index: number or word}`: the result; raises OSError when nobody answers,
- `indices`: the channels it fills, `warm_ms`: how long after power it may still lie.

Drivers never sleep and never import `machine`: they are handed a bus, an ADC or a pin.
"""


class Sensor:
    """The parts of a driver that most of them share."""

    settle_ms = 0
    warm_ms = 0
    indices: tuple

    def start(self) -> None:
        """Begin a measurement; nothing to do for most parts."""

    def read(self) -> dict:
        """One reading of every channel of the part."""
        raise NotImplementedError
