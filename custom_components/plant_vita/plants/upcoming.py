"""What is to be done in the garden, and when."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from homeassistant.util import dt as dt_util

from .definition import Input, PlantDefinition
from .reasons import DRY
from .state import Care, PlantState

# Nobody looks further ahead; an interval of one day would give thousands.
_MOST = 120


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """One care of one plant, due at `at` (Unix seconds), and after that every `days` if known."""

    plant_id: str
    name: str
    care: Care
    at: float
    days: int | None

    @property
    def uid(self) -> str:
        """The same as long as the plant lives."""
        return f"{self.plant_id}_{self.care}"

    @property
    def day(self) -> date:
        """The local day on which it is due."""
        return dt_util.as_local(dt_util.utc_from_timestamp(self.at)).date()

    def days_between(self, first: date, last: date) -> Iterator[date]:
        """Its days from `first` to `last`, both included; what is overdue is due on `first`."""
        day = max(self.day, first)
        for _ in range(_MOST):
            if day > last:
                return
            yield day
            if self.days is None:
                return
            day += timedelta(days=self.days)


def upcoming(plants: Iterable[tuple[PlantDefinition, PlantState]]) -> list[Due]:
    """The next care of each kind of every plant, the most urgent first."""
    return sorted((due for plant in plants for due in _of(*plant)), key=lambda due: due.at)


def _of(plant: PlantDefinition, state: PlantState) -> Iterator[Due]:
    limits = state.thresholds
    # Dry soil needs no calendar, and dates from when it was last seen wet are of no use.
    watering = state.at if DRY in state.reasons else state.next_watering
    measured = plant.has(Input.MOISTURE)
    for care, at, days in (
        (Care.WATERED, watering, None if measured else limits.water_days),
        (Care.FED, state.next_feeding, limits.feed_days),
        *((care, state.next_chores.get(care), days) for care, days in state.chores.items()),
    ):
        if at is not None:
            yield Due(plant_id=plant.plant_id, name=plant.name, care=care, at=at, days=days)
