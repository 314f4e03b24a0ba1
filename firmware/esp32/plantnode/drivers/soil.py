"""Capacitive soil probe on an ADC pin: the voltage falls while the soil gets wetter.

The signal line carries a 1 MΩ resistor to ground, so that a cut wire reads nearly nothing; a line
shorted to the supply reads the top of the scale. Neither can be soil.
"""

from plantnode.drivers import Sensor
from plantnode.filter import median

READS = 5
OPEN_UV = 300_000
SHORT_SHARE = 0.97  # of what the converter can show


class SoilProbe(Sensor):
    """One probe, one channel."""

    def __init__(self, adc, index: int, calibration, full_uv: int) -> None:
        self._adc = adc
        self._index = index
        self._calibration = calibration
        self._short_uv = int(full_uv * SHORT_SHARE)
        self.indices = (index,)

    def raw_uv(self) -> int | str:
        """The median of several readings in µV, or 'open' or 'short'."""
        uv = int(median([self._adc.read_uv() for _ in range(READS)]))
        if uv < OPEN_UV:
            return "open"
        return "short" if uv > self._short_uv else uv

    def read(self) -> dict:
        """Moisture in %, or why there is none."""
        uv = self.raw_uv()
        if isinstance(uv, str):
            return {self._index: uv}
        return {self._index: self._calibration.percent(self._index, uv)}

    def calibrate(self, at: str) -> None:
        """Take the present voltage as the dry or wet point; ValueError if the probe has none."""
        uv = self.raw_uv()
        if uv in ("open", "short"):
            raise ValueError("the probe is " + uv)
        self._calibration.take(self._index, at, uv)
