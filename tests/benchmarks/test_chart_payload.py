"""What the payload of a chart is measured on, and what is made of the figures."""

import numpy as np
import pytest

from benchmarks.chart_payload import readings, reported

END = 1_790_000_000.0


def test_a_probe_speaks_every_minute_and_is_watered_once() -> None:
    times, values = readings(END)
    assert len(times) == len(values) == 7 * 1440 - 1
    assert set(np.diff(times)) == {60.0}
    assert times[-1] == END - 60
    rises = [n for n, step in enumerate(np.diff(values)) if step > 20]
    assert rises == [4 * 1440 - 1]
    assert 25 < min(values) < max(values) < 65


@pytest.mark.parametrize(("ours", "reached"), [(3_000, True), (3_001, False)])
def test_three_percent_of_the_recorders_answer_is_the_most(ours: int, reached: bool) -> None:
    report = reported(ours, 100_000, 240, 10_079, sample=True)
    (target,) = report.targets
    assert (target.measured, target.reached) == (pytest.approx(ours / 100_000), reached)
    assert report.tables[0].rows == [
        ("Plant Vita, chart", ours, 240),
        ("the recorder", 100_000, 10_079),
    ]
