"""What begins, and what is only not known for a while."""

from custom_components.plant_vita.model.plant import DryForecast, Silence
from custom_components.plant_vita.plants.definition import Input
from custom_components.plant_vita.plants.happenings import (
    Edge,
    News,
    dry_within,
    is_below,
    needs_water,
    troubles,
)
from custom_components.plant_vita.plants.sources import InputState
from custom_components.plant_vita.plants.state import PlantState
from custom_components.plant_vita.species.thresholds import Thresholds

LIMITS = Thresholds(bands={}, water_days=None, feed_days=None, overridden=frozenset())


def state(
    *reasons: str,
    problem: bool | None = None,
    due: float | None = None,
    inputs: dict[Input, InputState] | None = None,
) -> PlantState:
    return PlantState(
        at=0.0,
        thresholds=LIMITS,
        problem=problem,
        reasons=reasons,
        next_watering=due,
        inputs=inputs or {},
    )


def test_only_what_was_known_not_to_be_so_begins() -> None:
    edge = Edge()
    heard = [edge.began(now=one) for one in (True, None, True, False, None, True, True)]
    assert heard == [False, False, False, False, False, True, False]


def test_thirst_is_no_other_trouble() -> None:
    thirsty = state("moisture_too_low", "light_stale", problem=True)
    assert needs_water(thirsty) is True
    assert troubles(thirsty) == {"light_stale"}
    assert (needs_water(state()), troubles(state())) == (None, None)
    assert (needs_water(state(problem=False)), troubles(state(problem=False))) == (False, set())


def test_the_calendar_says_when_it_is_due() -> None:
    soon = state(problem=False, due=30 * 3600.0)
    assert [dry_within(soon, hours) for hours in (24, 30)] == [False, True]
    assert dry_within(soon, 24, was=True) is True
    assert dry_within(state(problem=False), 24) is None
    assert dry_within(state("water_overdue", problem=True), 1) is True
    assert is_below(state(), 50) is None


def test_a_trouble_is_new_once_even_if_its_sensor_was_silent_meanwhile() -> None:
    silent = InputState(value=50.0)
    heat, quiet = "temperature_too_high", "temperature_stale"
    news = News(state(problem=None))
    looks = [
        state(heat, problem=True),  # the first that is known is no news
        state(problem=False),
        state(heat, "moisture_too_low", problem=True),
        state(quiet, problem=True, inputs={Input.TEMPERATURE: silent}),
        state(problem=None),
        state(heat, problem=True),
        state(problem=False),
        state(heat, problem=True),
    ]
    assert [news.of(one) for one in looks] == [(), (), (heat,), (quiet,), (), (), (), (heat,)]


def test_what_does_not_dry_as_far_as_is_looked_ahead_is_not_due() -> None:
    drying = DryForecast(at=0, days=None, silence=Silence.NOT_DRYING, levels={}, learnt_days=9.0)
    slow = PlantState(at=0.0, thresholds=LIMITS, problem=False, drying=drying)
    assert [dry_within(slow, days * 24) for days in (44, 45)] == [False, True]
