"""The limits that hold for a plant now: its species', the season's, and those its owner set."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType

from ..model.species import Band, Measure, Season, Species
from .seasons import TimeOfYear


class Edge(StrEnum):
    """One of the four figures of a band."""

    MINIMUM = "minimum"
    LOW = "low"
    HIGH = "high"
    MAXIMUM = "maximum"


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """One number a person may set: `key` names it, between `minimum` and `maximum` in `unit`.

    `decimals` is how finely it is worth giving.
    """

    key: str
    measure: Measure
    edge: Edge
    unit: str
    minimum: float
    maximum: float
    decimals: int


class ThresholdError(ValueError):
    """A number a person gave is impossible, or against another one they gave; `key` is its key."""

    def __init__(self, key: str, why: str) -> None:
        super().__init__(f"{key}: {why}")
        self.key = key


WATER_DAYS, FEED_DAYS = "water_days", "feed_days"
ROTATE_DAYS, CLEAN_DAYS, REPOT_MONTHS = "rotate_days", "clean_days", "repot_months"
INTERVALS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        WATER_DAYS: (1, 365),
        FEED_DAYS: (1, 365),
        # 0 is never.
        ROTATE_DAYS: (0, 365),
        CLEAN_DAYS: (0, 365),
        REPOT_MONTHS: (0, 120),
    }
)
"""What a person may set between two cares, by its key."""

# Unit, what the numbers may be, decimals. Nothing on earth lives outside of these.
_SCALES = {
    Measure.MOISTURE: ("%", 0, 100, 0),
    Measure.DLI: ("mol/m²/d", 0, 70, 1),
    Measure.TEMPERATURE: ("°C", -40, 60, 0),
    Measure.HUMIDITY: ("%", 0, 100, 0),
    Measure.CONDUCTIVITY: ("μS/cm", 0, 20_000, 0),
}
LIMITS: Mapping[str, Limit] = MappingProxyType(
    {
        f"{measure}_{edge}": Limit(
            key=f"{measure}_{edge}",
            measure=measure,
            edge=edge,
            unit=unit,
            minimum=minimum,
            maximum=maximum,
            decimals=decimals,
        )
        for measure, (unit, minimum, maximum, decimals) in _SCALES.items()
        for edge in Edge
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Thresholds:
    """What holds now. A measure nobody knows limits for is absent.

    `water_days` is the usual time between waterings, None if unknown; `feed_days` that between
    feedings, None while it gets none. `overridden` are the keys of the numbers a person set.
    """

    bands: Mapping[Measure, Band]
    water_days: int | None
    feed_days: int | None
    overridden: frozenset[str]


def thresholds(
    species: Species,
    season: Season | TimeOfYear,
    overrides: Mapping[str, float] | None = None,
) -> Thresholds:
    """The limits for `species` in `season`, with the numbers in `overrides` instead where given.

    `overrides` maps keys of `LIMITS` and of `INTERVALS` to numbers; they hold in
    all seasons. Where such a number passes a neighbour that nobody set, the neighbour gives way.
    A measure of which the species has no band needs all four numbers.

    Raises `ThresholdError` for what `checked` refuses.
    """
    given = checked(overrides or {})
    bands = {}
    for measure in Measure:
        band = _with_overrides(_seasonal(species, measure, season), measure, given)
        if band is not None:
            bands[measure] = band
    return Thresholds(
        bands=MappingProxyType(bands),
        water_days=_whole(given.get(WATER_DAYS)) or _water_days(species, season),
        feed_days=_whole(given.get(FEED_DAYS)) or _feed_days(species, season),
        overridden=frozenset(given),
    )


def checked(overrides: Mapping[str, float]) -> Mapping[str, float]:
    """`overrides`, if they can hold.

    Raises `ThresholdError` for an unknown key, a number outside of its scale (or none at all), or
    two numbers of one band in the wrong order.
    """
    for key, number in overrides.items():
        lowest, highest = _scale(key)
        if not lowest <= number <= highest:  # also what is not a number at all
            raise ThresholdError(key, f"{number} is not between {lowest} and {highest}")
    for measure in Measure:
        keys = [key for edge in Edge if (key := f"{measure}_{edge}") in overrides]
        for lower, upper in pairwise(keys):
            if overrides[lower] > overrides[upper]:
                raise ThresholdError(upper, f"{overrides[upper]} is below {lower}")
    return overrides


def _scale(key: str) -> tuple[float, float]:
    if key in INTERVALS:
        return INTERVALS[key]
    if key not in LIMITS:
        raise ThresholdError(key, "no such limit")
    return LIMITS[key].minimum, LIMITS[key].maximum


def _whole(number: float | None) -> int | None:
    return None if number is None else round(number)


def _mix(one: float, other: float, share: float) -> float:
    return one + (other - one) * share


def _parts(season: Season | TimeOfYear) -> tuple[Season, Season, float]:
    if isinstance(season, Season):
        return season, season, 0.0
    return season.season, season.following, season.share


def _seasonal(species: Species, measure: Measure, season: Season | TimeOfYear) -> Band | None:
    now, following, share = _parts(season)
    band, other = _band_in(species, measure, now), _band_in(species, measure, following)
    if band is None or other is None or share <= 0:
        return band
    decimals = _SCALES[measure][3]
    minimum, low, high, maximum = (
        round(_mix(getattr(band, edge), getattr(other, edge), share), decimals) for edge in Edge
    )
    return Band(minimum=minimum, low=low, high=high, maximum=maximum)


def _band_in(species: Species, measure: Measure, season: Season) -> Band | None:
    awake = species.growing.get(measure)
    return species.resting.get(measure, awake) if season in species.rests_in else awake


def _with_overrides(band: Band | None, measure: Measure, given: Mapping[str, float]) -> Band | None:
    """`band` with the numbers a person set; its other numbers make room for them."""
    own = {edge: given[key] for edge in Edge if (key := f"{measure}_{edge}") in given}
    if not own:
        return band
    if band is None and len(own) < len(Edge):
        return None
    figures = {edge: own.get(edge, 0 if band is None else getattr(band, edge)) for edge in Edge}
    order = list(Edge)
    for place, edge in enumerate(order):
        if edge in own:
            continue
        floors = [own[lower] for lower in order[:place] if lower in own]
        ceilings = [own[upper] for upper in order[place + 1 :] if upper in own]
        figures[edge] = min([max([figures[edge], *floors]), *ceilings])
    return Band(
        minimum=figures[Edge.MINIMUM],
        low=figures[Edge.LOW],
        high=figures[Edge.HIGH],
        maximum=figures[Edge.MAXIMUM],
    )


def _water_days(species: Species, season: Season | TimeOfYear) -> int | None:
    now, following, share = _parts(season)
    if now not in species.water_days:
        return None
    days = species.water_days[now]
    return round(_mix(days, species.water_days.get(following, days), share))


def _feed_days(species: Species, season: Season | TimeOfYear) -> int | None:
    """It is fed or not, so this changes in the middle of the turn instead of little by little."""
    now, following, share = _parts(season)
    feeding = species.feeding
    if feeding is None or (following if share >= 0.5 else now) not in feeding.seasons:
        return None
    return feeding.days
