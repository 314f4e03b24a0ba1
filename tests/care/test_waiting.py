from custom_components.plant_vita.care.waiting import MOST, PATIENCE_S, Waiting
from custom_components.plant_vita.model.watering import Source

from .hand import demand


def test_by_rank_and_then_in_order():
    waiting = Waiting()
    for name, source in (("ai", Source.AI), ("one", Source.MANUAL), ("two", Source.MANUAL)):
        waiting.put(demand(name, source=source), 0.0)
    assert [waiting.take().demand_id for _ in range(3)] == ["one", "two", "ai"]
    assert waiting.take() is None


def test_each_is_new_once():
    waiting = Waiting()
    assert waiting.is_new(demand("one"))
    assert not waiting.is_new(demand("one"))


def test_no_more_than_so_many():
    waiting = Waiting()
    assert all(waiting.put(demand(str(number)), 0.0) for number in range(MOST))
    assert not waiting.put(demand("more"), 0.0)


def test_nobody_waits_for_ever():
    waiting = Waiting()
    assert waiting.next_expiry is None
    waiting.put(demand("one"), 10.0)
    waiting.put(demand("two"), 20.0)
    assert waiting.next_expiry == 10.0 + PATIENCE_S
    assert waiting.expired(10.0 + PATIENCE_S - 1) == []
    assert [one.demand_id for one in waiting.expired(10.0 + PATIENCE_S)] == ["one"]
    assert [one.demand_id for one in waiting.clear()] == ["two"]
    assert len(waiting) == 0
