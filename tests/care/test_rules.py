from dataclasses import replace

import pytest

from custom_components.plant_vita.care import rules
from custom_components.plant_vita.care.ledger import Ledger
from custom_components.plant_vita.care.meter import Meter
from custom_components.plant_vita.care.rules import Case
from custom_components.plant_vita.care.senses import Senses
from custom_components.plant_vita.model.watering import (
    Cause,
    InterlockKind,
    Memory,
    Refusal,
    Soil,
    Source,
    Watch,
    Why,
)

from .hand import NODE, SWITCH, demand, moment

NOW = moment(1000.0)


def _case(**more):
    senses = Senses()
    senses.take(Soil(plant_id="fern", moisture=30.0, at=NOW.wall), NOW)
    fields = {
        "demand": demand(),
        "ms": 10_000,
        "plant_ids": ("fern",),
        "facts": NODE,
        "ledger": Ledger(None, moment()),
        "senses": senses,
        "memory": Memory(),
        "locks": (),
        "reachable": True,
        "read_back": True,
        "now": NOW,
    }
    return Case(**(fields | more))


def _why(case, which=rules.START):
    refusal = rules.refusal(case, which)
    return refusal.why if refusal else None


def _given(ms, source=Source.MANUAL, *, at=0.0):
    ledger = Ledger(None, moment())
    meter = Meter("p", ledger)
    meter.facts = NODE
    meter.booking("x.1", demand("x", source=source), ms, moment(at))
    return ledger


PLAN = {"source": Source.SCHEDULE, "due_at": NOW.wall}


@pytest.mark.parametrize("source", Source)
def test_a_sound_case_is_objected_to_by_nobody(source):
    due = NOW.wall if source is Source.SCHEDULE else None
    facts = replace(NODE, ai_allowed=True)
    assert _why(_case(demand=demand(source=source, due_at=due), facts=facts)) is None
    assert _why(_case(), rules.PULSE) is None
    assert _why(_case(), rules.STANDING) is None


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (InterlockKind.LEAK, Why.LEAK),
        (InterlockKind.TANK_EMPTY, Why.TANK_EMPTY),
        (InterlockKind.OVERCURRENT, Why.OVERCURRENT),
    ],
)
def test_no_interlock_is_overridden_by_anybody(kind, why):
    for which in (rules.START, rules.PULSE, rules.STANDING):
        assert _why(_case(locks={(kind, "x")}), which) is why


def test_what_holds_for_a_person_too():
    assert _why(_case(memory=Memory(locked=Cause.CLOGGED))) is Why.LOCKED
    assert _why(_case(reachable=False)) is Why.NODE_GONE
    assert _why(_case(read_back=False)) is Why.NOT_READ_BACK
    ledger = Ledger(None, moment())
    ledger.damage(moment())
    assert _why(_case(ledger=ledger)) is Why.LEDGER_DAMAGED


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"ms": 0}, Why.TOO_SMALL),
        ({"ms": 49}, Why.TOO_SMALL),
        ({"ms": 50_001}, Why.TOO_MUCH),
        ({"demand": demand(plant_ids=("ivy",))}, Why.CHANGED),
    ],
)
def test_what_is_no_dose_for_this_pump(more, why):
    assert _why(_case(**more)) is why


@pytest.mark.parametrize(
    ("late", "why"),
    [(-61.0, Why.TOO_LATE), (0.0, None), (3599.0, None), (3600.0, Why.TOO_LATE)],
)
def test_a_schedule_is_made_up_for_within_the_hour(late, why):
    case = _case(demand=demand(source=Source.SCHEDULE, due_at=NOW.wall - late))
    assert _why(case) is why
    assert _why(_case(demand=demand(source=Source.SCHEDULE))) is Why.TOO_LATE


@pytest.mark.parametrize(("given", "why"), [(40_000, None), (40_001, Why.BUDGET_SPENT)])
def test_the_budget_of_a_day(given, why):
    case = _case(ledger=_given(given))
    assert _why(case) is why
    refusal = rules.budget(case)
    if refusal:
        end = moment(given / 1000 + 86_400 + 900).wall
        assert refusal.until == pytest.approx(end)


