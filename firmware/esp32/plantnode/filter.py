"""What of a noisy channel is worth telling: the median of a window, a dead-band, a heartbeat.

Home Assistant writes a row for each change it is told of; a soil probe of a few euros changes at
every reading. A median takes out the spikes, the dead-band the rest of the noise, and the heartbeat
keeps a steady value from looking like a dead sensor.
"""

FAULTS = 3  # a sensor that misses one reading is no news

# kind: window, dead-band in the unit of the kind, heartbeat in seconds, decimals told
DEFAULTS = {
    "m": (15, 1.0, 1800, 1),
    "t": (5, 0.2, 1800, 1),
    "st": (5, 0.2, 1800, 1),
    "h": (5, 1.0, 1800, 1),
    "lx": (5, 20.0, 1800, 0),
    "ec": (9, 20.0, 1800, 0),
    "p": (5, 0.3, 1800, 1),
    "bat": (9, 1.0, 3600, 0),
    "v": (9, 0.02, 3600, 2),
    "rssi": (9, 4.0, 3600, 0),
    "tank": (1, 0.0, 1800, 0),
    "leak": (1, 0.0, 1800, 0),
}
_OTHERS = (1, 0.0, 1800, 2)
LIGHT_BAND = 0.05  # an eye and a plant see light in proportion: a fixed band is too fine in the sun


def median(values: list) -> float:
    """The middle of `values`; the mean of the two middle ones where their number is even."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


class Filter:
    """One channel. `add` gives back what is to be told, or None."""

    def __init__(self, kind: str, tuning: dict | None = None) -> None:
        self.kind = kind
        self.decimals = DEFAULTS.get(kind, _OTHERS)[3]
        self.window = []
        self.told = self.told_at = None
        self.faults = 0
        self.configure(tuning or {})

    def configure(self, tuning: dict) -> None:
        """Window (`med`), dead-band (`db`) and heartbeat (`hb`, seconds); ours where not named.

        The whole tuning each time: so it does not matter what was said before, or how often.
        """
        window, band, heartbeat, _ = DEFAULTS.get(self.kind, _OTHERS)
        self.med = max(1, int(tuning.get("med", window)))
        self.db = max(0.0, float(tuning.get("db", band)))
        self.hb = max(1, int(tuning.get("hb", heartbeat)))
        self.window = self.window[-self.med :]

    def add(self, value: float | str, now_ms: int) -> float | str | None:
        """Take one reading: a number, or the word for why there is none."""
        if isinstance(value, str):
            self.faults += 1
            if self.faults < FAULTS and isinstance(self.told, (int, float)):
                return None
            self.window = []
            return self._tell(value, now_ms, news=value != self.told)
        self.faults = 0
        self.window = self.window[1 - self.med :] if self.med > 1 else []
        self.window.append(value)
        middle = median(self.window)
        middle = round(middle, self.decimals) if self.decimals else round(middle)
        return self._tell(middle, now_ms, news=self._moved(middle))

    def forget(self) -> None:
        """Start anew: what was measured before says nothing about what comes."""
        self.window = []
        self.told = self.told_at = None

    def _moved(self, middle: float) -> bool:
        if not isinstance(self.told, (int, float)):
            return True
        change = abs(middle - self.told)
        band = max(self.db, LIGHT_BAND * self.told) if self.kind == "lx" else self.db
        return change >= band and change > 0

    def _tell(self, value: float | str, now_ms: int, *, news: bool) -> float | str | None:
        if not news and self.told_at is not None and now_ms - self.told_at < self.hb * 1000:
            return None
        self.told, self.told_at = value, now_ms
        return value
