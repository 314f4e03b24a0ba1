from math import isclose

import pytest
from hypothesis import given, settings, strategies as st

from custom_components.plant_vita.analysis.hourly import (
    HourStatistics,
    Sample,
    hour_of,
    hour_statistics,
    merged,
)

HOUR = 1_800_000_000.0


def statistics(mean: float, minimum: float, maximum: float) -> HourStatistics:
    """What the hour under test should come to."""
    return HourStatistics(start=HOUR, mean=mean, minimum=minimum, maximum=maximum)


@pytest.mark.parametrize(
    ("moment", "hour"),
    [
        (HOUR, HOUR),
        (HOUR + 3599.999, HOUR),
        (HOUR + 3600, HOUR + 3600),
        (HOUR - 0.001, HOUR - 3600),
        (0.0, 0.0),
    ],
)
def test_the_hour_of_a_moment(moment: float, hour: float) -> None:
    assert hour_of(moment) == hour


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        ([], None),
        ([(HOUR, None)], None),
        ([(HOUR - 100, 5.0)], statistics(5, 5, 5)),
        ([(HOUR - 100, 5.0), (HOUR + 1800, 7.0)], statistics(6, 5, 7)),
        ([(HOUR + 900, 4.0)], statistics(4, 4, 4)),
        ([(HOUR + 900, 4.0), (HOUR + 2700, 8.0)], statistics(16 / 3, 4, 8)),
        # Nothing is known for half of the time.
        ([(HOUR, 4.0), (HOUR + 900, None), (HOUR + 2700, 8.0)], statistics(6, 4, 8)),
        ([(HOUR - 9, 4.0), (HOUR, None)], None),
        # A value that held for no time at all was never seen.
        ([(HOUR + 60, 99.0), (HOUR + 60, 5.0)], statistics(5, 5, 5)),
        ([(HOUR - 50, 99.0), (HOUR, 5.0)], statistics(5, 5, 5)),
        # The next hour is not this one.
        ([(HOUR, 5.0), (HOUR + 3600, 99.0)], statistics(5, 5, 5)),
        ([(HOUR + 3600, 99.0)], None),
        ([(HOUR, 5.0), (HOUR + 3599, 10.0), (HOUR + 7200, 0.0)], statistics(5 + 5 / 3600, 5, 10)),
    ],
)
def test_one_hour(samples: list[Sample], expected: HourStatistics | None) -> None:
    found = hour_statistics(samples, HOUR)
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert isclose(found.mean, expected.mean)
        assert (found.start, found.minimum, found.maximum) == (
            expected.start,
            expected.minimum,
            expected.maximum,
        )


def by_the_second(samples: list[tuple[int, int | None]]) -> tuple[float, float, float] | None:
    """The plainest way: ask every second of the hour for its value."""
    values = []
    for second in range(3600):
        before = [value for moment, value in samples if moment <= second]
        if before and before[-1] is not None:
            values.append(before[-1])
    return (sum(values) / len(values), min(values), max(values)) if values else None


SECONDS = st.integers(-4000, 8000)
VALUES = st.none() | st.integers(-40, 200)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(SECONDS, VALUES), max_size=12))
def test_against_every_second_of_the_hour(samples: list[tuple[int, int | None]]) -> None:
    ordered = sorted(samples, key=lambda sample: sample[0])
    found = hour_statistics(
        [(HOUR + at, None if value is None else float(value)) for at, value in ordered], HOUR
    )
    expected = by_the_second(ordered)
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert isclose(found.mean, expected[0], abs_tol=1e-6)
        assert (found.minimum, found.maximum) == expected[1:]


LATE = st.lists(st.tuples(st.floats(HOUR - 5000, HOUR + 5000), st.floats(-50, 200)), max_size=8)
RECORDED = st.lists(
    st.tuples(st.floats(HOUR - 5000, HOUR + 5000), st.none() | st.floats(-50, 200)), max_size=8
)


@given(RECORDED, LATE)
def test_a_reading_that_comes_twice_changes_nothing(
    recorded: list[Sample], late: list[tuple[float, float]]
) -> None:
    recorded.sort(key=lambda sample: sample[0])
    once = hour_statistics(merged(recorded, late), HOUR)
    twice = hour_statistics(merged(recorded, late + late), HOUR)
    if once is None:
        assert twice is None
    else:
        assert twice is not None
        assert isclose(once.mean, twice.mean, abs_tol=1e-6)


@given(RECORDED, LATE)
def test_the_mean_lies_between_the_extremes(
    recorded: list[Sample], late: list[tuple[float, float]]
) -> None:
    recorded.sort(key=lambda sample: sample[0])
    found = hour_statistics(merged(recorded, late), HOUR)
    if found is not None:
        assert found.minimum - 1e-6 <= found.mean <= found.maximum + 1e-6


def test_late_readings_find_their_place_among_the_states() -> None:
    recorded: list[Sample] = [(1.0, 10.0), (5.0, 20.0)]
    assert merged(recorded, [(6.0, 3.0), (3.0, 2.0)]) == [
        (1.0, 10.0),
        (3.0, 2.0),
        (5.0, 20.0),
        (6.0, 3.0),
    ]


def test_a_gap_of_the_link_is_filled_and_a_later_one_stays() -> None:
    recorded: list[Sample] = [(1.0, 10.0), (2.0, None), (4.0, None), (9.0, None)]
    assert merged(recorded, [(3.0, 5.0), (7.0, 6.0)]) == [
        (1.0, 10.0),
        (3.0, 5.0),
        (7.0, 6.0),
        (9.0, None),
    ]
    assert merged(recorded, []) == recorded


def test_late_readings_may_be_any_iterable() -> None:
    assert merged(iter([(1.0, 2.0)]), iter([(0.0, 1.0)])) == [(0.0, 1.0), (1.0, 2.0)]
