"""Two points that make a raw voltage a percentage, kept on the node.

Dry is the probe in dry air or soil, wet is the probe in water or soaked soil. Most capacitive
probes give less volts when wet, some more: only the distance of the two points matters.
"""

DRY_UV, WET_UV = 2_600_000, 1_150_000  # the usual probe ("v1.2") at 3.3 V until somebody calibrates
LEAST_UV = 200_000  # points nearer than this would turn noise into weather
MARGIN = 15  # points beyond 0 and 100 that are still the edge of the scale and not a fault


class Calibration:
    """The calibration of every soil channel of a node; `settings` keeps it."""

    def __init__(self, settings) -> None:
        self._settings = settings
        self._points = {}
        kept = settings.get("cal", {})
        for index, point in kept.items() if isinstance(kept, dict) else ():
            if _sane(point):
                self._points[index] = point

    def points(self, index: int) -> dict:
        """The two points of a channel in µV: {"dry": …, "wet": …}."""
        return self._points.get(str(index)) or {"dry": DRY_UV, "wet": WET_UV}

    def percent(self, index: int, uv: int) -> float | str:
        """Moisture in % (0–100), or 'range' where the voltage lies far outside the two points."""
        point = self.points(index)
        share = 100 * (point["dry"] - uv) / (point["dry"] - point["wet"])
        if not -MARGIN <= share <= 100 + MARGIN:
            return "range"
        return min(100.0, max(0.0, share))

    def take(self, index: int, at: str, uv: int) -> None:
        """Keep `uv` as the dry or wet point; raises ValueError if that makes no scale."""
        point = dict(self.points(index))
        if at not in point:
            raise ValueError("a point is dry or wet")
        point[at] = int(uv)
        if abs(point["dry"] - point["wet"]) < LEAST_UV:
            raise ValueError("too near the other point")
        kept = dict(self._points)
        kept[str(index)] = point
        # The flash first: what is in force must survive a power cut.
        self._settings.put("cal", kept)
        self._points = kept


def _sane(point) -> bool:
    if not isinstance(point, dict):
        return False
    dry, wet = point.get("dry"), point.get("wet")
    if type(dry) is not int or type(wet) is not int:
        return False
    return abs(dry - wet) >= LEAST_UV
