import numpy as np
import pytest
from hypothesis import given, strategies as st

from custom_components.plant_vita.analysis.quality import Quality, quality
from custom_components.plant_vita.analysis.series import DAY_S, HOUR_S, NOTHING, Series, series
from custom_components.plant_vita.model.node import Fault
from custom_components.plant_vita.model.plant import Flaw
from custom_components.plant_vita.model.quantity import BY_WIRE, QUANTITIES
from tests.analysis.readings import NOW, readings

MOISTURE, WARMTH, LIGHT = BY_WIRE["m"], BY_WIRE["t"], BY_WIRE["lx"]
MINUTES = NOW - 60 * np.arange(2880)[::-1]


def judged(values: object, kind: object = MOISTURE, **more: object) -> Quality:
    usual: dict[str, object] = {"now": NOW}
    return quality(kind, series(MINUTES, np.asarray(values, float)), **(usual | more))


def alive(level: float = 30.0) -> np.ndarray:
    return level + np.sin(np.arange(2880) / 300)


def test_a_good_sensor() -> None:
    found = judged(alive())
    assert found == Quality(flaw=None, since=None, age=0.0)
    assert found.usable


def test_one_that_never_spoke() -> None:
    assert quality(MOISTURE, NOTHING, now=NOW).flaw is Flaw.MISSING


@pytest.mark.parametrize(
    ("late", "every", "flaw"),
    [
        (2 * HOUR_S, None, None),
        (3.1 * HOUR_S, None, Flaw.STALE),
        (3.1 * HOUR_S, 2 * HOUR_S, None),
        (6.1 * HOUR_S, 2 * HOUR_S, Flaw.STALE),
    ],
)
def test_stale_after_its_own_rhythm(late: float, every: float | None, flaw: Flaw | None) -> None:
    found = judged(alive(), now=NOW + late, every=every)
    assert found.flaw is flaw
    assert found.age == late
    assert found.since == (NOW if flaw else None)


@pytest.mark.parametrize(
    ("last", "flaw"),
    [
        (Fault.OPEN, Flaw.OPEN),
        (Fault.SHORT, Flaw.SHORT),
        (Fault.RANGE, Flaw.OUT_OF_RANGE),
        (Fault.SILENT, Flaw.STALE),
        (30.0, None),
    ],
)
def test_a_sensor_that_says_itself_what_is_wrong(last: object, flaw: Flaw | None) -> None:
    found = judged(alive(), last=last)
    assert found.flaw is flaw
    assert found.usable is (flaw is None)


def test_out_of_range_since() -> None:
    values = alive()
    values[-30:] = 100.1
    assert judged(values) == Quality(flaw=Flaw.OUT_OF_RANGE, since=MINUTES[-30], age=0.0)


@pytest.mark.parametrize(
    ("kind", "days", "flaw"),
    [(WARMTH, 1.9, Flaw.FLAT), (MOISTURE, 1.9, None), (LIGHT, 1.9, None), (WARMTH, 1.0, None)],
)
def test_flat_is_what_has_not_moved(kind: object, days: float, flaw: Flaw | None) -> None:
    values = alive()
    values[-int(days * 1440) :] = 21.3
    found = judged(values, kind, now=NOW + 0.2 * HOUR_S)
    assert found.flaw is (flaw if days > 1.98 else None)
    stuck = series(NOW - HOUR_S * np.arange(24 * 8), np.full(24 * 8, 21.3))
    assert quality(kind, stuck, now=NOW).flaw is (None if kind is LIGHT else Flaw.FLAT)


def test_a_few_equal_readings_are_no_proof() -> None:
    few = series(NOW - DAY_S * np.arange(7), np.full(7, 21.0))
    assert quality(WARMTH, few, now=NOW).flaw is None


@pytest.mark.parametrize(
    ("kind", "step", "flaw"),
    [
        (MOISTURE, -20, Flaw.JUMP),
        (MOISTURE, 40, None),  # water was poured
        (MOISTURE, -10, None),
        (WARMTH, 15, Flaw.JUMP),
        (WARMTH, -15, Flaw.JUMP),
        (LIGHT, 30, None),
    ],
)
def test_jumps_that_cannot_be(kind: object, step: float, flaw: Flaw | None) -> None:
    values = alive(40)
    values[-20:] += step
    found = judged(values, kind)
    assert found.flaw is flaw
    assert found.since == (MINUTES[-20] if flaw else None)


def test_a_single_wild_reading_is_forgiven() -> None:
    values = alive(40)
    values[-10] -= 30
    assert judged(values).flaw is None
    assert judged(values[: 2880 - 9].tolist() + [float("nan")] * 9).flaw is Flaw.JUMP


def test_a_jump_is_news_for_an_hour() -> None:
    values = alive(60)
    values[-70:] -= 20
    assert judged(values).flaw is None


@given(
    readings(-200, 2e5),
    st.sampled_from(QUANTITIES),
    st.one_of(st.none(), st.sampled_from(list(Fault)), st.floats()),
    st.none() | st.floats(1, 1e6),
)
def test_any_readings(given_: Series, kind: object, last: object, every: float | None) -> None:
    found = quality(kind, given_, now=NOW, last=last, every=every)
    assert found.usable == (found.flaw is None)
    assert found.since is None or found.since <= NOW
    assert (found.age is None) == (
        found.flaw is Flaw.MISSING or not len(given_.between(0, NOW))
    ) or (found.age >= 0)


def test_whole_numbers_may_stand_twice_as_long() -> None:
    hours = NOW - HOUR_S * np.arange(24 * 16)
    for level, days, flaw in ((21.3, 7.5, Flaw.FLAT), (21.0, 7.5, None), (21.0, 14.5, Flaw.FLAT)):
        count = int(24 * days)
        assert quality(MOISTURE, series(hours[:count], np.full(count, level)), now=NOW).flaw is flaw


def test_means_of_equal_numbers_are_equal() -> None:
    hours = NOW - HOUR_S * np.arange(24 * 8)
    wobbling = 40.1 + 1e-13 * np.arange(24 * 8)
    assert quality(MOISTURE, series(hours, wobbling), now=NOW).flaw is Flaw.FLAT
