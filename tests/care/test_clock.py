import pytest

from custom_components.plant_vita.care.clock import BudgetClock
from custom_components.plant_vita.model.watering import Anchor

from .hand import moment

HOUR, DAY = 3600.0, 86_400.0


@pytest.mark.parametrize("jump", [-DAY, -HOUR, HOUR, DAY, 40 * DAY])
def test_a_clock_that_is_set_adds_nothing(jump):
    clock = BudgetClock(None, moment(0))
    clock.advance(moment(60))
    after = clock.advance(moment(120, ahead=jump))
    assert after == (120 if jump > 0 else 60)
    assert clock.advance(moment(180, ahead=jump)) == after + 60


def test_forth_and_back_again_adds_nothing():
    clock = BudgetClock(None, moment(0))
    for turn in range(10):
        clock.advance(moment(turn, ahead=DAY * (turn % 2)))
    assert clock.advance(moment(10)) <= 10


def test_moments_in_the_wrong_order_are_not_credited_twice():
    clock = BudgetClock(None, moment(0))
    for seconds in (10, 5, 10, 5, 10):
        assert clock.advance(moment(seconds)) == 10


def test_across_a_restart_the_machine_has_kept_the_time():
    clock = BudgetClock(Anchor(at=moment(100), budget_at=1000.0), moment(700))
    assert clock.advance(moment(700)) == 1600.0


@pytest.mark.parametrize("boot", ["b2", ""])
def test_across_a_start_of_the_machine_nobody_has(boot):
    clock = BudgetClock(Anchor(at=moment(100), budget_at=1000.0), moment(30, ahead=DAY, boot=boot))
    assert clock.advance(moment(30, ahead=DAY, boot=boot)) == 1000.0


def test_what_is_written_down_is_where_it_goes_on():
    clock = BudgetClock(None, moment(0))
    clock.advance(moment(50))
    assert clock.anchor == Anchor(at=moment(50), budget_at=50.0)