def test_a_switch_without_plants_has_a_time_of_its_own():
    fields = {"plant_ids": (), "demand": demand(plant_ids=()), "ledger": _given(100_000)}
    bare = replace(SWITCH, plants=())
    assert _why(_case(facts=bare, ms=20_000, **fields)) is None
    assert _why(_case(facts=bare, ms=20_001, **fields)) is Why.PUMP_TIME_SPENT
    node = replace(NODE, plants=(), daily_ms=None)
    assert _why(_case(facts=node, ms=20_001, **fields)) is None


def test_a_model_has_a_fifth_if_that():
    ask = demand(source=Source.AI)
    assert _why(_case(demand=ask)) is Why.AI_OFF
    facts = replace(NODE, ai_allowed=True, soak_s=60.0)
    assert _why(_case(demand=ask, facts=facts, ms=10_001)) is Why.AI_BUDGET
    used = _given(5000, Source.AI)
    assert _why(_case(demand=ask, facts=facts, ms=5000, ledger=used)) is None
    assert _why(_case(demand=ask, facts=facts, ms=5001, ledger=used)) is Why.AI_BUDGET


@pytest.mark.parametrize(("source", "why"), [(Source.MANUAL, None), (Source.VOICE, Why.SOAKING)])
def test_only_a_person_at_the_pump_overrides_the_soaking(source, why):
    case = _case(demand=demand(source=source), ledger=_given(1000))
    assert _why(case) is why
    wet = _case(demand=demand(**PLAN), ledger=_given(1000))
    assert rules.soaked(wet) == Refusal(why=Why.SOAKING, until=pytest.approx(moment(1801.0).wall))


def test_who_is_not_there_needs_a_sane_and_fresh_sensor():
    nothing = Senses()
    assert _why(_case(demand=demand(**PLAN), senses=nothing)) is Why.NO_READING
    assert _why(_case(senses=nothing)) is None
    old = Senses()
    old.take(Soil(plant_id="fern", moisture=30.0, at=NOW.wall - 1000.0), NOW)
    assert _why(_case(demand=demand(**PLAN), senses=old)) is Why.NOT_FRESH
    blind = replace(NODE, sensed=frozenset())
    assert _why(_case(demand=demand(**PLAN), facts=blind)) is None
    assert _why(_case(demand=demand(source=Source.AUTOMATIC), facts=blind)) is Why.NO_READING


def test_a_sensor_has_to_stay_sane_from_pulse_to_pulse():
    torn_out = Senses()
    torn_out.take(Soil(plant_id="fern", moisture=0.5, at=NOW.wall), NOW)
    plan = _case(demand=demand(**PLAN), senses=torn_out)
    assert _why(plan, rules.PULSE) is Why.SENSOR_RANGE
    assert _why(_case(senses=torn_out), rules.PULSE) is None


def test_who_is_not_there_waits_for_the_answer_to_the_last_water():
    memory = Memory(watches={"fern": Watch(before=30.0, ml=100.0, began=0.0, ended=10.0)})
    assert _why(_case(demand=demand(**PLAN), memory=memory)) is Why.UNANSWERED
    assert _why(_case(memory=memory)) is None


def test_how_long_a_pump_may_run_until_the_day_is_used_up():
    # 500 ml a day at 10 ml a second, 100 of them given.
    used = _given(10_000)
    unbounded = replace(SWITCH, daily_ms=None)
    assert rules.left_ms(_case(facts=unbounded, ledger=used)) == pytest.approx(40_000)
    assert rules.left_ms(_case(facts=replace(SWITCH, daily_ms=15_000), ledger=used)) == 5_000
    spent = _case(facts=replace(unbounded, daily_ml=60.0), ledger=used)
    assert rules.left_ms(spent) == pytest.approx(-4_000)
    # One that waters no plant has two minutes a day.
    nobody = _case(facts=replace(unbounded, plants=()), plant_ids=(), ledger=used)
    assert rules.left_ms(nobody) == 110_000
    assert _why(nobody, rules.RUNNING) is None
    assert _why(spent, rules.RUNNING) is Why.BUDGET_SPENT
