import pytest

from custom_components.plant_vita.care import events
from custom_components.plant_vita.model.watering import (
    Finished,
    Phase,
    Refusal,
    Trouble,
    Why,
)

from .hand import SWITCH, Hand

FERN = ("fern",)


def _used(hand):
    return hand.ledger.used_ml(FERN, "p", hand.moment)


def test_a_second_word_from_the_disk_sends_nothing():
    hand = Hand()
    hand.run()
    hand.tell(events.Booked(booking_id="d.1"))
    assert not hand.of(events.Send)


def test_no_disk_no_water():
    hand = Hand()
    hand.ask()
    hand.tell(events.BookFailed(booking_id="d.1"))
    assert hand.of(events.Raise) == [events.Raise(trouble=Trouble.DISK)]
    assert hand.result == Refusal(why=Why.DISK)
    assert _used(hand) == 0.0
    hand.tell(events.Booked(booking_id="d.1"))
    assert not hand.of(events.Send)


@pytest.mark.parametrize("late", [10.1, 7200.0])
def test_a_disk_that_is_too_slow_is_too_late(late):
    hand = Hand()
    hand.ask()
    hand.tell(events.Booked(booking_id="d.1"), after=late)
    assert not hand.of(events.Send)
    assert hand.result == Refusal(why=Why.DISK)
    assert _used(hand) == 0.0


def test_a_stop_between_booking_and_booked():
    hand = Hand()
    hand.ask()
    hand.tell(events.Stopped(by="me"))
    assert hand.result == Refusal(why=Why.STOPPED)
    assert _used(hand) == 100.0  # it may be on the disk already
    hand.tell(events.Booked(booking_id="d.1"))
    assert not hand.of(events.Send)
    assert _used(hand) == 0.0


def test_on_is_what_was_acknowledged():
    hand = Hand()
    hand.ask()
    hand.tell(events.Booked(booking_id="d.1"))
    assert (hand.status.phase, hand.status.on) == (Phase.SENT, False)
    hand.tell(events.Acked(booking_id="d.1"))
    assert hand.status.on is True
    assert hand.status.until == pytest.approx(hand.moment.wall + 10.0)


@pytest.mark.parametrize("words", ["unanswered", "silence"])
def test_not_acknowledged_counts_whole_and_is_unknown(words):
    hand = Hand()
    hand.ask(ml=450.0)
    hand.tell(events.Booked(booking_id="d.1"))
    if words == "silence":
        hand.tell(events.Tick(), after=30.1)
    else:
        hand.tell(events.Unanswered(booking_id="d.1"))
    assert events.SendOff() in hand.done
    assert hand.result == Finished(ms=22_500, ml=225.0, why=Why.NO_ANSWER, sure=False)
    assert (hand.status.on, _used(hand)) == (None, 225.0)
    hand.tell(events.Acked(booking_id="d.1"))
    assert hand.done[0] == events.SendOff()
    assert hand.status.on is None
    hand.tell(events.Reported(on=False))
    assert hand.status.on is False


def test_a_stop_that_overtakes_the_acknowledgement():
    hand = Hand()
    hand.ask()
    hand.tell(events.Booked(booking_id="d.1"))
    hand.tell(events.Stopped(by="me"))
    hand.tell(events.Acked(booking_id="d.1"), after=1.0)
    assert events.SendOff() in hand.done
    assert hand.status.phase is Phase.STOPPING
    hand.tell(events.Ended(booking_id="d.1"), after=0.5)
    assert hand.result == Finished(ms=1500, ml=15.0, why=Why.STOPPED)


def test_an_end_before_its_acknowledgement_counts_whole():
    hand = Hand()
    hand.ask()
    hand.tell(events.Booked(booking_id="d.1"))
    hand.tell(events.Ended(booking_id="d.1", ms=5), after=1.0)
    assert _used(hand) == 100.0
    assert hand.result == Finished(ms=10_000, ml=100.0, why=Why.STOPPED, sure=False)


@pytest.mark.parametrize(
    ("reason", "why", "counts"),
    [
        ("too_long", Why.NODE_TOO_LONG, 0.0),
        ("budget", Why.NODE_BUDGET, 0.0),
        ("interlock", Why.INTERLOCK, 0.0),
        ("gibberish", Why.NODE_REFUSED, 0.0),
        ("repeat", Why.NODE_REPEAT, 100.0),
    ],
)
def test_a_refusal_gives_nothing_except_of_what_has_run(reason, why, counts):
    hand = Hand()
    hand.ask()
    hand.tell(events.Booked(booking_id="d.1"))
    hand.tell(events.NodeRefused(booking_id="d.1", reason=reason))
    assert hand.result.why is why
    assert _used(hand) == counts
    hand.tell(events.Acked(booking_id="d.1"))
    assert hand.done[0] == events.SendOff()


