from dataclasses import replace

import pytest

from custom_components.plant_vita.care import events
from custom_components.plant_vita.care.arbiter import Arbiter
from custom_components.plant_vita.model.watering import (
    Cause,
    Finished,
    InterlockKind,
    Memory,
    Phase,
    PumpFacts,
    Refusal,
    Source,
    Started,
    Trouble,
    Why,
)

from .hand import NODE, SWITCH, Hand

LEAK = InterlockKind.LEAK


def test_a_dose_goes_out_in_pulses_each_booked_before_it_is_sent():
    hand = Hand()
    hand.ask(ml=450.0)  # 45 s at 10 ml/s: two pulses
    assert [do.booking.ms for do in hand.of(events.Book)] == [22_500]
    assert not hand.of(events.Send)
    hand.tell(events.Booked(booking_id="d.1"))
    assert hand.of(events.Send) == [events.Send(booking_id="d.1", ms=22_500)]
    hand.tell(events.Acked(booking_id="d.1"))
    assert hand.result == Started(ms=45_000, ml=450.0)
    hand.tell(events.Ended(booking_id="d.1"), after=22.5)
    assert hand.status.phase is Phase.PAUSED
    hand.tell(events.Tick(), after=59.9)
    assert not hand.of(events.Book)
    hand.tell(events.Tick(), after=0.2)
    hand.tell(events.Booked(booking_id="d.2"), events.Acked(booking_id="d.2"))
    hand.tell(events.Ended(booking_id="d.2"), after=22.5)
    assert hand.result == Finished(ms=45_000, ml=450.0)
    assert hand.ledger.used_ml(("fern",), "p", hand.moment) == 450.0


def test_who_comes_meanwhile_waits_by_rank():
    hand = Hand()
    hand.run("one", ml=20.0)
    hand.ask("voice", ml=20.0, source=Source.VOICE)
    hand.ask("person", ml=20.0)
    assert hand.status.queued == 2
    hand.tell(events.Ended(booking_id="one.1"), after=2.0)
    assert [do.booking.demand_id for do in hand.of(events.Book)] == ["person"]


def test_the_queue_has_an_end_and_so_has_waiting():
    hand = Hand()
    hand.ask("one")
    for number in range(8):
        hand.ask(f"w{number}")
    hand.ask("too many")
    assert hand.result == Refusal(why=Why.QUEUE_FULL)
    hand.tell(events.Booked(booking_id="one.1"), events.Acked(booking_id="one.1"))
    hand.tell(events.Tick(), after=601.0)
    assert {do.result.why for do in hand.of(events.Tell)[1:]} >= {Why.TOO_LATE}
    assert hand.status.queued == 0


def test_the_same_demand_is_heard_once_also_by_the_next_arbiter():
    hand = Hand()
    hand.run(ml=20.0)
    assert hand.ask(ml=20.0)[:-1] == []
    later = Hand(ledger=hand.ledger)
    later.ask(ml=20.0)
    assert later.result == Refusal(why=Why.TOO_LATE)


@pytest.mark.parametrize("told", [events.Stopped(by="me"), None])
def test_a_stop_or_a_leak_ends_everything(told):
    hand = Hand()
    leak = events.Interlock(kind=LEAK, sensor="floor", on=True)
    why = Why.STOPPED if told else Why.LEAK
    hand.run(ml=450.0)
    hand.ask("waits")
    hand.tell(told or leak, after=3.0)
    assert events.SendOff() in hand.done
    assert [do.result for do in hand.of(events.Tell)] == [Refusal(why=why)]
    hand.tell(events.Ended(booking_id="d.1"), after=0.25)
    assert hand.result == Finished(ms=3250, ml=32.5, why=why)
    hand.tell(events.Tick(), after=3600.0)
    assert not hand.of(events.Book)


def test_every_contact_has_to_be_dry_again():
    hand = Hand()
    for sensor in ("bath", "floor"):
        hand.tell(events.Interlock(kind=LEAK, sensor=sensor, on=True))
    hand.tell(events.Interlock(kind=LEAK, sensor="bath", on=False))
    hand.ask()
    assert hand.result == Refusal(why=Why.LEAK)
    assert hand.status.blocked is Why.LEAK
    hand.tell(events.Interlock(kind=LEAK, sensor="floor", on=False))
    hand.ask("again")
    assert hand.of(events.Book)


def test_the_lock_that_a_pump_reports_is_its_own_to_end():
    hand = Hand()
    hand.tell(events.Reported(on=False, lock=InterlockKind.TANK_EMPTY))
    hand.ask()
    assert hand.result == Refusal(why=Why.TANK_EMPTY)
    hand.tell(events.Reported(on=False))
    hand.ask("again")
    assert hand.of(events.Book)


def test_nothing_before_the_state_was_read_back():
    hand = Hand(ready=False)
    hand.ask("one")
    assert hand.result == Refusal(why=Why.NODE_GONE)
    hand.tell(events.LinkUp())
    hand.ask("two")
    assert hand.result == Refusal(why=Why.NOT_READ_BACK)
    assert hand.status.on is None
    hand.tell(events.Reported(on=False))
    assert hand.status.on is False


