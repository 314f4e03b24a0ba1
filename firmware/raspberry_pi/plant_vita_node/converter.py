"""Converters from volts to numbers: a Raspberry Pi has none of its own.

Each has `microvolts(channel)`, which raises OSError where nobody answers.
"""

import time
from typing import Any, Protocol

from .bank import as_os_errors
from .bus import Bus

SUPPLY_UV = 3_300_000  # both run at 3.3 V: the pins of a Pi stand no more


class Converter(Protocol):
    """Volts on one of several channels."""

    def microvolts(self, channel: int) -> int:
        """What lies on a channel, in µV."""


class Mcp3008:
    """Microchip MCP3008: eight channels, 10 bits, SPI 0 with chip select 0."""

    channels = 8
    full_uv = SUPPLY_UV

    def __init__(self) -> None:
        self._parts: dict[int, Any] = {}

    def microvolts(self, channel: int) -> int:
        """What lies on a channel, in µV, in steps of 3.2 mV."""
        from gpiozero import MCP3008  # noqa: PLC0415 - only where there is one

        with as_os_errors():
            if channel not in self._parts:
                self._parts[channel] = MCP3008(channel=channel)
            return int(self._parts[channel].raw_value) * SUPPLY_UV // 1023


class Ads1115:
    """Texas Instruments ADS1115: four channels, 16 bits, I²C.

    Datasheet SBAS444, sections 7.5 and 8.1: one shot of ±4.096 V at 860 samples a second.
    """

    channels = 4
    full_uv = SUPPLY_UV
    ADDRESS = 0x48
    _RESULT, _CONFIG = 0, 1
    _START, _SINGLE_ENDED, _RANGE_4096_MV, _ONE_SHOT = 0x8000, 0x4000, 0x0200, 0x0100
    _RATE_860, _NO_COMPARATOR = 0x00E0, 0x0003
    _STEP_UV = 125
    _TRIES, _TRY_S = 10, 0.0005

    def __init__(self, bus: Bus, address: int = ADDRESS) -> None:
        self._bus, self._address = bus, address

    def microvolts(self, channel: int) -> int:
        """What lies on a channel, in µV, in steps of 125."""
        asked = self._START | self._SINGLE_ENDED | channel << 12 | self._RANGE_4096_MV
        asked |= self._ONE_SHOT | self._RATE_860 | self._NO_COMPARATOR
        self._bus.writeto_mem(self._address, self._CONFIG, asked.to_bytes(2, "big"))
        for _ in range(self._TRIES):
            time.sleep(self._TRY_S)
            state = self._bus.readfrom_mem(self._address, self._CONFIG, 2)
            if state[0] & 0x80:
                break
        else:
            raise OSError("the ADS1115 does not finish")
        result = self._bus.readfrom_mem(self._address, self._RESULT, 2)
        return max(0, int.from_bytes(result, "big", signed=True)) * self._STEP_UV
