from dataclasses import replace

import pytest

from custom_components.plant_vita.care import response
from custom_components.plant_vita.model.watering import Cause, Memory, Soil

from .hand import NODE

HALF = 1800.0


def _pour(memory, *, at, ml=100.0, before=30.0):
    return response.poured(memory, "fern", ml=ml, before=before, began=at, ended=at + 10)


def _see(memory, moisture, *, at, facts=NODE, **more):
    soil = Soil(plant_id="fern", moisture=moisture, at=at, **more)
    return response.measured(memory, soil, at, facts)


def test_twice_no_answer_is_a_lock_once_is_none():
    memory = _see(_pour(Memory(), at=0.0), 32.9, at=HALF + 10)
    assert (memory.locked, memory.misses) == (None, {"fern": 1})
    memory = _see(_pour(memory, at=4000.0), 32.9, at=4000 + HALF + 10)
    assert memory.locked is Cause.CLOGGED


def test_an_answer_between_forgives():
    memory = _see(_pour(Memory(), at=0.0), 30.0, at=2000.0)
    memory = _see(_pour(memory, at=4000.0), 33.0, at=4100.0)
    assert (memory.misses, memory.watches) == ({}, {})
    memory = _see(_pour(memory, at=9000.0), 30.0, at=11_000.0)
    assert memory.locked is None


def test_half_an_hour_is_waited_for():
    memory = _see(_pour(Memory(), at=0.0), 30.0, at=HALF + 9)
    assert memory.misses == {}
    assert response.owes_answer(memory, "fern")


def test_small_doses_add_up_within_a_day():
    memory = Memory()
    for turn in range(2):
        memory = _pour(memory, at=7200.0 * turn, ml=60.0)
        memory = _see(memory, 30.0, at=7200.0 * turn + 2000)
    assert memory.misses == {"fern": 1}
    memory = _pour(_pour(Memory(), at=0.0, ml=60.0), at=90_000.0, ml=60.0)
    assert memory.watches["fern"].ml == 60.0


def test_what_was_measured_before_the_water_is_no_answer():
    memory = _pour(Memory(), at=5000.0)
    assert _see(memory, 80.0, at=4999.0) == memory


def test_soil_that_has_dried_since_does_not_answer_by_what_it_was():
    memory = _see(_pour(Memory(), at=0.0, ml=60.0, before=40.0), 40.0, at=100.0)
    memory = _pour(memory, at=30_000.0, ml=60.0, before=35.0)
    assert memory.watches["fern"].best is None
    assert _see(memory, 36.0, at=30_000 + HALF + 10).misses == {"fern": 1}


@pytest.mark.parametrize(
    ("moisture", "more", "watched", "cause"),
    [
        (30.0, {}, False, Cause.TANK_EMPTY),
        (30.0, {}, True, Cause.PUMP_DEAD),
        (31.0, {}, True, Cause.CLOGGED),
        (2.0, {}, True, Cause.PROBE_OUT),
        (30.0, {"out_of_soil": True}, False, Cause.PROBE_OUT),
        (float("nan"), {}, False, Cause.PROBE_OUT),
    ],
)
def test_the_likely_cause_is_named(moisture, more, watched, cause):
    memory = replace(Memory(), misses={"fern": 1})
    facts = replace(NODE, tank_watched=watched)
    memory = _see(_pour(memory, at=0.0), moisture, at=2000.0, facts=facts, **more)
    assert memory.locked is cause


def test_a_flawed_sensor_answers_nothing():
    memory = _see(_pour(Memory(), at=0.0), 60.0, at=2000.0, flawed=True)
    assert memory.misses == {"fern": 1}


def test_what_is_no_moisture_is_neither_an_answer_nor_none():
    memory = replace(_pour(Memory(), at=0.0), misses={"fern": 1})
    assert _see(memory, 99.5, at=2000.0) == memory
    assert _see(_see(memory, 99.5, at=2000.0), 32.9, at=2100.0).misses == {"fern": 2}
    assert _see(_see(memory, 99.5, at=2000.0), 97.0, at=2100.0).misses == {}


def test_a_sensor_that_always_shows_too_much_answers_nothing():
    assert _see(_pour(Memory(), at=0.0, before=99.5), 99.5, at=2000.0).misses == {"fern": 1}


def test_a_plant_without_a_sensor_is_not_waited_for_and_a_lock_stays():
    memory = replace(_pour(Memory(), at=0.0), locked=Cause.CLOGGED, misses={"fern": 2})
    left = response.only(memory, frozenset())
    assert (left.watches, left.misses, left.locked) == ({}, {"fern": 2}, Cause.CLOGGED)
    assert response.only(memory, frozenset({"fern"})) is memory


def test_when_somebody_last_looked_is_not_forgotten_by_an_answer_or_a_miss():
    memory = Memory(looked_at=5.0)
    assert _see(_pour(memory, at=10.0), 40.0, at=HALF + 30).looked_at == 5.0
    assert _see(_pour(memory, at=10.0), 30.0, at=HALF + 2000).looked_at == 5.0
