import pytest

from custom_components.plant_vita.model.errors import ProviderPausedError
from custom_components.plant_vita.providers.breaker import Breaker


def failing(times: int, every: float = 1.0) -> tuple[Breaker, float]:
    breaker, now = Breaker(), 1000.0
    for _ in range(times):
        breaker.enter(now)
        breaker.failed(now)
        now += every
    return breaker, now - every


def test_five_failures_in_ten_minutes_pause_a_quarter_of_an_hour() -> None:
    breaker, _ = failing(4)
    breaker.enter(1010)
    breaker, last = failing(5)
    with pytest.raises(ProviderPausedError):
        breaker.enter(last + 899)
    assert breaker.again_at() == last + 900
    breaker.enter(last + 900)


def test_failures_further_apart_do_not() -> None:
    breaker, last = failing(20, every=151)
    breaker.enter(last)
    assert breaker.again_at() is None


def test_an_answer_in_between_counts() -> None:
    breaker, last = failing(4)
    breaker.worked()
    breaker.failed(last)
    breaker.enter(last)


def test_one_probe_decides() -> None:
    breaker, last = failing(5)
    breaker.enter(last + 900)
    with pytest.raises(ProviderPausedError):
        breaker.enter(last + 901)
    breaker.failed(last + 902)
    with pytest.raises(ProviderPausedError):
        breaker.enter(last + 902 + 899)
    breaker.enter(last + 902 + 900)
    breaker.worked()
    breaker.enter(last + 902 + 901)
    assert breaker.again_at() is None


def test_a_probe_that_gives_up_lets_the_next_try() -> None:
    breaker, last = failing(5)
    breaker.enter(last + 900)
    breaker.left()
    breaker.enter(last + 901)


def test_a_clock_that_is_set_back_does_not_pause_for_ever() -> None:
    breaker, last = failing(5)
    with pytest.raises(ProviderPausedError):
        breaker.enter(last - 500)
    breaker.enter(last - 500 + 900)
