from hypothesis import given, strategies as st

from custom_components.plant_vita.node.throttle import Throttle


def test_a_burst_and_then_the_rate() -> None:
    throttle = Throttle(rate=2.0, burst=10.0, now=100.0)
    assert [throttle.take(100.0) for _ in range(12)] == [True] * 10 + [False] * 2
    assert not throttle.take(100.4)
    assert throttle.take(100.5)
    assert not throttle.take(100.6)
    assert throttle.take(101.0)


def test_silence_is_not_saved_up_beyond_the_burst() -> None:
    throttle = Throttle(rate=2.0, burst=3.0, now=0.0)
    assert [throttle.take(1e6) for _ in range(4)] == [True, True, True, False]


def test_what_is_granted_is_not_saved_up_beyond_the_burst() -> None:
    throttle = Throttle(rate=0.001, burst=2.0, now=0.0)
    throttle.grant()
    assert [throttle.take(0.0) for _ in range(3)] == [True, True, False]
    throttle.grant()
    assert [throttle.take(0.0) for _ in range(2)] == [True, False]


def test_being_refused_costs_nothing() -> None:
    throttle = Throttle(rate=1.0, burst=1.0, now=0.0)
    assert throttle.take(0.0)
    for tenth in range(1, 10):
        assert not throttle.take(tenth / 10)
    assert throttle.take(1.0)


@given(st.lists(st.integers(0, 3000), max_size=60), st.integers(1, 8), st.integers(1, 20))
def test_never_more_than_the_burst_and_the_rate(gaps: list[int], rate: int, burst: int) -> None:
    now, throttle, taken = 0.0, Throttle(rate=rate, burst=burst, now=0.0), []
    for gap in gaps:
        now += gap / 1000
        if throttle.take(now):
            taken.append(now)
    for first in range(len(taken)):
        for last in range(first, len(taken)):
            allowed = burst + (taken[last] - taken[first]) * rate
            assert last - first + 1 <= allowed + 1e-6


def test_a_node_that_keeps_to_the_rate_is_never_refused() -> None:
    throttle = Throttle(rate=2.0, burst=10.0, now=0.0)
    assert all(throttle.take(count * 0.5) for count in range(2000))
