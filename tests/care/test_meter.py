from dataclasses import replace

import pytest

from custom_components.plant_vita.care import course
from custom_components.plant_vita.care.ledger import Ledger
from custom_components.plant_vita.care.meter import Meter

from .hand import NODE, SWITCH, demand, moment

FERN = ("fern",)


def _meter(facts=SWITCH, ledger=None):
    meter = Meter("p", ledger or Ledger(None, moment()))
    meter.facts = course.sound(facts)
    return meter, meter._ledger


def _sent(meter, ms=10_000):
    booking = meter.booking("d.1", demand(), ms, moment())
    meter.sent(ms / 1000, moment())
    return booking


def test_what_a_switch_gives_beyond_its_pulse_is_booked_when_it_is_off():
    meter, ledger = _meter()
    _sent(meter)
    [more] = meter.off(moment(12.5))
    assert (more.send, more.booking.ms) == (False, 2501)
    assert ledger.used_ml(FERN, "p", moment(13)) == pytest.approx(125.01)
    assert meter.off(moment(99)) == []


def test_a_switch_that_stays_on_is_booked_on_ever_more_seldom():
    meter, ledger = _meter()
    _sent(meter)
    booked, lines = 0, 0
    for second in range(3600):
        for more in meter.overdue(moment(second)):
            booked += more.booking.ms
            lines += 1
        if second > 15:
            assert ledger.used_ms("p", moment(second)) >= (second - 3) * 1000
    assert booked >= 3_590_000
    assert lines < 12


def test_a_node_ends_its_pulses_by_itself():
    meter, ledger = _meter(NODE)
    _sent(meter)
    assert meter.overdue(moment(9999)) == []
    assert meter.off(moment(9999)) == []
    assert ledger.used_ms("p", moment(9999)) == 10_000


def test_somebody_else_is_counted_once():
    meter, ledger = _meter()
    assert meter.unasked(moment()).booking.ms == 30_001
    assert meter.unasked(moment(29)) is None
    assert meter.unasked(moment(31)).booking.ms == 30_001
    assert ledger.used_ms("p", moment(31)) == 60_002


def test_found_running_it_has_used_up_the_day():
    meter, ledger = _meter()
    meter.unasked(moment(), found=True)
    assert ledger.used_ml(FERN, "p", moment()) >= 500.0


@pytest.mark.parametrize(("boot", "least"), [("b1", 1190.0), ("b2", 50.0)])
def test_what_ran_at_the_end_may_have_run_ever_since(boot, least):
    meter, ledger = _meter()
    booking = _sent(meter)
    later = moment(1200.0, boot=boot)
    again, known = _meter(ledger=Ledger.restored([booking], later))
    again.resume(later)
    assert again.may_run
    [more] = again.overdue(later)
    assert more.booking.ms >= least * 1000
    assert known.used_ms("p", later) > ledger.used_ms("p", moment())


def test_a_clock_that_was_set_back_meanwhile_does_not_hide_what_flowed():
    meter, _ = _meter()
    booking = _sent(meter)
    later = moment(1200.0, ahead=-1200.0)
    again, _ = _meter(ledger=Ledger.restored([booking], later))
    again.resume(later)
    [more] = again.overdue(later)
    assert more.booking.ms >= 1_190_000


def test_after_a_start_a_node_has_long_stopped():
    meter, _ = _meter(NODE)
    booking = _sent(meter)
    later = moment(1200.0)
    again, _ = _meter(NODE, Ledger.restored([booking], later))
    again.resume(later)
    assert not again.may_run


def test_a_booking_names_everybody_who_gets_wet():
    meter, _ = _meter(replace(NODE, plants=("fern", "ivy")))
    assert _sent(meter).plant_ids == ("fern", "ivy")
