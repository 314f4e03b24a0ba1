"""Battery behind a voltage divider: volts, and how full it is by the curve of its chemistry."""

from plantnode.drivers import Sensor
from plantnode.filter import median

READS = 9
RATIO = 2.0  # two equal resistors
# Volts of one cell at rest, and how full it is in %.
CURVES = {
    "liion": ((3.0, 0), (3.45, 5), (3.6, 15), (3.75, 50), (3.85, 65), (3.95, 78), (4.18, 100)),
    "alkaline": ((0.9, 0), (1.05, 10), (1.15, 25), (1.22, 45), (1.3, 65), (1.4, 85), (1.55, 100)),
}


def percent(volts: float, curve: tuple) -> float:
    """How full a cell is: straight lines between the points of its curve."""
    if volts <= curve[0][0]:
        return 0.0
    for (low, empty), (high, full) in zip(curve, curve[1:]):
        if volts <= high:
            return empty + (full - empty) * (volts - low) / (high - low)
    return 100.0


class Battery(Sensor):
    """One battery, two channels: `bat` in % and `v` in volts."""

    def __init__(self, adc, full: int, volts: int, options: dict) -> None:
        self._adc = adc
        self._ratio = float(options.get("ratio", RATIO))
        self._cells = max(1, int(options.get("cells", 1)))
        self._curve = CURVES.get(options.get("chemistry", "liion"), CURVES["liion"])
        self.indices = (full, volts)

    def read(self) -> dict:
        """Charge in % and supply voltage in V."""
        volts = median([self._adc.read_uv() for _ in range(READS)]) * self._ratio / 1_000_000
        if volts < 0.5:
            return dict.fromkeys(self.indices, "open")
        return {self.indices[0]: percent(volts / self._cells, self._curve), self.indices[1]: volts}
