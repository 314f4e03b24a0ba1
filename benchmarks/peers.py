"""What others forecast the moisture with: as it is, on along a line, and an exponential dry-down.

All get the same cells as our model, take no notice of anything before the last water, and answer
with moisture in % at whole days ahead, the last day being `DAYS`.
"""

import numpy as np

from custom_components.plant_vita.analysis.history import History, wettings

DAYS = 45
NAMES = ("persistence", "linear slope", "exponential")
_LINE_DAYS, _CURVE_DAYS = 3, 21
_SLOWEST, _FASTEST = 0.0, 2.0
_USUAL = 0.1


class Peers:
    """Follows one soil; `least` is the lowest moisture seen, `rates` what curves were fitted."""

    def __init__(self) -> None:
        self._rates: list[float] = []

    def forecast(self, past: History, least: float) -> dict[str, np.ndarray]:
        """(DAYS + 1,) moisture for each name. `past` ends with a known cell."""
        ahead = np.arange(DAYS + 1.0)
        now = past.moisture[-1]
        return {
            "persistence": np.full(DAYS + 1, now),
            "linear slope": np.clip(now + self._slope(past) * ahead, 0, 100),
            "exponential": self._curve(past, least, ahead),
        }

    @staticmethod
    def _since_water(past: History, days: int) -> tuple[np.ndarray, np.ndarray]:
        wet = np.flatnonzero(wettings(past.moisture, 30.0))
        first = max(int(wet[-1]) if len(wet) else 0, len(past) - 1 - days * past.per_day)
        level = past.moisture[first:]
        time = (np.arange(first, len(past)) - (len(past) - 1)) / past.per_day
        known = np.isfinite(level)
        return time[known], level[known]

    def _slope(self, past: History) -> float:
        time, level = self._since_water(past, _LINE_DAYS)
        return float(np.polyfit(time, level, 1)[0]) if len(time) >= max(3, past.per_day) else 0.0

    def _curve(self, past: History, least: float, ahead: np.ndarray) -> np.ndarray:
        """Towards half a point below the driest ever, as fast as since the last water."""
        time, level = self._since_water(past, _CURVE_DAYS)
        floor = least - 0.5
        if len(time) >= max(3, past.per_day):
            slope = np.polyfit(time, np.log(np.maximum(level - floor, 0.05)), 1)[0]
            rate = float(np.clip(-slope, _SLOWEST, _FASTEST))
            self._rates.append(rate)
        else:
            rate = float(np.median(self._rates)) if self._rates else _USUAL
        curve: np.ndarray = floor + (past.moisture[-1] - floor) * np.exp(-rate * ahead)
        return curve
