from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from custom_components.plant_vita.analysis import drydown
from custom_components.plant_vita.analysis.forecast import forecast
from custom_components.plant_vita.analysis.history import Drivers
from custom_components.plant_vita.analysis.series import DAY_S, HOUR_S, NOTHING, Series, series
from custom_components.plant_vita.model.plant import DryForecast, Silence
from tests.analysis.pots import HIGH, LOW, pot, taught
from tests.analysis.readings import NOW, readings


@pytest.fixture(scope="module")
def known() -> tuple[drydown.DryDown, Series]:
    """A pot watered every eight days, two days after water."""
    moisture = pot(130)
    seen = moisture.between(0, float(moisture.times[0]) + 122 * DAY_S)
    return taught(seen), seen


def told(known: tuple[drydown.DryDown, Series], **changes: object) -> DryForecast:
    model, moisture = known
    usual: dict[str, object] = {"now": float(moisture.times[-1]), "dry_below": 30.0}
    return forecast(model, moisture, Drivers(), **(usual | changes))


def test_the_days_until_it_is_dry(known: tuple[drydown.DryDown, Series]) -> None:
    level = float(known[1].values[-1])
    truth = float(np.log((level - LOW) / (30 - LOW)) / 0.12)
    found = told(known)
    assert truth == pytest.approx(5.3, abs=0.2)
    assert found.silence is None
    assert found.days.median == pytest.approx(truth, abs=0.5)
    assert found.days.low <= truth
    assert found.days.high is None or found.days.high >= truth
    assert found.learnt_days > 40


def test_the_levels_ahead(known: tuple[drydown.DryDown, Series]) -> None:
    found = told(known)
    level = float(known[1].values[-1])
    for hours, expected in found.levels.items():
        truth = LOW + (level - LOW) * np.exp(-0.12 * hours / 24)
        assert expected.low <= expected.median <= expected.high < HIGH
        assert expected.median == pytest.approx(truth, abs=1.2)
    assert list(found.levels) == [24, 72, 168]


def test_a_drier_limit_is_reached_later(known: tuple[drydown.DryDown, Series]) -> None:
    days = [told(known, dry_below=limit).days.median for limit in (40, 35, 30, 27)]
    assert days == sorted(days)
    assert len(set(days)) == 4


def test_when_nothing_can_be_said(known: tuple[drydown.DryDown, Series]) -> None:
    model, moisture = known
    now = float(moisture.times[-1])
    assert told(known, now=now + 7 * HOUR_S).silence is Silence.STALE
    assert told(known, now=now + 5 * HOUR_S).silence is None
    assert told(known, dry_below=None).silence is Silence.NO_THRESHOLD
    assert told(known, dry_below=None).days is None
    assert told(known, dry_below=None).levels[24].median > 0
    assert forecast(model, NOTHING, Drivers(), now=now, dry_below=30).silence is Silence.NO_READINGS
    young = forecast(
        drydown.untaught(), moisture.between(now - 3600, now), Drivers(), now=now, dry_below=30
    )
    assert young.silence is Silence.TOO_SHORT
    assert young.days is None
    assert young.levels == {}


def test_hours_without_a_reading_are_hours_nearer(
    known: tuple[drydown.DryDown, Series],
) -> None:
    later = told(known, now=float(known[1].times[-1]) + 4 * HOUR_S)
    assert later.days.median == pytest.approx(told(known).days.median - 4 / 24)
    assert later.levels[24].median < told(known).levels[24].median


def test_what_is_dry_is_dry_now(known: tuple[drydown.DryDown, Series]) -> None:
    found = told(known, dry_below=60.0)
    assert found.silence is Silence.ALREADY_DRY
    assert (found.days.low, found.days.median, found.days.high) == (0, 0, 0)


def test_a_limit_that_is_never_reached_is_not_a_date(
    known: tuple[drydown.DryDown, Series],
) -> None:
    found = told(known, dry_below=1.0)
    assert found.silence is Silence.NOT_DRYING
    assert found.days is None


def test_an_end_that_is_far_away_stays_open(known: tuple[drydown.DryDown, Series]) -> None:
    wide = replace(known[0], errors=np.abs(known[0].errors) * 200)
    found = forecast(wide, known[1], Drivers(), now=float(known[1].times[-1]), dry_below=30.0)
    assert found.days.median is not None
    assert found.days.high is None


def test_a_reading_a_day_is_enough() -> None:
    hourly = pot(130)
    daily = series(hourly.times[::24], hourly.values[::24])
    seen = daily.between(0, float(daily.times[0]) + 122 * DAY_S)
    now = float(seen.times[-1]) + 3 * HOUR_S
    found = forecast(taught(seen), seen, Drivers(), now=now, dry_below=30)
    assert found.silence is None
    assert found.days.median == pytest.approx(5.3, abs=1.0)


@settings(max_examples=60, deadline=None)
@given(readings(-1e3, 1e3), readings(), st.floats(-10, 110) | st.none())
def test_any_readings_get_an_answer(moisture: Series, driver: Series, limit: float | None) -> None:
    drivers = Drivers(temperature=driver, vpd=driver, light=driver)
    found = forecast(drydown.untaught(), moisture, drivers, now=NOW, dry_below=limit)
    assert (found.days is None) == (found.silence not in {None, Silence.ALREADY_DRY})
    for level in found.levels.values():
        assert 0 <= level.low <= level.median <= level.high <= 100
    if found.days:
        ordered = [d for d in (found.days.low, found.days.median, found.days.high) if d is not None]
        assert ordered == sorted(ordered)
        assert all(0 <= day <= 45 for day in ordered)
