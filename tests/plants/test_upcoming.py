"""What is to be done, and when."""

from datetime import date
from typing import Any

import pytest

from custom_components.plant_vita.model.species import Season
from custom_components.plant_vita.plants.definition import Input, PlantDefinition
from custom_components.plant_vita.plants.profile import limits
from custom_components.plant_vita.plants.state import Care, PlantState
from custom_components.plant_vita.plants.upcoming import Due, upcoming

LIMITS = limits(PlantDefinition(plant_id="p", name="P"), None, Season.SUMMER)
NOON = 1_781_092_800.0  # 10 June 2026, 12:00 UTC
DAY = 86_400.0


def plant(name: str, *inputs: Input, **state: Any) -> tuple[PlantDefinition, PlantState]:
    shown = PlantState(at=NOON, thresholds=LIMITS, **state)
    bound = dict.fromkeys(inputs, ("sensor.a",))
    return PlantDefinition(plant_id=name.lower(), name=name, inputs=bound), shown


def test_the_most_urgent_comes_first() -> None:
    found = upcoming(
        [
            plant("Fern", next_watering=NOON + 2 * DAY, next_feeding=NOON + 9 * DAY),
            plant("Basil", next_watering=NOON - DAY),
            plant("Stone"),
        ]
    )
    assert [(due.uid, due.days) for due in found] == [
        ("basil_watered", 7),
        ("fern_watered", 7),
        ("fern_fed", 28),
    ]


def test_dry_soil_is_due_now_and_has_no_rhythm() -> None:
    (due,) = upcoming([plant("Basil", Input.MOISTURE, reasons=("moisture_too_low",))])
    assert (due.care, due.at, due.days) == (Care.WATERED, NOON, None)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(None, [10]), (7, [10, 17, 24]), (10, [10, 20, 30])],
)
def test_the_days_of_a_month(days: int | None, expected: list[int]) -> None:
    due = Due(plant_id="p", name="P", care=Care.FED, at=NOON, days=days)
    found = list(due.days_between(date(2026, 6, 1), date(2026, 6, 30)))
    assert found == [date(2026, 6, day) for day in expected]


def test_what_is_overdue_is_due_today() -> None:
    due = Due(plant_id="p", name="P", care=Care.FED, at=NOON - 30 * DAY, days=None)
    assert list(due.days_between(date(2026, 6, 10), date(2026, 6, 30))) == [date(2026, 6, 10)]


def test_daily_care_ends_somewhere() -> None:
    due = Due(plant_id="p", name="P", care=Care.FED, at=NOON, days=1)
    assert len(list(due.days_between(date(2026, 6, 1), date(9000, 1, 1)))) == 120


def test_chores_have_their_rhythm() -> None:
    state = {"chores": {Care.ROTATED: 30, Care.CLEANED: 60}, "next_chores": {Care.ROTATED: NOON}}
    (due,) = upcoming([plant("Basil", **state)])
    assert (due.uid, due.at, due.days) == ("basil_rotated", NOON, 30)
