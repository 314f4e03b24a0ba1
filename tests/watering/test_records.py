"""Whatever is written to the ledger is read back the same."""

import json
from typing import Any

import orjson
import pytest

from custom_components.plant_vita.model.watering import (
    Anchor,
    Booking,
    Cause,
    Damage,
    Memory,
    Moment,
    Settlement,
    Source,
    Watch,
)
from custom_components.plant_vita.watering.records import (
    Backup,
    Kept,
    Remembered,
    Totals,
    as_record,
    from_record,
)

AT = Moment(wall=1.7e9 + 0.25, steady=1000.5, boot_id="b00t")
BOOKING = Booking(
    booking_id="b1",
    demand_id="d1",
    pump_id="a4cf12000001_2_pump",
    plant_ids=("p1", "p2"),
    source=Source.AUTOMATIC,
    at=AT,
    budget_at=86_400.125,
    ms=5000,
    ml=150.0,
)
WRITTEN = {
    "k": "booking",
    "booking_id": "b1",
    "demand_id": "d1",
    "pump_id": "a4cf12000001_2_pump",
    "plant_ids": ["p1", "p2"],
    "source": "automatic",
    "at": {"wall": 1_700_000_000.25, "steady": 1000.5, "boot_id": "b00t"},
    "budget_at": 86_400.125,
    "ms": 5000,
    "ml": 150.0,
    "settled_ms": None,
    "settled_ml": None,
}
KEPT: list[Kept] = [
    BOOKING,
    Settlement(booking_id="b1", ms=1200, ml=36.0),
    Anchor(at=AT, budget_at=12.5),
    Damage(at=AT, budget_at=12.5),
    Totals(ml={"p1": 1250.5}),
    Backup(open=True),
    Remembered(pump_id="p", memory=Memory()),
    Remembered(
        pump_id="p",
        memory=Memory(
            locked=Cause.CLOGGED,
            misses={"p1": 2},
            watches={"p1": Watch(before=20.5, ml=150.0, began=2.0, ended=7.0, best=21.0)},
            looked_at=8.5,
        ),
    ),
]


def through_json(kept: Kept) -> dict[str, Any]:
    read: dict[str, Any] = orjson.loads(orjson.dumps(as_record(kept)))
    return read


def test_a_booking_is_written_like_this() -> None:
    assert through_json(BOOKING) == WRITTEN
    assert from_record(json.loads(json.dumps(WRITTEN))) == BOOKING


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: type(kept).__name__)
def test_everything_comes_back_as_it_was(kept: Kept) -> None:
    assert from_record(through_json(kept)) == kept


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"k": "later"},
        {**WRITTEN, "source": "moon"},
        {**WRITTEN, "at": None},
        {**WRITTEN, "more": 1},
        {"k": "memory", "pump_id": "p", "memory": {"locked": None, "misses": [], "watches": {}}},
        {"k": "settlement", "booking_id": "b1"},
    ],
)
def test_what_another_version_wrote_is_told_apart(record: dict[str, Any]) -> None:
    assert from_record(record) is None
