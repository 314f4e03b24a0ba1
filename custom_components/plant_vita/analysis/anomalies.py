"""What looks wrong around a plant: a leak, a dead probe, a probe out of the soil, and so on.

Each rule needs evidence that lasts, says since when, and stays silent without readings.
"""

from dataclasses import dataclass

import numpy as np

from ..model.plant import Anomaly, AnomalyKind, Flaw
from .drydown import DryDown
from .quality import Quality
from .series import DAY_S, HOUR_S, MINUTE_S, NOTHING, Floats, Grid, Series, interval, regular
from .waterings import waterings

_CELL_S = 15 * MINUTE_S
# Told within five minutes; a single reading of a slow sensor waits for the next.
_AIR, _AIR_DROP, _AIR_S, _AIR_READINGS = 3.0, 8.0, 4 * MINUTE_S, 1.5
_LEAK_POINTS, _LEAK_TIMES, _LEAK_DAYS = 6.0, 3.0, 7.0
_SOAKED, _STANDS_S, _STANDS_POINTS = 0.85, 3 * DAY_S, 2.0
# Darker than 500 lx of daylight, in μmol/(m² s).
_BURST_K, _BURST_S, _BURSTS, _DARK = 4.0, 45 * MINUTE_S, 2, 9.0
_HOT, _HOT_VPD, _HOT_S = 30.0, 2.5, 2 * HOUR_S
_DEAD = frozenset({Flaw.OPEN, Flaw.SHORT, Flaw.FLAT, Flaw.OUT_OF_RANGE, Flaw.STALE})


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What is known of a plant; leave out what is not measured.

    `moisture` in %, `temperature` in °C, `vpd` in kPa, `light` in μmol/(m² s), the last four days
    of each. `quality` is the moisture sensor's, `model` what was learnt of the pot.
    """

    moisture: Series = NOTHING
    temperature: Series = NOTHING
    vpd: Series = NOTHING
    light: Series = NOTHING
    quality: Quality | None = None
    model: DryDown | None = None


def anomalies(evidence: Evidence, *, now: float) -> tuple[Anomaly, ...]:
    """Everything that looks wrong at `now`; a dead probe or one in the air hides what needs it."""
    broken = _dead(evidence.quality) or _out(evidence.moisture, now)
    heating = _heating(evidence, now)
    if broken:
        return tuple(found for found in (broken, heating) if found)
    soil = (_leak(evidence, now), _blocked(evidence, now), heating)
    return tuple(found for found in soil if found)


def _dead(quality: Quality | None) -> Anomaly | None:
    if quality is None or quality.flaw not in _DEAD or quality.since is None:
        return None
    return Anomaly(kind=AnomalyKind.DEAD_PROBE, since=quality.since, value=quality.age or 0.0)


def _out(moisture: Series, now: float) -> Anomaly | None:
    """The newest readings are air's, and soil's were well above until a quick fall."""
    recent = moisture.between(now - 3 * DAY_S, now)
    if not len(recent) or recent.values[-1] > _AIR:
        return None
    soil = np.flatnonzero(recent.values > _AIR)
    if not len(soil) or soil[-1] + 1 >= len(recent):
        return None
    since = float(recent.times[soil[-1] + 1])
    before = recent.between(since - 2 * HOUR_S, float(recent.times[soil[-1]])).values
    damp = before[before > _AIR]
    # Soil that dries out to 3 % comes there slowly: two hours before it was nearly as dry.
    if not len(damp) or np.median(damp) < _AIR + _AIR_DROP:
        return None
    alone = soil[-1] + 2 == len(recent)
    usual = interval(recent) if alone and len(recent) > 2 else 0.0
    if now - since < max(_AIR_S, _AIR_READINGS * usual):
        return None
    return Anomaly(kind=AnomalyKind.PROBE_OUT, since=since, value=float(recent.values[-1]))


def _cells(readings: Series, now: float, length: float) -> Grid:
    return regular(
        readings, start=now - length, step=_CELL_S, count=int(length // _CELL_S), hold=HOUR_S
    )


def _leak(evidence: Evidence, now: float) -> Anomaly | None:
    """Water goes far quicker than this pot has ever lost it; needs a week of its own drying."""
    model = evidence.model
    if model is None or model.days[0] < _LEAK_DAYS:
        return None
    lost = _lost(_cells(evidence.moisture, now, DAY_S / 2).values)
    # The mean loss of a day on which no water came, from the model's own sums.
    usual = -float(model.moment[0, 0] / max(model.days[0], 1e-9)) * model.span * 0.5
    if lost is None or lost < max(_LEAK_POINTS, _LEAK_TIMES * usual):
        return None
    if waterings(evidence.moisture, after=now - 2 * DAY_S, now=now):
        return None  # what runs through after a watering is no leak
    return Anomaly(kind=AnomalyKind.LEAK, since=now - DAY_S / 2, value=lost)


def _lost(level: Floats) -> float | None:
    """By how much the level fell from its first to its last quarter, if it fell little by little.

    None for what fell in one step: a probe was moved, for water does not go all at once.
    """
    quarter = len(level) // 4
    first, last = level[:quarter], level[-quarter:]
    known = level[np.isfinite(level)]
    if len(known) < len(level) // 2 or not (np.isfinite(first).any() and np.isfinite(last).any()):
        return None
    lost = float(np.nanmedian(first) - np.nanmedian(last))
    return None if -float(np.diff(known).min()) > lost / 2 else lost


def _blocked(evidence: Evidence, now: float) -> Anomaly | None:
    """The soil has stood wet for three days and lost nothing."""
    model = evidence.model
    if model is None or not np.isfinite(model.low):
        return None
    level = _cells(evidence.moisture, now, _STANDS_S).values
    known = level[np.isfinite(level)]
    if len(known) < 0.7 * len(level):
        return None
    wet = model.low + _SOAKED * model.span
    day = int(DAY_S // _CELL_S)
    parts = [level[:day], level[-day:]]
    if any(not np.isfinite(part).any() for part in parts) or np.quantile(known, 0.1) < wet:
        return None
    lost = float(np.nanmedian(parts[0]) - np.nanmedian(parts[1]))
    if lost > _STANDS_POINTS:
        return None
    return Anomaly(kind=AnomalyKind.DRAINAGE_BLOCKED, since=now - _STANDS_S, value=lost)


def _heating(evidence: Evidence, now: float) -> Anomaly | None:
    """Bursts of warmth in the dark, or long hot and very dry air without a bright light."""
    warmth = _cells(evidence.temperature, now, DAY_S).values
    if np.isfinite(warmth).sum() < len(warmth) // 2:
        return None
    light = _cells(evidence.light, now, DAY_S).values
    dark = ~(light >= _DARK)
    if np.isfinite(light).any() and (bursts := _bursts(warmth, dark)) >= _BURSTS:
        return Anomaly(kind=AnomalyKind.HEATING_NEAR, since=now - DAY_S, value=float(bursts))
    dry = _cells(evidence.vpd, now, DAY_S).values
    hot = (warmth >= _HOT) & (dry >= _HOT_VPD) & dark
    if hot.sum() * _CELL_S < _HOT_S:
        return None
    since = now - DAY_S + _CELL_S * int(np.flatnonzero(hot)[0])
    return Anomaly(kind=AnomalyKind.HEATING_NEAR, since=since, value=float(np.nanmax(warmth)))


def _bursts(warmth: np.ndarray, dark: np.ndarray) -> int:
    """How often the temperature rose by 4 K within 45 minutes of darkness."""
    width = int(_BURST_S // _CELL_S)
    count, index = 0, 0
    while index + width < len(warmth):
        window = slice(index, index + width + 1)
        rise = warmth[index + width] - warmth[index]
        if dark[window].all() and rise >= _BURST_K:
            count += 1
            index += width
        index += 1
    return count
