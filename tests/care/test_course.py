import math
from dataclasses import replace

import pytest

from custom_components.plant_vita.care import course
from custom_components.plant_vita.care.course import Pulse, Watering
from custom_components.plant_vita.care.ledger import Ledger
from custom_components.plant_vita.care.meter import Meter
from custom_components.plant_vita.model.watering import PumpFacts, Source

from .hand import NODE, SWITCH, demand, moment


@pytest.mark.parametrize("rate", [None, 0.0, -1.0, math.nan, math.inf, 1e9, 0.01])
def test_what_cannot_be_a_rate_is_counted_as_the_strongest_small_pump(rate):
    facts = course.sound(PumpFacts(ml_per_s=rate))
    assert course.rate(facts) == 30.0
    assert course.dose_ms(demand(ml=90.0), facts) == 3000
    assert course.ml_of(3000, facts) == 90.0


def test_figures_that_make_no_sense_are_replaced_by_careful_ones():
    facts = course.sound(
        PumpFacts(cap_ms=10**9, pause_s=math.nan, daily_ml=math.nan, soak_s=-1.0, daily_ms=-5)
    )
    assert (facts.cap_ms, facts.pause_s, facts.daily_ml) == (30_000, 60.0, 0.0)
    assert (facts.soak_s, facts.daily_ms) == (60.0, 0)
    assert course.sound(PumpFacts(most_ml=math.nan)).most_ml == 10_000.0
    assert course.sound(replace(SWITCH, cap_ms=10**9)).cap_ms == 600_000
    assert course.sound(replace(NODE, daily_ml=math.inf)).daily_ml == 10_000.0


@pytest.mark.parametrize(
    ("ml", "ms", "length"),
    [
        (100.0, None, 10_000),
        (None, 1234, 1234),
        (None, None, 0),
        (100.0, 5, 0),
        (-1.0, None, 0),
        (math.nan, None, 0),
        (math.inf, None, 0),
        (None, -5, 0),
    ],
)
def test_a_dose_is_ml_or_ms(ml, ms, length):
    assert course.dose_ms(demand(ml=ml, ms=ms), NODE) == length


@pytest.mark.parametrize(
    ("whole", "pulses"),
    [(30_000, [30_000]), (30_050, [15_025, 15_025]), (100_000, [25_000] * 4), (1, [1])],
)
def test_pulses_are_about_as_long_and_none_is_lost(whole, pulses):
    watering = Watering(demand=demand(), facts=NODE, began=0.0, whole_ms=whole, left_ms=whole)
    made = []
    while watering.left_ms:
        made.append(watering.next_ms(30_000))
        watering.left_ms -= made[-1]
    assert made == pulses


def test_everybody_gets_wet():
    facts = replace(NODE, plants=("fern", "ivy"))
    watering = Watering(demand=demand(), facts=facts, began=0.0, whole_ms=1, left_ms=1)
    assert watering.plant_ids == ("fern", "ivy")


def test_only_a_person_at_a_node_is_not_made_to_wait():
    fields = {"began": 0.0, "whole_ms": 1, "left_ms": 1}
    assert Watering(demand=demand(), facts=NODE, **fields).beside
    assert not Watering(demand=demand(), facts=SWITCH, **fields).beside
    plan = demand(source=Source.AUTOMATIC)
    assert not Watering(demand=plan, facts=NODE, **fields).beside
    assert not Watering(demand=demand(), facts=NODE, given_ms=5, **fields).beside


def _pulse(**more):
    booking = Meter("p", Ledger(None, moment())).booking("d.1", demand(), 10_000, moment())
    return Pulse(booking=booking, booked_at=0.0, sent_at=1.0, acked_at=1.5, **more)


@pytest.mark.parametrize(
    ("now", "told", "seen", "gave"),
    [
        (4.0, None, None, 3000),  # the time since it was sent is the most that can have flowed
        (40.0, None, None, 10_000),
        (4.0, 1200, None, 1200),
        (4.0, 1200, 3.5, 2000),  # it was seen running for longer than it tells
        (4.0, 99_999, None, 10_000),
        (4.0, -7, None, 10_000),
    ],
)
def test_what_a_pulse_gave_is_never_counted_too_low(now, told, seen, gave):
    assert _pulse(seen_on=seen).gave_at_most_ms(now, told) == gave


def test_which_end_is_natural():
    assert _pulse().is_natural_end(11.0, None)
    assert not _pulse().is_natural_end(8.0, None)
    assert _pulse().is_natural_end(8.0, 10_000)
    assert not _pulse().is_natural_end(30.0, 4000)


def test_a_cheaper_pulse_flows_elsewhere():
    assert course.flow_elsewhere(NODE, replace(NODE, plants=("ivy",)))
    assert course.flow_elsewhere(NODE, replace(NODE, ml_per_s=5.0))
    assert not course.flow_elsewhere(NODE, replace(NODE, daily_ml=5.0))
