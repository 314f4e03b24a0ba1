import math
from dataclasses import replace

import pytest

from custom_components.plant_vita.care.ledger import KEPT_S, WINDOW_S, Ledger
from custom_components.plant_vita.care.meter import Meter
from custom_components.plant_vita.model.watering import (
    Anchor,
    Booking,
    Damage,
    Settlement,
    Source,
)

from .hand import NODE, demand, moment

FERN = ("fern",)


def _book(ledger, name="d", *, ms=10_000, at=0.0, pump="p", plants=FERN, source=Source.MANUAL):
    meter = Meter(pump, ledger)
    meter.facts = replace(NODE, plants=plants)
    wanted = demand(name, pump_id=pump, plant_ids=plants, source=source)
    return meter.booking(f"{name}.1", wanted, ms, moment(at))


def test_a_booking_counts_at_once_and_for_a_day():
    ledger = Ledger(None, moment())
    _book(ledger)
    assert ledger.used_ml(FERN, "p", moment(1)) == 100.0
    assert ledger.used_ms("p", moment(1)) == 10_000
    assert ledger.used_ml(FERN, "p", moment(WINDOW_S + 9)) == 100.0
    assert ledger.used_ml(FERN, "p", moment(WINDOW_S + 11)) == 0.0


def test_a_plant_and_a_pump_gain_nothing_by_a_new_partner():
    ledger = Ledger(None, moment())
    _book(ledger)
    assert ledger.used_ml(FERN, "other pump", moment()) == 100.0
    assert ledger.used_ml(("ivy",), "p", moment()) == 100.0
    assert ledger.used_ml(("ivy",), "other pump", moment()) == 0.0
    _book(ledger, "e", pump="q")
    assert ledger.used_ml(FERN, "p", moment()) == 200.0


def test_the_share_of_one_source():
    ledger = Ledger(None, moment())
    _book(ledger)
    _book(ledger, "e", source=Source.AI, ms=2000)
    assert ledger.used_ml(FERN, "p", moment(), Source.AI) == 20.0


@pytest.mark.parametrize(
    ("ms", "ml", "counts"),
    [
        (4000, 40.0, 40.0),
        (0, 0.0, 0.0),
        (20_000, 200.0, 100.0),
        (5, math.nan, 100.0),
        (-1, 1.0, 100.0),
        (1, -1.0, 100.0),
    ],
)
def test_settled_only_downwards_and_by_numbers(ms, ml, counts):
    ledger = Ledger(None, moment())
    _book(ledger)
    ledger.settle(Settlement(booking_id="d.1", ms=ms, ml=ml))
    assert ledger.used_ml(FERN, "p", moment()) == counts
    ledger.settle(Settlement(booking_id="d.1", ms=9999, ml=99.9))
    assert ledger.used_ml(FERN, "p", moment()) <= 100.0


def test_what_was_never_sent_can_be_released():
    ledger = Ledger(None, moment())
    _book(ledger)
    ledger.release("d.1")
    assert ledger.used_ml(FERN, "p", moment()) == 0.0
    assert not ledger.knows("d")


def test_when_there_is_room_again():
    ledger = Ledger(None, moment())
    _book(ledger, "a")
    _book(ledger, "b", at=3600.0)
    until = ledger.free_at(FERN, "p", moment(7200.0), 150.0)
    assert until == pytest.approx(moment(10 + WINDOW_S).wall)
    assert ledger.free_at(FERN, "p", moment(7200.0), 500.0) == moment(7200.0).wall


def test_the_time_since_the_last_water():
    ledger = Ledger(None, moment())
    assert ledger.since_water(FERN, "p", moment()) == math.inf
    _book(ledger)
    assert ledger.since_water(FERN, "q", moment(70)) == 60.0
    ledger.settle(Settlement(booking_id="d.1", ms=0, ml=0.0))
    assert ledger.since_water(FERN, "p", moment(70)) == math.inf


def test_a_restart_knows_what_was_given_and_to_whom():
    before = Ledger(None, moment())
    booking = _book(before, at=50.0)
    lines = [booking, Settlement(booking_id="d.1", ms=4000, ml=40.0)]
    after = Ledger.restored(lines, moment(100.0))
    assert after.used_ml(FERN, "p", moment(100.0)) == 40.0
    assert after.knows("d")
    assert after.time(moment(100.0)) == 100.0
    assert after.open_of("p") == []
    assert Ledger.restored([booking], moment(100.0)).open_of("p") == [booking]


def test_after_a_start_of_the_machine_time_goes_on_from_the_last_anchor():
    before = Ledger(None, moment())
    booking = _book(before)
    lines = [booking, Anchor(at=moment(3600.0), budget_at=3600.0)]
    day_later = moment(30.0, ahead=200_000.0, boot="b2")
    after = Ledger.restored(lines, day_later)
    assert after.time(day_later) == 3600.0
    assert after.used_ml(FERN, "p", day_later) == 100.0


def test_a_damaged_ledger_is_spent_for_a_day_also_after_a_restart():
    ledger = Ledger(None, moment())
    line = ledger.damage(moment(10.0))
    assert isinstance(line, Damage)
    assert ledger.spent_until(moment(11.0)) == pytest.approx(moment(10 + WINDOW_S).wall)
    again = Ledger.restored([line], moment(60.0))
    assert again.spent_until(moment(60.0)) is not None
    assert again.spent_until(moment(11 + WINDOW_S)) is None
    assert Ledger.restored([], moment()).spent_until(moment()) is None


def test_what_is_kept_says_the_same():
    ledger = Ledger(None, moment())
    _book(ledger, "old")
    new = _book(ledger, "new", at=KEPT_S)
    kept = ledger.lines(moment(KEPT_S + 20))
    assert [line for line in kept if isinstance(line, Booking)] == [new]
    again = Ledger.restored(kept, moment(KEPT_S + 30))
    assert again.time(moment(KEPT_S + 30)) == KEPT_S + 30
    assert again.used_ml(FERN, "p", moment(KEPT_S + 30)) == 100.0
