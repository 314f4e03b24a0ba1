"""The pot's water: none is lost, none appears, and it moves as it does in a pot."""

import pytest
from hypothesis import given, settings, strategies as st

from firmware.simulator.pot import PLANTS, Pot
from firmware.simulator.weather import Air, Indoors

NOON = Air(temperature=22, humidity=50, pressure=1000, radiation=60, light=6600)
NIGHT = Air(temperature=19, humidity=60, pressure=1000, radiation=0, light=0)


@given(
    st.sampled_from(sorted(PLANTS)),
    st.lists(st.tuples(st.floats(0, 400), st.floats(0.1, 20_000)), max_size=12),
    st.floats(0.03, 0.5),
)
@settings(deadline=None, max_examples=60)
def test_water_is_neither_lost_nor_made(name, days, start):
    pot = Pot(PLANTS[name], start=start)
    first = pot.water
    for ml, seconds in days:
        pot.pour(ml)
        pot.step(seconds, NOON)
    assert pot.water + pot.spilt + pot.transpired == pytest.approx(first + pot.poured, abs=1e-6)
    assert min(pot.top, pot.low, pot.arriving, pot.saucer, pot.spilt) >= -1e-9
    assert pot.top <= pot.top_room * pot.plant.saturation + 1e-6
    assert 0 <= pot.moisture <= 100.001


def test_the_size_of_the_steps_hardly_matters():
    coarse, fine = Pot(PLANTS["basil"]), Pot(PLANTS["basil"])
    coarse.pour(100)
    fine.pour(100)
    coarse.step(7200, NOON)
    for _ in range(7200):
        fine.step(1, NOON)
    assert coarse.felt() == pytest.approx(fine.felt(), abs=0.3)


def watered(name, ml):
    """The probe's truth every 10 s for five minutes after `ml` were poured."""
    pot, shown = Pot(PLANTS[name]), []
    pot.step(60, NOON)
    shown.append(pot.felt())
    pot.pour(ml)
    for _ in range(30):
        pot.step(10, NOON)
        shown.append(pot.felt())
    return shown


@pytest.mark.parametrize(("name", "least"), [("basil", 12), ("monstera", 4), ("ficus", 4)])
def test_a_watering_shows_within_two_minutes_and_not_at_once(name, least):
    shown = watered(name, 100)
    assert shown[12] - shown[0] > least
    assert shown[1] - shown[0] < 0.5 * (shown[12] - shown[0])


def test_a_pot_dries_by_day_much_faster_than_by_night():
    day, night = Pot(PLANTS["monstera"]), Pot(PLANTS["monstera"])
    day.step(6 * 3600, NOON)
    night.step(6 * 3600, NIGHT)
    assert day.transpired > 4 * night.transpired


def test_a_thirsty_plant_saves_water_and_keeps_what_it_cannot_reach():
    pot = Pot(PLANTS["basil"])
    for hour in range(24 * 20):
        pot.step(3600, Indoors(6).at(hour * 3600))
    content = (pot.top + pot.low) / pot.plant.soil_ml
    assert 0.05 < content < 0.15


def test_basil_drinks_what_basil_drinks():
    pot = Pot(PLANTS["basil"], start=0.33)
    for minute in range(2 * 1440):
        pot.step(60, Indoors(6).at(minute * 60))
    assert 40 < pot.transpired < 200  # ml in two days, a pot on a windowsill


def test_too_much_water_fills_the_saucer_then_the_floor():
    pot = Pot(PLANTS["basil"])
    for _ in range(10):
        pot.pour(80)
        pot.step(600, NIGHT)
    assert pot.saucer == pytest.approx(pot.plant.saucer_ml, rel=0.05)
    assert pot.spilt > 100


def test_the_saucer_is_drunk_again():
    pot = Pot(PLANTS["basil"], start=0.36)
    pot.pour(60)
    pot.step(1800, NOON)
    full = pot.saucer
    pot.step(2 * 86_400, NOON)
    assert full > 20
    assert pot.saucer < 0.2 * full
