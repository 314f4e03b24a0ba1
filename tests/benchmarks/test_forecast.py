import numpy as np
import pytest

from benchmarks.forecast import OURS, SAMPLE, Outcome, Truth, walk
from benchmarks.soils import DEVELOPMENT, HELD_OUT, Soil, read_soil


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    whole = read_soil(SAMPLE / "cordoba-tomato-sandyloam-irrigated-30cm.npz")
    part = slice(0, 200)
    return walk(
        Soil(
            name=whole.name,
            site=whole.site,
            group=whole.group,
            times=whole.times[part],
            moisture=whole.moisture[part],
            truth=whole.truth[part],
            drivers={name: values[part] for name, values in whole.drivers.items()},
        ),
        every=4,
    )


def test_the_sample_is_of_sites_that_were_held_out() -> None:
    kept = [read_soil(file) for file in sorted(SAMPLE.glob("*.npz"))]
    assert len(kept) == 4
    assert {soil.site for soil in kept} == {"champion", "cordoba"}
    assert all(soil.held_out for soil in kept)
    assert not DEVELOPMENT & HELD_OUT


def test_everybody_is_asked_the_same(outcome: Outcome) -> None:
    asked = {
        name: len(values)
        for (name, hours, dry), values in outcome.errors.items()
        if (hours, dry) == (72, True)
    }
    assert set(asked) == {"persistence", "linear slope", "exponential", OURS}
    assert len(set(asked.values())) == 1
    assert len(outcome.inside[72]) == asked[OURS] > 10


def test_ours_is_better_than_staying_where_it_is(outcome: Outcome) -> None:
    ours = np.mean(outcome.errors[OURS, 72, True])
    assert 0 < ours < np.mean(outcome.errors["persistence", 72, True])


@pytest.fixture
def truth() -> Truth:
    level = np.array([50.0, 45, 40, 35, 30, 60, 55, 50, 45, 40])
    wet = np.concatenate(([0], np.cumsum(np.diff(level, prepend=50) > 1)))
    return Truth(level=level, read=level, wet=wet, per_day=1, threshold=38.0)


@pytest.mark.parametrize(("cell", "days"), [(0, 2.4), (2, 0.4), (3, None), (5, None), (6, None)])
def test_days_to_dry_as_they_came(truth: Truth, cell: int, days: float | None) -> None:
    assert truth.days_to_dry(cell) == (None if days is None else pytest.approx(days))


def test_dry_is_what_saw_no_water(truth: Truth) -> None:
    assert truth.dry(0, 4)
    assert not truth.dry(0, 5)
    assert truth.dry(5, 9)
    assert not truth.dry(4, 5)
