"""What a plant shows as its health."""

import pytest

from custom_components.plant_vita.model.plant import Health
from custom_components.plant_vita.model.species import Season
from custom_components.plant_vita.plants.definition import Input, PlantDefinition
from custom_components.plant_vita.plants.profile import limits
from custom_components.plant_vita.plants.sources import InputState
from custom_components.plant_vita.plants.state import PlantState

LIMITS = limits(PlantDefinition(plant_id="p", name="P"), None, Season.SUMMER)


@pytest.mark.parametrize(
    ("stale", "problem", "shown"),
    [(False, False, 90), (False, True, 90), (True, None, None), (True, True, 90)],
)
def test_only_bad_health_is_told_while_something_is_stale(
    stale: bool, problem: bool | None, shown: int | None
) -> None:
    health = Health(score=90, factors=(), limiting=None, problem=problem, complete=not stale)
    inputs = {Input.MOISTURE: InputState(value=40.0, stale=stale)}
    state = PlantState(at=0.0, thresholds=LIMITS, inputs=inputs, health=health)
    assert state.score == shown


def test_no_judgement_no_figure() -> None:
    assert PlantState(at=0.0, thresholds=LIMITS).score is None