def test_a_lost_link_ends_the_dose_and_it_counts_whole():
    hand = Hand()
    hand.run(ml=450.0)
    hand.tell(events.LinkDown(), after=1.0)
    assert hand.result == Finished(ms=22_500, ml=225.0, why=Why.NODE_GONE, sure=False)
    assert hand.status.on is None
    hand.tell(events.LinkUp(), events.Reported(on=False), after=300.0)
    hand.tell(events.Tick(), after=3600.0)
    assert not hand.of(events.Book)
    assert hand.ledger.used_ml(("fern",), "p", hand.moment) == 225.0


def test_a_pump_that_does_not_know_what_it_does_gives_nothing():
    hand = Hand()
    hand.tell(events.Reported(on=None))
    hand.ask()
    assert hand.result == Refusal(why=Why.NOT_READ_BACK)


def test_soil_that_does_not_answer_twice_locks_until_a_person_has_looked():
    hand = Hand()
    for turn in range(2):
        hand.measure(30.0)
        hand.run(f"d{turn}", ml=100.0)
        hand.tell(events.Ended(booking_id=f"d{turn}.1"), after=10.0)
        hand.measure(30.5, after=1900.0)
    [raised] = hand.of(events.Raise)
    assert (raised.trouble, raised.cause) == (Trouble.NO_RESPONSE, Cause.CLOGGED)
    memory = hand.of(events.Remember)[-1].memory
    hand.ask("more")
    assert hand.result == Refusal(why=Why.LOCKED)

    later = Hand(memory=memory)
    later.ask()
    assert later.result == Refusal(why=Why.LOCKED)
    later.tell(events.Cleared())
    assert later.of(events.Clear) == [events.Clear(trouble=Trouble.NO_RESPONSE)]
    # How the soil answered before says nothing of a pump that somebody has looked after.
    [kept] = later.of(events.Remember)
    assert kept.memory == Memory(looked_at=later.ledger.time(later.moment))
    later.ask("again")
    assert later.of(events.Book)


@pytest.mark.parametrize(
    "facts",
    [
        PumpFacts(plants=("ivy",), ml_per_s=10.0),
        PumpFacts(plants=("fern",), ml_per_s=3.0),
        None,
    ],
)
def test_a_pump_that_is_set_up_anew_stops(facts):
    hand = Hand()
    hand.run(ml=450.0)
    hand.tell(events.Configured(facts=facts))
    assert events.SendOff() in hand.done
    hand.tell(events.Ended(booking_id="d.1"), after=1.0)
    assert hand.result.why is (Why.CHANGED if facts else Why.NO_PUMP)


def test_a_budget_that_shrinks_while_it_is_written_down_holds():
    hand = Hand()
    hand.ask(ml=300.0)
    hand.tell(events.Configured(facts=PumpFacts(plants=("fern",), ml_per_s=10.0, daily_ml=200.0)))
    assert hand.result == Refusal(why=Why.CHANGED)
    hand.tell(events.Booked(booking_id="d.1"))
    assert not hand.of(events.Send)
    assert hand.ledger.used_ml(("fern",), "p", hand.moment) == 0.0


def test_a_sensor_that_fails_while_it_is_written_down_waters_nothing():
    hand = Hand()
    hand.measure(30.0)
    hand.ask(source=Source.AUTOMATIC)
    assert hand.of(events.Book)
    hand.measure(0.5, after=1.0)
    hand.tell(events.Booked(booking_id="d.1"))
    assert not hand.of(events.Send)
    assert hand.result == Refusal(why=Why.SENSOR_RANGE)


def test_a_plan_waits_for_a_busy_node_and_a_person_is_told():
    hand = Hand(PumpFacts(plants=("fern",), ml_per_s=10.0))
    hand.ask("plan", source=Source.SCHEDULE, due_at=hand.moment.wall)
    hand.tell(events.Booked(booking_id="plan.1"))
    busy = {"reason": "busy", "retry_ms": 12_000}
    hand.tell(events.NodeRefused(booking_id="plan.1", **busy))
    assert not hand.of(events.Tell)
    hand.tell(events.Tick(), after=12.1)
    assert [do.booking.booking_id for do in hand.of(events.Book)] == ["plan.2"]
    assert hand.ledger.used_ml(("fern",), "p", hand.moment) == 100.0
    hand.tell(events.Stopped(by="me"))
    hand.ask("person")
    hand.tell(events.Booked(booking_id="person.1"))
    hand.tell(events.NodeRefused(booking_id="person.1", **busy))
    assert hand.result == Refusal(why=Why.NODE_BUSY, until=hand.moment.wall + 12)


def test_somebody_at_the_switch_itself_is_counted_and_bounded():
    hand = Hand(SWITCH)
    hand.tell(events.Reported(on=True))
    [book] = hand.of(events.Book)
    assert (book.send, book.booking.ms, book.booking.source) == (False, 30_001, Source.MANUAL)
    assert hand.status.on is True
    hand.tell(events.Tick(), after=30.1)
    assert events.SendOff() in hand.done