def test_a_refusal_after_the_acknowledgement_is_not_believed():
    hand = Hand()
    hand.run()
    hand.tell(events.NodeRefused(booking_id="d.1", reason="busy"))
    assert (hand.status.phase, _used(hand)) == (Phase.RUNNING, 100.0)


def test_what_did_not_leave_gave_nothing():
    hand = Hand()
    hand.ask()
    hand.tell(events.Booked(booking_id="d.1"))
    hand.tell(events.NotSent(booking_id="d.1"))
    assert hand.result == Refusal(why=Why.NODE_GONE)
    assert _used(hand) == 0.0


def test_a_state_from_before_the_command_is_not_its_end():
    hand = Hand()
    hand.ask()
    hand.tell(events.Booked(booking_id="d.1"))
    hand.tell(events.Reported(on=False), after=0.1)
    assert hand.status.phase is Phase.SENT
    hand.tell(events.Acked(booking_id="d.1"))
    hand.tell(events.Reported(on=False), after=0.1)
    # Either somebody has stopped it, or this is old: then it is stopped now. It counts whole.
    assert events.SendOff() in hand.done
    assert _used(hand) == 100.0


def test_a_node_of_which_nothing_is_heard_has_ended_its_pulse():
    hand = Hand()
    hand.run()
    hand.tell(events.Tick(), after=12.1)
    assert hand.result == Finished(ms=10_000, ml=100.0)
    assert hand.status.on is False


def test_a_switch_is_turned_off_at_the_end_until_it_is_off():
    hand = Hand(SWITCH)
    hand.run()
    hand.tell(events.Tick(), after=10.0)
    assert events.SendOff() in hand.done
    raised = []
    for _ in range(5):
        hand.tell(events.Tick(), after=5.0)
        assert events.SendOff() in hand.done
        raised += hand.of(events.Raise)
    assert raised == [events.Raise(trouble=Trouble.STUCK_ON)]
    assert _used(hand) >= 350.0
    hand.tell(events.Reported(on=False))
    assert events.Clear(trouble=Trouble.STUCK_ON) in hand.done
    assert hand.status.on is False


@pytest.mark.parametrize("lost", [0, 3])
def test_a_switch_that_is_off_before_its_time_is_told_so_until_it_answers(lost):
    hand = Hand(SWITCH)
    hand.tell(events.Reported(on=True))
    hand.tell(events.Reported(on=False), after=0.1)  # older, perhaps: it may run
    for _ in range(1 + lost):
        [wake] = hand.of(events.WakeAt)
        hand.tell(events.Tick(), after=wake.steady - hand.now)
        assert hand.of(events.SendOff) == [events.SendOff()]
    hand.tell(events.Reported(on=False), after=0.1)
    assert not hand.tell(events.Tick(), after=3600.0)


def test_what_a_switch_gave_beyond_its_pulse_is_written_before_the_pulse_is_over():
    """Home Assistant may be killed between any two lines: what is left then must not be less."""
    hand = Hand(SWITCH)
    hand.run()
    hand.tell(events.Tick(), after=10.0)
    hand.tell(events.Ended(booking_id="d.1", ms=None), after=0.4)
    written = [do for do in hand.done if isinstance(do, events.Book | events.Settle)]
    beyond, pulse, whole = written
    assert isinstance(beyond, events.Book)
    assert beyond.booking.ms == pytest.approx(400, abs=2)
    assert pulse.settlement.booking_id == "d.1"
    assert pulse.settlement.ms == 10_000
    assert whole.settlement.booking_id == beyond.booking.booking_id
    assert _used(hand) == pytest.approx(104.0, abs=0.1)


def test_a_node_that_is_off_before_its_time_is_off():
    hand = Hand()
    hand.run()
    hand.tell(events.Ended(booking_id="d.1", ms=500), after=0.5)
    assert not hand.tell(events.Tick(), after=3600.0)


def test_nobody_is_woken_for_nothing():
    hand = Hand()
    assert not hand.of(events.WakeAt)
    hand.run()
    [wake] = hand.of(events.WakeAt)[-1:]
    assert wake.steady > hand.now
