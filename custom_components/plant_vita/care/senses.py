"""What the soil sensors of a pump's plants say, and whether it may be believed (W11, W12)."""

from dataclasses import dataclass, replace
from statistics import median

from ..model.watering import Moment, Soil, Why

FRESH_S = 900.0
LEAST_PATIENCE_S = 3600.0
INTERVALS = 3.0
FLAT_S = 86_400.0
RECENT_S = 3600.0
RANGE = (2.0, 98.0)
# Two machines' clocks differ; what is from the future by more than this is from a wrong clock.
_AHEAD_S = 60.0
_SLOWEST_S = 86_400.0
_KEPT = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sense:
    """The newest reading of one plant, and by the steady clock when it came and last changed.

    `recent` are when and what the last readings were, the newest last.
    """

    soil: Soil
    came: float
    changed: float
    fresh: bool
    recent: tuple[tuple[float, float], ...]


class Senses:
    """The newest reading of each plant since the start."""

    def __init__(self) -> None:
        """Nothing is known after a start (W11)."""
        self._known: dict[str, _Sense] = {}

    def take(self, soil: Soil, now: Moment) -> bool:
        """Note a reading; False for one that is older than what is known already."""
        known = self._known.get(soil.plant_id)
        if known and soil.at < known.soil.at <= now.wall:
            return False
        same = known is not None and known.soil.moisture == soil.moisture
        before = known.recent if known and known.soil.at < soil.at else ()
        fresh = -_AHEAD_S <= now.wall - soil.at < FRESH_S
        self._known[soil.plant_id] = _Sense(
            soil=soil,
            came=now.steady,
            changed=known.changed if same and known else now.steady,
            fresh=fresh or bool(known and known.fresh),
            recent=(*before[1 - _KEPT :], (soil.at, soil.moisture)),
        )
        return True

    def flaw(self, plant_id: str, now: Moment) -> Why | None:
        """Why nobody may water by this sensor alone, None if it is sane (W12)."""
        sense = self._known.get(plant_id)
        if sense is None:
            return Why.NO_READING
        if sense.soil.flawed or sense.soil.out_of_soil:
            return Why.SENSOR_FLAWED
        if not self._is_young(sense, now):
            return Why.SENSOR_STALE
        if not RANGE[0] <= sense.soil.moisture <= RANGE[1]:
            return Why.SENSOR_RANGE
        return Why.SENSOR_FLAT if self._flat_for(sense, now) >= FLAT_S else None

    def has_been_fresh(self, plant_id: str) -> bool:
        """Whether a reading of the last 15 minutes has come since the start (W11)."""
        sense = self._known.get(plant_id)
        return sense is not None and sense.fresh

    def moisture(self, plant_id: str, now: Moment) -> float | None:
        """The present moisture in %, None if none is present."""
        sense = self._known.get(plant_id)
        if sense is None or not self._is_young(sense, now):
            return None
        return _middle(sense, now, RECENT_S)

    def settled(self, soil: Soil, now: Moment, seconds: float) -> Soil:
        """The newest reading with the noise taken out of it, by those of the last `seconds`."""
        sense = self._known.get(soil.plant_id)
        if sense is None or not 0 <= now.wall - soil.at < seconds:
            return soil
        return replace(soil, moisture=_middle(sense, now, seconds))

    def soil(self, plant_id: str) -> Soil | None:
        """The newest reading, however old."""
        sense = self._known.get(plant_id)
        return sense.soil if sense else None

    def _is_young(self, sense: _Sense, now: Moment) -> bool:
        every = sense.soil.every_s if 0 <= sense.soil.every_s <= _SLOWEST_S else 0.0
        patience = max(INTERVALS * every, LEAST_PATIENCE_S)
        age = now.wall - sense.soil.at
        return age >= -_AHEAD_S and max(age, now.steady - sense.came) < patience

    def _flat_for(self, sense: _Sense, now: Moment) -> float:
        since = sense.soil.changed_at
        told = 0.0 if since is None else now.wall - since
        return max(told, now.steady - sense.changed)


def _middle(sense: _Sense, now: Moment, seconds: float) -> float:
    """The median of the last three readings, of which none is older than `seconds`.

    One alone may be noise, and the highest of many surely is. Of fewer the lowest, for a rise is
    what is looked for.
    """
    values = [value for at, value in sense.recent if now.wall - at < seconds]
    values = values or [sense.soil.moisture]
    return median(values) if len(values) == _KEPT else min(values)
