"""What MicroPython's module `machine` is on an ESP32, as far as the node uses it.

Outputs, the timer that ends a pulse, and the watchdog are the guardian's: what is here passes the
word on. Inputs and buses are the node's own.
"""

import os
import sys
from typing import Any, ClassVar, NoReturn

from gpiozero import InputDevice

from . import identity
from .bank import as_os_errors
from .bus import Bus
from .converter import Converter
from .guardian import RESET
from .wire import Wire

PWRON_RESET, HARD_RESET, WDT_RESET, DEEPSLEEP_RESET, SOFT_RESET = 1, 2, 3, 4, 5
ANALOGUE = 64  # the first of the converter's channels, in the numbers of pins


class Fitted:
    """What this node has been given; set before anything else is made."""

    wire: ClassVar[Wire]
    converter: ClassVar[Converter | None] = None


def unique_id() -> bytes:
    """Six bytes that tell this computer from others."""
    return identity.unique_id()


def reset_cause() -> int:
    """Nothing is remembered in a memory that a reset leaves: every start is the first one."""
    return PWRON_RESET


def reset() -> NoReturn:
    """End, so that the guardian starts the node again."""
    sys.stdout.flush()
    os._exit(RESET)


class Pin:
    """A pin of the header by its GPIO number; one that is neither in nor out is only a number."""

    IN, OUT = 1, 3
    PULL_UP = 2

    def __init__(self, id: int, mode: int = -1, pull: int = -1, *, value: int = 0) -> None:  # noqa: A002
        self.id = id
        self._level = value
        self._input: Any = None
        if mode == self.OUT:
            Fitted.wire.ask("out", id, value)
            Fitted.wire.made("out", id, value)
        elif mode == self.IN:
            with as_os_errors():
                self._input = InputDevice(id, pull_up=pull == self.PULL_UP)

    def value(self, level: int | None = None) -> int:
        """The level; of an output also another one from now on."""
        if self._input is not None:
            with as_os_errors():
                return 1 if self._input.pin.state else 0
        if level is not None and level != self._level:
            Fitted.wire.ask("put", self.id, level)
            self._level = level
        return self._level


class ADC:
    """A channel of the converter."""

    ATTN_11DB = 3

    def __init__(self, pin: Pin, *, atten: int = ATTN_11DB) -> None:
        del atten  # it measures up to its supply
        if Fitted.converter is None:
            raise ValueError("no converter")
        self._converter, self._channel = Fitted.converter, pin.id - ANALOGUE

    def read_uv(self) -> int:
        """Volts, in µV."""
        return self._converter.microvolts(self._channel)


class I2C(Bus):
    """The bus of the header; which pins it has is fixed."""

    def __init__(self, number: int, *, scl: Pin, sda: Pin, freq: int) -> None:
        del scl, sda, freq
        super().__init__(number)


class PWM:
    """A dimmed output."""

    def __init__(self, pin: Pin, *, freq: int, duty_u16: int) -> None:
        self._pin, self._duty = pin.id, duty_u16
        Fitted.wire.ask("dim", self._pin, duty_u16, freq)
        Fitted.wire.made("dim", self._pin, duty_u16)

    def duty_u16(self, duty: int) -> None:
        """Set it (0 to 65535)."""
        if duty != self._duty:
            Fitted.wire.ask("put", self._pin, duty)
            self._duty = duty


class Timer:
    """The timer that ends a pulse. There is one, and it does in the guardian what it is for.

    Its callback is not called here: it would only switch off what is off, and the safety loop
    notices within 50 ms.
    """

    ONE_SHOT, PERIODIC = 0, 1

    def __init__(self, _id: int = -1) -> None:
        pass

    def init(self, *, mode: int, period: int, callback: object) -> None:
        """Let every switched output rest after `period` ms."""
        del mode, callback
        Fitted.wire.ask("timer", period)

    def deinit(self) -> None:
        """Not any more."""
        Fitted.wire.ask("clear")


class WDT:
    """The watchdog: without a word for `timeout` ms the guardian ends this process."""

    def __init__(self, *, timeout: int) -> None:
        self._timeout = timeout
        self.feed()

    def feed(self) -> None:
        """A sign of life."""
        Fitted.wire.ask("feed", self._timeout)
