"""What is news of a plant: something begins or ends; what is not known changes nothing."""

from dataclasses import dataclass
from typing import Final

from ..model.plant import FARTHEST_DAYS, Status
from ..model.species import Measure
from .definition import Input
from .reasons import DRY, WATER_OVERDUE
from .state import PlantState

# What means that water is due; every other reason is a problem.
DRY_REASONS: Final = frozenset({DRY, WATER_OVERDUE})
# What falls must rise by so much before it can fall again: a value that trembles is told once.
_SAME_HEALTH: Final = 3
_SAME_HOURS: Final = 12.0
_HOUR_S: Final = 3600.0


@dataclass(slots=True)
class Edge:
    """Notices when something begins to be true that was known not to be."""

    known: bool | None = None

    def began(self, *, now: bool | None) -> bool:
        """Look at it again; what is so at the first look is no news."""
        before = self.known
        if now is not None:
            self.known = now
        return now is True and before is False


class News:
    """Notices what is wrong besides thirst and was not.

    What was wrong when a sensor fell silent still is as long as it says nothing else.
    """

    def __init__(self, state: PlantState) -> None:
        """What is wrong already is no news."""
        self._known = troubles(state)

    def of(self, state: PlantState) -> tuple[str, ...]:
        """What is wrong now and was not before, the most urgent first."""
        wrong, before = troubles(state), self._known
        if wrong is None:
            return ()
        self._known = wrong | ((before or frozenset()) & _hidden(state))
        if before is None:
            return ()
        return tuple(one for one in state.reasons if one in wrong - before)


def needs_water(state: PlantState) -> bool | None:
    """Whether water is due, None while nothing can be said of its soil."""
    if DRY_REASONS & set(state.reasons):
        return True
    soil = state.inputs.get(Input.MOISTURE)
    silent = soil is not None and not soil.believed
    return None if silent or state.problem is None else False


def troubles(state: PlantState) -> frozenset[str] | None:
    """What is wrong besides thirst, None while nothing is known."""
    if state.problem is None:
        return None
    return frozenset(state.reasons) - DRY_REASONS


def _hidden(state: PlantState) -> frozenset[str]:
    """What a sensor would say that is not believed now; light is judged by its sum of a day."""
    return frozenset(
        f"{Measure.DLI if one is Input.LIGHT else one}_{status}"
        for one, heard in state.inputs.items()
        if not heard.believed
        for status in (Status.TOO_LOW, Status.TOO_HIGH)
    )


def is_below(state: PlantState, below: float, *, was: bool | None = None) -> bool | None:
    """Whether the health is below; whoever was so, is until it has clearly risen."""
    if state.score is None:
        return None
    return state.score < (below + _SAME_HEALTH if was else below)


def dry_within(state: PlantState, hours: float, *, was: bool | None = None) -> bool | None:
    """Whether water is due within so many hours: by the forecast of its soil, else the calendar."""
    if needs_water(state):
        return True
    left = _hours_left(state)
    if left is None:
        return None
    return left <= (hours + _SAME_HOURS if was else hours)


def _hours_left(state: PlantState) -> float | None:
    if state.drying is not None and state.drying.beyond:
        return FARTHEST_DAYS * 24.0
    if state.days_to_dry is not None and state.days_to_dry.median is not None:
        return state.days_to_dry.median * 24
    if state.drying is not None or state.next_watering is None:
        return None
    return (state.next_watering - state.at) / _HOUR_S
