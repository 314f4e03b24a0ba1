"""How a request for water is told of its end: in the reader's language, wherever it came from."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..model.watering import Finished, Refusal, Result, Source, Started, Why

# Nobody said no: it did not work.
_FAILED: Final = frozenset({Why.NODE_GONE, Why.NO_ANSWER, Why.DISK})
# What nodes say for themselves.
_OF_NODES: Final[Mapping[Why, str]] = {
    Why.INTERLOCK: "refused_interlock",
    Why.NODE_TOO_LONG: "refused_too_long",
    Why.NODE_BUDGET: "refused_budget",
    Why.NODE_SOAK: "refused_soak",
    Why.NODE_BUSY: "refused_busy",
    Why.NODE_REPEAT: "refused_repeat",
}


def source_of(context: Context | None) -> Source:
    """Who asks: a person who is logged in, else whatever a person has planned."""
    return Source.MANUAL if context is not None and context.user_id else Source.SCHEDULE


def key_of(why: Why) -> str:
    """The translation key of a reason."""
    return _OF_NODES.get(why, f"watering_{why}")


def raise_refusal(result: Result | None, now: float) -> None:
    """Raise what a person is told if nothing of what was asked for is given."""
    match result:
        case Refusal(why=why, until=until):
            pass
        case Finished(why=Why() as why, sure=sure):
            # The link broke under a command: that it was not sent would not be true.
            is_lost = why is Why.NODE_GONE and not sure
            why, until = Why.NO_ANSWER if is_lost else why, None
        case _:
            return
    if why in _FAILED:
        raise HomeAssistantError(translation_domain=DOMAIN, translation_key=key_of(why))
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key_of(why),
        translation_placeholders=placeholders(until, now),
    )


def placeholders(until: float | None, now: float) -> dict[str, str]:
    """What the texts of refusals say of the time from which on more is possible."""
    return {"seconds": str(max(0, round((until or now) - now))), "time": clock_time(until)}


def clock_time(until: float | None) -> str:
    """The local time of day, with its date if that is not today; "?" if nobody knows."""
    if until is None:
        return "?"
    when = dt_util.as_local(dt_util.utc_from_timestamp(until))
    is_today = when.date() == dt_util.now().date()
    return when.strftime("%H:%M" if is_today else "%Y-%m-%d %H:%M")


def as_answer(result: Result | None) -> dict[str, Any]:
    """What a service answers."""
    match result:
        case Started(ms=ms, ml=ml):
            return {"result": "started", "ml": round(ml, 1), "seconds": round(ms / 1000, 1)}
        case Finished(ms=ms, ml=ml):
            return {"result": "finished", "ml": round(ml, 1), "seconds": round(ms / 1000, 1)}
        case _:
            return {"result": "waiting", "ml": 0.0, "seconds": 0.0}
