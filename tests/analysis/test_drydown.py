import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from custom_components.plant_vita.analysis import drydown
from custom_components.plant_vita.analysis.drydown import FEATURES, HORIZONS, LEARNT_AT_ONCE
from custom_components.plant_vita.analysis.history import Drivers, history
from custom_components.plant_vita.analysis.series import DAY_S, HOUR_S, series
from custom_components.plant_vita.analysis.stored import as_stored
from tests.analysis.pots import HIGH, LOW, pot, taught
from tests.analysis.readings import NOW, readings


def ahead(model: drydown.DryDown, moisture: object, days: int) -> float:
    """The moisture expected in `days` days."""
    end = float(moisture.times[-1])
    past = history(moisture, Drivers(), end=end, days=3, aligned=False)
    state = drydown.states(model, past, np.array([len(past) - 1]))
    return float(model.low + model.span * drydown.course(model, state, days)[-1, 0])


@pytest.mark.parametrize("rate", [0.05, 0.12, 0.3])
def test_a_pot_is_learnt_as_it_dries(rate: float) -> None:
    moisture = pot(130, rate=rate)
    now = moisture.between(0, float(moisture.times[0]) + 122 * DAY_S)  # two days after water
    truth = LOW + (HIGH - LOW) * np.exp(-rate * 5)
    level = float(now.values[-1])
    error = abs(ahead(taught(now), now, 3) - truth)
    assert error < 1.0
    assert error < 0.25 * abs(level - truth)
    # The prior alone does worse: something was learnt.
    prior = replace(drydown.untaught((LOW, HIGH)))
    assert error < abs(ahead(prior, now, 3) - truth)


def test_without_history_the_prior_says_that_pots_dry() -> None:
    moisture = pot(2.5)
    model = drydown.untaught((10.0, 60.0))
    tomorrow, next_week = ahead(model, moisture, 1), ahead(model, moisture, 7)
    assert 10 <= next_week < tomorrow < moisture.values[-1]
    assert model.days.tolist() == [0, 0]


def test_a_course_never_rises_without_water() -> None:
    moisture = pot(60, noise=1.5)
    model = taught(moisture)
    past = history(moisture, Drivers(), end=float(moisture.times[-1]), days=40, aligned=False)
    cells = np.flatnonzero(np.isfinite(past.moisture))
    path = drydown.course(model, drydown.states(model, past, cells), 20)
    assert path.shape == (21, len(cells))
    assert (np.diff(path[:, path[0] > -0.1], axis=0) <= 1e-9).all()


def test_warm_dry_bright_days_are_learnt_to_dry_faster() -> None:
    dice = np.random.default_rng(3)
    days = np.repeat(dice.integers(0, 2, 50), 96)[: 24 * 190]  # four days of the same weather
    moisture = pot(190, quicker=np.where(days, 1.6, 0.5))
    air = series(moisture.times, np.where(days, 2.2, 0.6))
    cut = int(np.flatnonzero((np.arange(len(days)) % 192 == 72) & (np.arange(len(days)) > 4000))[0])
    until = float(moisture.times[cut])
    model = taught(moisture.between(0, until), Drivers(vpd=air.between(0, until)))
    losses = {}
    for name, deficit in (("humid", 0.6), ("dry", 2.2)):
        state = drydown.State(
            wetness=np.array([0.6]),
            last=np.array([-0.1]),
            earlier=np.array([-0.1]),
            watered=np.zeros(1),
            watered_earlier=np.zeros(1),
            anomaly=np.array([[0.0, deficit - model.usual[1], 0.0]]),
            rate=np.array([model.rate]),
        )
        losses[name] = float(0.6 - drydown.course(model, state, 1)[-1, 0])
    assert losses["dry"] > 1.2 * losses["humid"] > 0


def test_the_quantiles_follow_the_pots_own_errors() -> None:
    calm, wild = taught(pot(200)), taught(pot(200, noise=6.0))
    width = [float(np.diff(drydown.spread(model)[2])[0]) for model in (calm, wild)]
    assert width[1] > 2 * width[0]
    assert width[0] < 0.5 * float(np.diff(drydown.spread(drydown.untaught())[2])[0])
    assert np.isfinite(calm.errors).sum(axis=1)[:3].tolist() == [60, 60, 60]
    assert (drydown.spread(calm)[:, 0] < 0).all()
    assert (drydown.spread(calm)[:, 1] > 0).all()


def test_learning_in_pieces_is_learning_at_once() -> None:
    moisture = pot(40)
    whole = taught(moisture)
    model, first = drydown.untaught(), float(moisture.times[0])
    # The same cells, handed over every five hours, with no more than 20 days of memory.
    for step in range(int(40 * 24 / 5)):
        now = float(moisture.times[-1]) - 40 * DAY_S + (step + 1) * 5 * HOUR_S
        seen = moisture.between(first, now)
        if len(seen) > 30:
            past = history(seen, Drivers(), end=now, days=20, aligned=True, per_day=8)
            model = drydown.learn(model, past)
    assert model.days[0] == pytest.approx(whole.days[0], abs=2.0)
    # Other cells of the day are learnt from, so the sums differ a little; what they say does not.
    assert ahead(model, moisture, 3) == pytest.approx(ahead(whole, moisture, 3), abs=0.5)


def test_one_call_takes_a_week_at_most_and_learns_nothing_twice() -> None:
    moisture = pot(60)
    past = history(moisture, Drivers(), end=float(moisture.times[-1]), days=60, aligned=True)
    once = drydown.learn(drydown.untaught(), past)
    assert once.until == pytest.approx(past.moment(0) + LEARNT_AT_ONCE * DAY_S, abs=DAY_S)
    done = taught(moisture)
    assert drydown.learn(done, past) is done


def test_days_with_water_are_not_taken_for_dry_ones() -> None:
    often = taught(pot(60, every=1))  # watered every day: no dry stretch at all
    assert often.days.tolist() == [0, 0]
    assert taught(pot(60, every=2)).days[1] == 0


def test_the_range_follows_the_pot() -> None:
    model = taught(pot(60))
    assert LOW <= model.low < 32
    assert model.high == pytest.approx(HIGH, abs=1)
    assert model.span == model.high - model.low
    assert replace(model, low=30.0, high=31.0).span == 10


def test_the_tables_fit() -> None:
    assert drydown._PRIOR_GRAM.shape == (2, FEATURES, FEATURES)
    assert drydown._PRIOR_MOMENT.shape == (2, FEATURES)
    assert drydown.spread(drydown.untaught()).shape == (len(HORIZONS), 2)
    for square in drydown._PRIOR_GRAM:
        assert (square == square.T).all()
        assert np.linalg.eigvalsh(square).min() > -1e-3
        assert square[0, 0] == pytest.approx(1)  # the mean of ones


@settings(max_examples=60, deadline=None)
@given(readings(-1e3, 1e3), readings())
def test_any_readings_can_be_learnt_from(moisture: object, driver: object) -> None:
    drivers = Drivers(temperature=driver, vpd=driver, light=driver)
    past = history(moisture, drivers, end=NOW, days=25, aligned=True)
    model = drydown.untaught()
    for _ in range(4):  # a week each
        model = drydown.learn(model, past)
    assert np.isfinite(drydown.coefficients(model)).all()
    json.dumps(as_stored(model), allow_nan=False)
    known = np.flatnonzero(np.isfinite(past.moisture))
    if len(known):
        path = drydown.course(model, drydown.states(model, past, known), 5)
        assert np.isfinite(path).all()