def test_a_hand_at_an_idle_switch_is_turned_off_at_the_deadline_and_not_before():
    hand = Hand(SWITCH)
    hand.tell(events.Reported(on=True))
    assert events.SendOff() not in hand.done
    hand.tell(events.Tick(), after=29.9)
    assert (events.SendOff() in hand.done, hand.status.on) == (False, True)
    hand.tell(events.Tick(), after=0.2)
    assert events.SendOff() in hand.done


def test_what_comes_on_just_after_it_was_told_to_be_off_is_no_hand():
    hand = Hand(SWITCH)
    hand.run(ml=200.0)
    hand.tell(events.Stopped(by="me"), after=1.0)
    hand.tell(events.Ended(booking_id="d.1"))
    assert hand.status.phase is Phase.IDLE
    hand.tell(events.Reported(on=True), after=29.0)
    assert events.SendOff() in hand.done
    hand.tell(events.Reported(on=False))
    hand.tell(events.Tick(), events.Reported(on=False), after=5.0)  # told once more, to be sure
    hand.tell(events.Reported(on=True), after=30.1)
    assert events.SendOff() not in hand.done


def test_a_hand_goes_before_a_plan_that_is_being_written_down():
    hand = Hand(SWITCH)
    hand.measure(30.0)
    hand.ask("plan", source=Source.SCHEDULE, due_at=hand.moment.wall)
    hand.tell(events.Reported(on=True))
    assert hand.result == Refusal(why=Why.BUSY)
    assert events.SendOff() not in hand.done
    hand.tell(events.Booked(booking_id="plan.1"))
    assert not hand.of(events.Send)
    hand.tell(events.Tick(), after=30.1)
    assert events.SendOff() in hand.done


def test_a_hand_has_what_is_left_of_the_day_and_no_more():
    hand = Hand(replace(SWITCH, ml_per_s=None, cap_ms=120_000))  # 30 ml a second are assumed
    hand.run(ml=200.0)
    hand.tell(events.Ended(booking_id="d.1"), after=6.666)
    hand.tell(events.Reported(on=True), after=60.0)
    [book] = hand.of(events.Book)
    assert 299.9 < book.booking.ml <= 300.02
    assert events.SendOff() not in hand.done
    hand.tell(events.Tick(), after=10.1)
    assert events.SendOff() in hand.done
    hand.tell(events.Reported(on=False))
    hand.tell(events.Reported(on=True), after=3600.0)
    assert events.SendOff() in hand.done


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        (SWITCH, events.Interlock(kind=LEAK, sensor="floor", on=True)),
        (replace(SWITCH, daily_ml=0.0), None),
        (replace(SWITCH, plants=(), sensed=frozenset(), daily_ms=0), None),
    ],
)
def test_a_hand_where_nothing_may_flow_is_turned_off_at_once(facts, word):
    hand = Hand(facts)
    if word:
        hand.tell(word)
    hand.tell(events.Reported(on=True), after=60.0)
    assert events.SendOff() in hand.done
    assert [book.booking.ms for book in hand.of(events.Book)] == [30_001]


def test_a_hand_at_a_node_that_has_little_left_is_counted_whole_and_turned_off_at_once():
    hand = Hand()  # 10 ml a second, 500 ml a day
    hand.run(ml=250.0)
    hand.tell(events.Ended(booking_id="d.1"), after=25.0)
    hand.tell(events.Reported(on=True), after=3600.0)
    # It ends by its own timer, up to 30 s: more than the 25 s that are left.
    assert [book.booking.ms for book in hand.of(events.Book)] == [30_001]
    assert events.SendOff() in hand.done


def test_a_hand_at_a_switch_of_a_lost_ledger_is_turned_off_at_once():
    hand = Hand(SWITCH)
    hand.ledger.damage(hand.moment)
    hand.tell(events.Reported(on=True), after=60.0)
    assert events.SendOff() in hand.done


def test_a_switch_found_running_leaves_nothing_to_another_pump_of_its_plants():
    switch = Hand(
        replace(SWITCH, plants=("fern", "ivy"), daily_ml=100.0, most_ml=500.0), ready=False
    )
    switch.tell(events.LinkUp(), events.Reported(on=True))
    [book] = switch.of(events.Book)
    assert (book.booking.ms, book.booking.ml) == (50_001, 500.01)
    other = Hand(NODE, ledger=switch.ledger)
    other.ask(ml=10.0)
    assert other.result.why is Why.BUDGET_SPENT


def test_nobody_is_there_and_no_pump():
    hand = Hand(ready=False)
    hand.tell(events.Configured(facts=None))
    hand.ask()
    assert hand.result == Refusal(why=Why.NO_PUMP)
    assert hand.status.blocked is Why.NO_PUMP


def test_every_event_has_somebody_who_hears_it():
    kinds = set(events.Event.__value__.__args__)
    assert set(Arbiter._HANDLERS) == kinds
    assert NODE.bounded_by_hardware
