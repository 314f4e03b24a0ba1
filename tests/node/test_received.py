from hypothesis import given, strategies as st

from custom_components.plant_vita.model.node import Reading
from custom_components.plant_vita.node.received import Received
from custom_components.plant_vita.protocol.messages import ReadingSet, Telemetry


def past(first: int, count: int, boot: str | None = "0badf00d") -> Telemetry:
    """So many consecutive sets of one boot."""
    return Telemetry(
        boot=boot,
        sets=tuple(
            ReadingSet(number=number, age_ms=0, values={}) for number in range(first, first + count)
        ),
    )


def numbers(sets: tuple[ReadingSet, ...]) -> list[int]:
    return [one.number for one in sets]


def test_the_second_time_is_a_duplicate() -> None:
    received = Received()
    boot, fresh = received.fresh(past(1, 3), "present0")
    assert (boot, numbers(fresh)) == ("0badf00d", [1, 2, 3])
    assert received.fresh(past(1, 3), "present0") == ("0badf00d", ())
    assert numbers(received.fresh(past(2, 4), "present0")[1]) == [4, 5]
    assert received.highest("0badf00d") == 5


def test_without_a_boot_it_is_the_present_one() -> None:
    received = Received()
    assert received.fresh(past(1, 1, None), "present0")[0] == "present0"
    assert (received.highest("present0"), received.highest("0badf00d")) == (1, 0)


def test_each_boot_counts_for_itself() -> None:
    received = Received()
    received.fresh(past(9, 1, "aaaaaaaa"), "")
    assert numbers(received.fresh(past(1, 1, "bbbbbbbb"), "")[1]) == [1]
    assert received.snapshot() == {"aaaaaaaa": 9, "bbbbbbbb": 1}


def test_a_restart_of_home_assistant_forgets_nothing() -> None:
    before = Received()
    before.fresh(past(1, 7), "")
    after = Received(before.snapshot())
    assert numbers(after.fresh(past(5, 4), "")[1]) == [8]
    assert before.highest("0badf00d") == 7


def test_sixty_four_boots_are_kept_and_the_oldest_goes() -> None:
    received = Received()
    for boot in range(64):
        received.fresh(past(3, 1, f"{boot:08x}"), "")
    received.fresh(past(4, 1, "00000000"), "")
    received.fresh(past(1, 1, "newest00"), "")
    assert len(received.snapshot()) == 64
    assert received.highest("00000000") == 4
    assert received.highest("00000001") == 0
    assert received.highest("00000002") == 3


def test_what_could_not_be_kept_is_new_when_it_comes_again() -> None:
    received = Received()
    received.fresh(past(1, 9), "")
    received.take_back("0badf00d", 4)
    assert received.highest("0badf00d") == 4
    assert numbers(received.fresh(past(4, 3), "")[1]) == [5, 6]
    received.take_back("0badf00d", 100)
    assert received.highest("0badf00d") == 6


@given(
    st.lists(
        st.tuples(st.sampled_from(["aaaaaaaa", "bbbbbbbb"]), st.integers(1, 12), st.integers(1, 5)),
        max_size=30,
    )
)
def test_each_set_is_fresh_at_most_once(arrivals: list[tuple[str, int, int]]) -> None:
    received, seen = Received(), set()
    highest = {"aaaaaaaa": 0, "bbbbbbbb": 0}
    for boot, first, count in arrivals:
        for one in received.fresh(past(first, count, boot), "")[1]:
            assert (boot, one.number) not in seen
            seen.add((boot, one.number))
        highest[boot] = max(highest[boot], first + count - 1)
        assert received.highest(boot) == highest[boot]


@given(st.integers(1, 30), st.data())
def test_a_node_that_sends_in_order_loses_nothing_whatever_it_repeats(
    total: int, data: st.DataObject
) -> None:
    received, seen, first = Received(), [], 1
    while first <= total:
        count = data.draw(st.integers(1, 6))
        seen.extend(numbers(received.fresh(past(first, count), "")[1]))
        # What was not confirmed comes again after a reconnect.
        first += data.draw(st.integers(1, count))
    assert seen == list(range(1, len(seen) + 1))
    assert len(seen) >= total


def test_what_is_remembered_of_the_readings() -> None:
    assert Received().latest == {}
    latest = {0: Reading(41.5, 1000.0)}
    assert Received({"0badf00d": 1}, latest).latest == latest
