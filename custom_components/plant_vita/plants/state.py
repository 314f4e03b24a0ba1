"""How one plant is, as its entities show it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..model.plant import FARTHEST_DAYS, Anomaly, DryForecast, Health, Quantiles, Trend
from ..model.species import Toxicity
from ..species.thresholds import Thresholds
from .definition import Input
from .sources import InputState


class Care(StrEnum):
    """What is done for a plant."""

    WATERED = "watered"
    FED = "fed"
    REPOTTED = "repotted"
    ROTATED = "rotated"
    CLEANED = "cleaned"


_DAY_S = 86_400.0
# What depends on nothing but the days that have passed.
CHORES = (Care.REPOTTED, Care.ROTATED, Care.CLEANED)


@dataclass(frozen=True, kw_only=True, slots=True)
class PlantState:
    """One plant at the moment `at`; all times are Unix seconds.

    `reasons` are keys of `reasons.py`, the most urgent first: a measure and what is wrong with it
    ("moisture_too_low"), an input that is not believed ("light_stale", "moisture_faulty"), what
    looks wrong around it ("leak"; `suspected` has it with its time), or a care that is overdue
    ("water_overdue"). `problem` is None where it cannot be told. `trend` is that of the health,
    `growth` that of the green area in photos (% a week), None without photos. `dli` is the light of
    the last whole day and `dli_today` what came since midnight, in mol/m²; `vpd` is in kPa.
    `drying` is the forecast of a plant whose soil is measured; `next_watering` then follows from
    it, with the 10 and 90 % quantiles in `watering_between` (None lies beyond what is forecast; of
    a median that does, `not_before` is known). Else it follows from the calendar. `chores` are the
    days between two cares of each kind that the plant needs, `next_chores` when they are due.
    `toxicity` is that of its species, None if that is not known.
    """

    at: float
    thresholds: Thresholds
    inputs: Mapping[Input, InputState] = field(default_factory=dict)
    health: Health | None = None
    problem: bool | None = None
    reasons: tuple[str, ...] = ()
    suspected: tuple[Anomaly, ...] = ()
    trend: Trend = field(default_factory=Trend)
    growth: Trend | None = None
    dli: float | None = None
    dli_today: float | None = None
    vpd: float | None = None
    last: Mapping[Care, float] = field(default_factory=dict)
    drying: DryForecast | None = None
    next_watering: float | None = None
    watering_between: tuple[float | None, float | None] | None = None
    next_feeding: float | None = None
    chores: Mapping[Care, int] = field(default_factory=dict)
    toxicity: Toxicity | None = None
    next_chores: Mapping[Care, float] = field(default_factory=dict)

    @property
    def days_to_dry(self) -> Quantiles | None:
        """Days until the soil is drier than it should be, None where nothing can be said."""
        return self.drying.days if self.drying else None

    @property
    def not_before(self) -> float | None:
        """The first moment beyond the forecast, where no watering is expected before that.

        To the day (UTC): it moves on with every judgement, and each change is kept.
        """
        if self.drying is None or not self.drying.beyond:
            return None
        return (self.drying.at // _DAY_S + FARTHEST_DAYS) * _DAY_S

    @property
    def score(self) -> int | None:
        """Health 0–100. What is not believed never looks healthy: then only bad is told."""
        if self.health is None:
            return None
        believed = all(state.believed for state in self.inputs.values())
        return self.health.score if believed or self.health.problem else None
