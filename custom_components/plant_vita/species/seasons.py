"""Which season plants have on a day, and how far the next one has come.

The seasons are those of meteorology (spring begins on the first of March, or of September in the
south), as growers' calendars have them. Within two weeks of such a day the figures of both seasons
mix; else those of one hold alone. So a threshold stands still for two months, where a person can
learn it, and never jumps: an alarm that follows a jump would say something of the calendar, not of
the plant.
"""

from dataclasses import dataclass
from datetime import date

from ..model.species import Season

_TURN_DAYS = 14  # before and after the first day of a season
# Days of the year on which seasons begin: 1 March, 1 June, 1 September, 1 December.
_FIRST_DAYS = (60, 152, 244, 335)
_ORDER = (Season.WINTER, Season.SPRING, Season.SUMMER, Season.AUTUMN)
_OTHER_HALF = {
    Season.SPRING: Season.AUTUMN,
    Season.SUMMER: Season.WINTER,
    Season.AUTUMN: Season.SPRING,
    Season.WINTER: Season.SUMMER,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeOfYear:
    """`season` gives way to `following`, of which the part `share` (0 to 1) has come.

    Between the turns `share` is 0.
    """

    season: Season
    following: Season
    share: float


def season_of(day: date, *, southern: bool = False) -> Season:
    """The season that the calendar has on `day`, north or south of the equator."""
    season = _ORDER[day.month % 12 // 3]
    return _OTHER_HALF[season] if southern else season


def time_of_year(day: date, *, southern: bool = False) -> TimeOfYear:
    """The season on `day`, and the next one as far as it has come.

    At the equator there are no such seasons: pass a fixed `Season` to `thresholds` there.
    """
    season = season_of(day, southern=southern)
    since, until = _days_since_turn(day), _days_until_turn(day)
    order = list(Season)
    place = order.index(season)
    if since < _TURN_DAYS:
        return TimeOfYear(season=order[place - 1], following=season, share=_share(since))
    share = _share(-until) if until <= _TURN_DAYS else 0.0
    return TimeOfYear(season=season, following=order[(place + 1) % 4], share=share)


def _share(days: int) -> float:
    """What holds of a season so many days after its first; before that, `days` is negative."""
    return (days + _TURN_DAYS) / (2 * _TURN_DAYS)


def _days_since_turn(day: date) -> int:
    return min((_day_of_year(day) - first) % 365 for first in _FIRST_DAYS)


def _days_until_turn(day: date) -> int:
    return min((first - _day_of_year(day)) % 365 for first in _FIRST_DAYS)


def _day_of_year(day: date) -> int:
    """Counted without the 29th of February, which is the 28th again."""
    return day.replace(year=2001, day=min(day.day, 28 if day.month == 2 else 31)).timetuple()[7]
