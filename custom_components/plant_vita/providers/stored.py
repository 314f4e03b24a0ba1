"""Answers as plain data, to be kept in the cache across restarts."""

from dataclasses import asdict
from typing import Any

from ..model.finding import (
    Advice,
    Candidate,
    Cause,
    Diagnosed,
    Facts,
    Identified,
    Question,
    Reply,
    Severity,
    Trouble,
)
from ..model.species import Measure

_KINDS: dict[str, type[Identified | Diagnosed | Facts | Advice]] = {
    "advice": Advice,
    "identified": Identified,
    "diagnosed": Diagnosed,
    "facts": Facts,
}


def as_stored(reply: Reply) -> dict[str, Any]:
    """An answer as JSON types only."""
    kind = next(name for name, type_ in _KINDS.items() if isinstance(reply, type_))
    return {"kind": kind, **asdict(reply)}


def from_stored(stored: dict[str, Any]) -> Reply:
    """The answer of what `as_stored` returned, also after a turn as JSON.

    Raises KeyError, TypeError or ValueError when another version wrote it.
    """
    fields = dict(stored)
    kind = _KINDS[fields.pop("kind")]
    if "candidates" in fields:
        fields["candidates"] = tuple(Candidate(**_tuples(one)) for one in fields["candidates"])
    if "troubles" in fields:
        fields["troubles"] = tuple(_trouble(one) for one in fields["troubles"])
    if fields.get("question"):
        fields["question"] = Question(**fields["question"])
    if "limits" in fields:
        limits = fields["limits"].items()
        fields["limits"] = {Measure(key): (low, high) for key, (low, high) in limits}
    return kind(**_tuples(fields))


def _trouble(fields: dict[str, Any]) -> Trouble:
    known = _tuples(fields)
    severity = known.pop("severity", None)
    cause = Cause(known.pop("cause", Cause.OTHER))
    return Trouble(**known, cause=cause, severity=Severity(severity) if severity else None)


def _tuples(fields: dict[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()}
