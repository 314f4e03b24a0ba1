import pytest

from . import acts
from .core import product
from .world import World


def test_of_a_pressed_switch_counts_what_flows_from_the_word_of_it():
    world = World(product(), 0, hard=0.0)
    world.pass_time(5.0)
    world.delay = lambda: 8.0  # three seconds is the most for the word of a switch
    acts.press(world)
    world.pass_time(20.0)
    acts.press(world)
    [(begin, end, _)] = world.switch.pin.runs
    assert world.watch.had("fern") == pytest.approx((end - begin - 3.0) * 10.0)
