"""What is good for a plant now: its species, the season where it stands, what a person has set."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from ..const import LOGGER
from ..model.species import Band, Feeding, Form, Measure, Season, Species
from ..species.seasons import TimeOfYear, time_of_year
from ..species.thresholds import (
    CLEAN_DAYS,
    REPOT_MONTHS,
    ROTATE_DAYS,
    ThresholdError,
    Thresholds,
    thresholds,
)
from .definition import Input, PlantDefinition
from .state import Care

# Nearer to the equator than this, in degrees, there are no seasons of warmth: always growing.
_TROPICAL = 10.0


def _band(minimum: float, low: float, high: float, maximum: float) -> Band:
    return Band(minimum=minimum, low=low, high=high, maximum=maximum)


# Stands in where the species is not known: what most house plants bear. Nothing more is claimed.
ORDINARY: Final = Species(
    id="",
    scientific_name="",
    growing={
        Measure.MOISTURE: _band(12, 25, 65, 85),
        Measure.DLI: _band(1.5, 4, 25, 45),
        Measure.TEMPERATURE: _band(8, 15, 29, 36),
        Measure.HUMIDITY: _band(20, 35, 80, 95),
        Measure.CONDUCTIVITY: _band(50, 200, 1800, 3000),
    },
    water_days={Season.SPRING: 7, Season.SUMMER: 7, Season.AUTUMN: 10, Season.WINTER: 14},
    feeding=Feeding(days=28, seasons=frozenset({Season.SPRING, Season.SUMMER})),
    repot_years=2,
)

# What has to be bound for a measure to be judged.
NEEDS: Final = {
    Measure.MOISTURE: Input.MOISTURE,
    Measure.DLI: Input.LIGHT,
    Measure.TEMPERATURE: Input.TEMPERATURE,
    Measure.HUMIDITY: Input.HUMIDITY,
    Measure.CONDUCTIVITY: Input.CONDUCTIVITY,
}


def season_at(day: date, latitude: float) -> Season | TimeOfYear:
    """The time of the year on `day` at a latitude in degrees; always summer in the tropics."""
    if abs(latitude) < _TROPICAL:
        return Season.SUMMER
    return time_of_year(day, southern=latitude < 0)


def limits(
    definition: PlantDefinition, species: Species | None, season: Season | TimeOfYear
) -> Thresholds:
    """What holds now. Numbers that cannot hold, as a hand may have left them, are not looked at."""
    try:
        return thresholds(species or ORDINARY, season, definition.limits)
    except ThresholdError as error:
        LOGGER.warning("%s: its own limits are not used: %s", definition.name, error)
        return thresholds(species or ORDINARY, season)


# General advice: a quarter turn a month keeps a plant straight that has light from one side only,
# and dust takes light from its leaves. Rain and wind see to both outdoors.
_ROTATE_DAYS, _CLEAN_DAYS, MONTH_DAYS = 30, 60, 30.44
_HANGS = frozenset({Form.AIR_PLANT, Form.CLIMBER, Form.TRAILING})
# Spines, hairs and fronds are better left alone.
_NOT_WIPED = frozenset(
    {Form.AIR_PLANT, Form.CACTUS, Form.CARNIVORE, Form.FERN, Form.GRASS, Form.HERB}
)


def chores(definition: PlantDefinition, species: Species | None) -> Mapping[Care, int]:
    """Days between two repottings, turns and cleanings, without what the plant does not need."""
    kind = species or ORDINARY
    indoors = not definition.outdoors
    own = definition.limits
    months = own.get(REPOT_MONTHS, 12 * (kind.repot_years or 0))
    days = {
        Care.REPOTTED: months * MONTH_DAYS,
        Care.ROTATED: own.get(ROTATE_DAYS, _ROTATE_DAYS * (indoors and kind.form not in _HANGS)),
        Care.CLEANED: own.get(CLEAN_DAYS, _CLEAN_DAYS * (indoors and kind.form not in _NOT_WIPED)),
    }
    return {care: round(every) for care, every in days.items() if every > 0}
