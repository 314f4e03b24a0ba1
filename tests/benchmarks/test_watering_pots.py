import pytest

from benchmarks.watering_pots import FAULTS, broken, judged


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_whatever_breaks_is_noticed_within_two_waterings(fault) -> None:
    outcome = broken(fault, 0)
    assert outcome.waterings is not None
    assert outcome.waterings <= 2
    assert not outcome.over


def test_small_doses_together_are_one_watering() -> None:
    assert judged([]) == 0
    assert judged([60, 60, 60]) == 2
    assert judged([150, 150]) == 2
