"""Plants in few words: a model pays for each, and reads the shorter answer better."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.util import dt as dt_util

from ..actions.wording import plain
from ..plants.report import of_plant
from .seen import Seen

AHEAD: Final = timedelta(days=2)
MOST_PLANTS: Final = 60
_MOST_FINDINGS: Final = 3
_MOST_TEXTS: Final = 3
_LONGEST_TEXT: Final = 160


def brief(seen: Seen) -> dict[str, Any]:
    """One line of an overview."""
    state = seen.plant.data
    return _known(
        {
            "plant": seen.name,
            "area": _area(seen),
            "health": state.score,
            "reasons": list(state.reasons),
        }
    )


def overview(seen: Mapping[str, Seen]) -> dict[str, Any]:
    """All plants, those with most to say first; how many are left out where there are too many."""
    plants = sorted(seen.values(), key=lambda one: (not one.plant.data.reasons, one.name))
    return _known(
        {
            "plants": [brief(one) for one in plants[:MOST_PLANTS]],
            "left_out": max(0, len(plants) - MOST_PLANTS),
        }
    )


def status(seen: Seen) -> dict[str, Any]:
    """How one plant is and why, without the limits it is judged by."""
    report = of_plant(seen.plant)
    return _known(
        {
            **brief(seen),
            "species": plain(report["species"] or ""),
            "problem": report["problem"],
            "limiting": str(report["limiting"] or ""),
            "measured": {
                str(one): {"stale": True} if now["stale"] else now["value"]
                for one, now in report["measured"].items()
            },
            "last": {str(care): local(at) for care, at in report["last"].items()},
            "next_watering": local(report["next_watering"]),
            "next_feeding": local(report["next_feeding"]),
            "days_to_dry": (report["days_to_dry"] or {}).get("median"),
            "can_be_watered": seen.waterable,
        }
    )


def needs(seen: Iterable[Seen], now: datetime) -> dict[str, Any]:
    """What is to be done, and what is wrong; both are there also where there is nothing."""
    plants = list(seen)
    return {
        "to_do": due(plants, now),
        "problems": [brief(one) for one in plants if one.plant.data.reasons],
    }


def due(seen: Iterable[Seen], now: datetime) -> list[dict[str, Any]]:
    """What is to be done now or within two days, the most urgent first."""
    from ..plants.upcoming import upcoming  # noqa: PLC0415 - imported with the garden

    shown = {one.plant.plant_id: one for one in seen}
    last = (now + AHEAD).timestamp()
    return [
        {
            "plant": shown[one.plant_id].name,
            "care": str(one.care),
            "overdue" if one.at <= now.timestamp() else "due": one.day.isoformat(),
        }
        for one in upcoming((one.plant.definition, one.plant.data) for one in shown.values())
        if one.at <= last
    ]


def thirsty(seen: Iterable[Seen], now: datetime) -> list[Seen]:
    """The plants that need water now."""
    from ..plants.upcoming import upcoming  # noqa: PLC0415 - imported with the garden

    shown = {one.plant.plant_id: one for one in seen}
    coming = upcoming((one.plant.definition, one.plant.data) for one in shown.values())
    return [
        shown[one.plant_id] for one in coming if one.care == "watered" and one.at <= now.timestamp()
    ]


def days(past: Mapping[str, Any]) -> dict[str, Any]:
    """One plant's history by days, as short lists: date, least, mean, most."""
    return _known(
        {
            "care": [{"care": one["care"], "at": local(one["at"])} for one in past["care"]],
            "columns": ["date", "min", "mean", "max"],
            "measures": {
                str(one): {
                    "unit": told["unit"],
                    "days": [
                        [row["start"][:10], *(round(row[key], 1) for key in ("min", "mean", "max"))]
                        for row in told["values"]
                    ],
                }
                for one, told in past["measures"].items()
            },
        }
    )


def forecast(told: Mapping[str, Any]) -> dict[str, Any]:
    """When a plant will be dry, or why that cannot be said."""
    kept = ("moisture", "dry_below", "days_to_dry", "learnt_days", "why_not", "explanation")
    times = ("next_watering", "earliest", "latest")
    return _known({key: told[key] for key in kept} | {key: local(told[key]) for key in times})


def diagnosis(told: Mapping[str, Any]) -> dict[str, Any]:
    """The likeliest causes, what speaks for each, and what helps.

    What services say was written by others: it is cut, and as much data as a name is.
    """
    question = told["question"]
    return _known(
        {
            "photo_looked_at": told["basis"]["photos"],
            "services": [plain(one["name"]) for one in told["services"]],
            "note": told["note"],
            "findings": [_finding(one) for one in told["findings"][:_MOST_FINDINGS]],
            "question_for_the_user": plain(question["text"], _LONGEST_TEXT) if question else "",
        }
    )


def _finding(one: Mapping[str, Any]) -> dict[str, Any]:
    ways = one["treatment"]
    helps = [*ways["biological"], *ways["prevention"], *ways["chemical"]]
    return _known(
        {
            "cause": one["name"],
            "called": plain(one["called"] or ""),
            "confidence": round(one["confidence"], 2),
            "severity": one["severity"],
            "because": [
                plain(some["text"], _LONGEST_TEXT) for some in one["evidence"] if some["supports"]
            ][:_MOST_TEXTS],
            "helps": [plain(text, _LONGEST_TEXT) for text in helps[:_MOST_TEXTS]],
        }
    )


def local(at: str | None) -> str | None:
    """A moment in ISO 8601 as the house's clock shows it, to the minute."""
    if at is None:
        return None
    return dt_util.as_local(datetime.fromisoformat(at)).strftime("%Y-%m-%d %H:%M")


def _area(seen: Seen) -> str:
    return plain(seen.areas[0]) if seen.areas else ""


def _known(told: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is not known or empty; False is known."""
    return {key: one for key, one in told.items() if one not in (None, "", [], {}, ())}
