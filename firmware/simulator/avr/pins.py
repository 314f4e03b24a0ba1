"""The legs of a simulated AVR: what it drives, at which cycle, and what is put on its inputs."""

import ctypes as c
from collections.abc import Callable
from dataclasses import dataclass

from .chip import Chip
from .library import IRQ_FILTERED

_DIRECTION, _PORT = 9, 10  # signals of a port, after its eight pins and all of them


@dataclass(frozen=True, kw_only=True)
class Edge:
    """A leg changed. level: 1 or 0 as it is driven, None: no longer driven (an input)."""

    cycle: int
    pin: str
    level: int | None


class _External(c.Structure):
    """simavr's avr_ioport_external_t: bit fields of an unsigned long."""

    _fields_ = (
        ("name", c.c_ulong, 7),
        ("mask", c.c_ulong, 8),
        ("value", c.c_ulong, 8),
    )


class Pins:
    """All printed pins. `edges` has every change, whoever looks when."""

    def __init__(self, chip: Chip) -> None:
        self.edges: list[Edge] = []
        self.heard: list[Callable[[Edge], None]] = []
        self._chip = chip
        self._legs = {leg: pin for pin, leg in chip.kind.pins.items()}
        self._driven: dict[str, int | None] = dict.fromkeys(chip.kind.pins)
        self._direction: dict[str, int] = {}
        self._output: dict[str, int] = {}
        self._inputs: dict[str, dict[int, int]] = {}
        for port in sorted({port for port, _ in self._legs}):
            self._direction[port] = self._output[port] = 0
            self._inputs[port] = {}
            self._listen(port)
        chip.on_reset.append(self._fall)

    def _listen(self, port: str) -> None:
        chip = self._chip
        direction, output = chip.irq(f"iog{port}", _DIRECTION), chip.irq(f"iog{port}", _PORT)

        def turned(value: int) -> None:
            self._direction[port] = value
            self._look(port)

        def written(value: int) -> None:
            self._output[port] = value
            self._look(port)

        chip.listen(direction, turned)
        chip.listen(output, written)
        for irq in (direction, output):
            chip.forget(irq)  # unfiltered: after a reset the same value is news

    def _look(self, port: str) -> None:
        direction, output = self._direction[port], self._output[port]
        for bit in range(8):
            pin = self._legs.get((port, bit))
            if pin is None:
                continue
            level = (output >> bit & 1) if direction >> bit & 1 else None
            if level != self._driven[pin]:
                self._driven[pin] = level
                self._tell(Edge(cycle=self._chip.cycle, pin=pin, level=level))

    def _tell(self, edge: Edge) -> None:
        self.edges.append(edge)
        for heard in self.heard:
            heard(edge)

    def _fall(self) -> None:
        """A reset makes all legs inputs, of which simavr says nothing."""
        for port, inputs in self._inputs.items():
            self._direction[port] = self._output[port] = 0
            self._look(port)
            for bit in range(8):
                self._chip.forget(self._chip.irq(f"iog{port}", bit), IRQ_FILTERED)
            for bit, level in inputs.items():
                self._chip.signal(self._chip.irq(f"iog{port}", bit), level)

    # ── hands ───────────────────────────────────────────────────────────────────────────

    def level(self, pin: str) -> int | None:
        """How a pin is driven now; None: not at all."""
        return self._driven[pin]

    def drive(self, pin: str, level: int) -> None:
        """Put a level on an input, as a sensor or a closed contact does."""
        port, bit = self._chip.kind.pins[pin]
        self._inputs[port][bit] = level
        self._set_external(port)
        if self._driven[pin] is None:
            self._chip.signal(self._chip.irq(f"iog{port}", bit), level)

    def release(self, pin: str) -> None:
        """Nothing is connected any more; a pull-up reads as high, else the last level stays."""
        port, bit = self._chip.kind.pins[pin]
        self._inputs[port].pop(bit, None)
        self._set_external(port)
        if self._driven[pin] is None:
            pulled = self._chip.data[self._port_register(port)] >> bit & 1
            self._chip.signal(self._chip.irq(f"iog{port}", bit), pulled)

    def _set_external(self, port: str) -> None:
        """Keep simavr from raising every pulled-up input when its port is written next."""
        inputs = self._inputs[port]
        mask = sum(1 << bit for bit in inputs)
        value = sum(level << bit for bit, level in inputs.items())
        self._chip.ioctl(f"iop{port}", _External(name=ord(port), mask=mask, value=value))

    @staticmethod
    def _port_register(port: str) -> int:
        """Where PORTx stands in the data space; the Mega's upper ports are beyond 0x100."""
        if port <= "G":
            return 0x22 + 3 * (ord(port) - ord("A"))
        return 0x102 + 3 * ("HJKL".index(port))
