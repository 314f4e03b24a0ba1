"""Lines of the ledger as the JSON of its file, and back."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ..model.watering import (
    Anchor,
    Booking,
    Cause,
    Damage,
    Line,
    Memory,
    Moment,
    Settlement,
    Source,
    Watch,
)

_KIND = "k"


@dataclass(frozen=True, kw_only=True, slots=True)
class Remembered:
    """What the arbiter of one pump has to know after a restart."""

    pump_id: str
    memory: Memory


@dataclass(frozen=True, kw_only=True, slots=True)
class Totals:
    """What plants were given, in ml, by bookings that are not kept any more."""

    ml: dict[str, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Backup:
    """A backup of everything is being made, or no longer: what ends while it is, is out of one."""

    open: bool


type Kept = Line | Remembered | Totals | Backup

_KINDS: Mapping[type, str] = {
    Booking: "booking",
    Settlement: "settlement",
    Anchor: "anchor",
    Damage: "damage",
    Remembered: "memory",
    Totals: "totals",
    Backup: "backup",
}


def as_record(kept: Kept) -> dict[str, Any]:
    """What is written; JSON types only."""
    return {_KIND: _KINDS[type(kept)], **asdict(kept)}


def from_record(record: Mapping[str, Any]) -> Kept | None:
    """What was written; None for what only another version understands."""
    data = {name: value for name, value in record.items() if name != _KIND}
    try:
        return _READERS[record[_KIND]](data)
    except KeyError, TypeError, ValueError, AttributeError:
        return None


def _booking(data: dict[str, Any]) -> Booking:
    return Booking(
        **data
        | {
            "plant_ids": tuple(map(str, data["plant_ids"])),
            "source": Source(data["source"]),
            "at": Moment(**data["at"]),
        }
    )


def _memory(data: dict[str, Any]) -> Remembered:
    memory = data["memory"]
    locked = memory["locked"]
    return Remembered(
        pump_id=str(data["pump_id"]),
        memory=Memory(
            locked=None if locked is None else Cause(locked),
            misses={str(plant): int(count) for plant, count in memory["misses"].items()},
            watches={str(plant): Watch(**watch) for plant, watch in memory["watches"].items()},
            looked_at=None if (at := memory.get("looked_at")) is None else float(at),
        ),
    )


_READERS: Mapping[str, Callable[[dict[str, Any]], Kept]] = {
    "booking": _booking,
    "settlement": lambda data: Settlement(**data),
    "anchor": lambda data: Anchor(**data | {"at": Moment(**data["at"])}),
    "damage": lambda data: Damage(**data | {"at": Moment(**data["at"])}),
    "memory": _memory,
    "backup": lambda data: Backup(open=bool(data["open"])),
    "totals": lambda data: Totals(ml={str(id_): float(ml) for id_, ml in data["ml"].items()}),
}
