"""What became of the garden in the last days, and what comes: as data, and as a text to send."""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import voluptuous as vol
from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonValueType

from ..model.errors import PlantVitaError
from ..photos.album import async_get_album
from ..plants.entry import device_of
from ..plants.report import local_iso
from ..plants.state import CHORES, Care
from ..plants.upcoming import upcoming
from ..watering.waterworks import async_get_works
from .action import DEVICES, Action, async_chosen, async_plants
from .wording import Words, async_words, plain

if TYPE_CHECKING:
    from ..photos.kept import KeptPhoto
    from ..plants.coordinator import PlantCoordinator

ATTR_DAYS, ATTR_LANGUAGE = "days", "language"
USUAL_DAYS: Final = 7
MOST_DAYS: Final = 31
_DAY_S: Final = 86400.0
# A message is read on a phone; all plants are in the data.
_MOST_NAMED: Final = 8
_NEXT_DAYS: Final = 7
_OTHERS: Final = (Care.FED, *CHORES)
# What a photo can hardly tell from another light.
_SAME_GREEN: Final = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """One plant: `given_ml` is what its pump gave, `growth` the change of its green area in %.

    `in_days` is when water is due, 0 for today; None where that is not known.
    """

    plant_id: str
    device_id: str | None
    name: str
    cared: Counter[Care]
    thirsty: bool
    in_days: int | None
    problem: bool | None
    reasons: tuple[str, ...]
    health: int | None
    given_ml: float | None
    growth: float | None


async def _async_get_digest(call: ServiceCall) -> ServiceResponse:
    """Tell of the chosen plants, or of all of them."""
    chosen = async_chosen(call) if ATTR_DEVICE_ID in call.data else None
    plants = list(async_plants(call.hass).values()) if chosen is None else chosen
    now = time.time()
    since = now - call.data[ATTR_DAYS] * _DAY_S
    told = [await _async_of(call.hass, plant, since, now) for plant in plants]
    told.sort(key=lambda one: one.name.casefold())
    words = await async_words(call.hass, call.data.get(ATTR_LANGUAGE, call.hass.config.language))
    answers: list[JsonValueType] = [_as_answer(one) for one in told]
    return {
        "since": local_iso(since),
        "text": "\n".join(lines(told, words)),
        "given_ml": round(sum(one.given_ml or 0.0 for one in told)),
        "plants": answers,
    }


async def _async_of(
    hass: HomeAssistant, plant: PlantCoordinator, since: float, now: float
) -> Digest:
    works, state = await async_get_works(hass), plant.data
    device = device_of(hass, plant.config_entry, plant.plant_id)
    name = (device and device.name_by_user) or plant.definition.name
    due = next((d for d in upcoming([(plant.definition, state)]) if d.care is Care.WATERED), None)
    return Digest(
        plant_id=plant.plant_id,
        device_id=device.id if device else None,
        name=plain(name),
        cared=Counter(care for at, care in plant.memory.log if since <= at <= now),
        thirsty=due is not None and due.at <= now,
        in_days=None if due is None else max(0, (due.day - dt_util.now().date()).days),
        problem=state.problem,
        reasons=state.reasons,
        health=state.score,
        given_ml=works.books.given_ml(plant.plant_id, since) if plant.definition.pump else None,
        growth=await _async_growth(hass, plant.plant_id, since, now),
    )


async def _async_growth(
    hass: HomeAssistant, plant_id: str, since: float, now: float
) -> float | None:
    """By the newest photo and the last one before that time; None where they do not compare."""
    album = await async_get_album(hass)
    try:
        after = await album.async_latest(plant_id)
        if after is None or after.taken_at <= since:
            return None
        earlier = await album.async_list(plant_id, limit=1, before=since)
    except PlantVitaError:
        # The rest of what is known is worth telling, too.
        return None
    before = next(iter(earlier), None)
    if before is None or before.taken_at < since - (now - since):
        return None
    return await hass.async_add_executor_job(partial(_grown, before, after))


def _grown(before: KeptPhoto, after: KeptPhoto) -> float | None:
    from ..vision.growth import growth  # noqa: PLC0415 - only where there are photos

    found = growth(before.look, after.look)
    return None if found is None else found.area


def lines(plants: Iterable[Digest], words: Words) -> list[str]:
    """The digest in some lines, the first those on what was done; empty for no plants."""
    told = list(plants)
    if not told:
        return [words.say("digest_no_plants")]
    watered = [_times(one, one.cared[Care.WATERED]) for one in told if one.cared[Care.WATERED]]
    ill = [
        f"{one.name} ({words.reasons(one.reasons)})"
        for one in told
        if one.problem and not (one.thirsty and len(one.reasons) == 1)
    ]
    parts = [
        _line(words, "digest_watered", watered) or words.say("digest_not_watered"),
        _line(words, "digest_thirsty", [one.name for one in told if one.thirsty]),
        _line(words, "digest_next", _next(told, words)),
        _line(words, "digest_problems", ill),
        _line(words, "digest_done", _done(told, words)),
        _line(words, "digest_growth", _growth(told)),
        _given(told, words),
    ]
    return [part for part in parts if part]


def _times(one: Digest, count: int) -> str:
    return f"{one.name} ({count}×)" if count > 1 else one.name


def _line(words: Words, key: str, named: list[str]) -> str:
    if not named:
        return ""
    shown, more = ", ".join(named[:_MOST_NAMED]), len(named) - _MOST_NAMED
    if more > 0:
        shown = words.say("digest_more", plants=shown, count=more)
    return words.say(key, plants=shown)


def _next(told: list[Digest], words: Words) -> list[str]:
    """Who needs water in the days to come, the first of them first."""
    coming = [(one.in_days, one.name) for one in told if one.in_days is not None]
    waiting = {one.name for one in told if one.thirsty}
    return [
        f"{name} ({_when(days, words)})"
        for days, name in sorted(coming)
        if name not in waiting and days <= _NEXT_DAYS
    ]


def _when(days: int, words: Words) -> str:
    if days > 1:
        return words.say("digest_in_days", days=days)
    return words.say("digest_tomorrow" if days else "digest_today")


def _done(told: list[Digest], words: Words) -> list[str]:
    """What else was done: fed, repotted and the like."""
    done = [
        (one.name, [words.say(f"digest_{care}") for care in _OTHERS if one.cared[care]])
        for one in told
    ]
    return [f"{name} ({', '.join(cares)})" for name, cares in done if cares]


def _growth(told: list[Digest]) -> list[str]:
    grown = [(one.growth, one.name) for one in told if one.growth is not None]
    return [f"{name} ({growth:+.0f} %)" for growth, name in grown if abs(growth) >= _SAME_GREEN]


def _given(told: list[Digest], words: Words) -> str:
    given = round(sum(one.given_ml or 0.0 for one in told))
    return words.say("digest_water", ml=given) if given else ""


def _as_answer(one: Digest) -> JsonValueType:
    return {
        "plant_id": one.plant_id,
        "device_id": one.device_id,
        "name": one.name,
        "care": {str(care): count for care, count in one.cared.items()},
        "needs_water": one.thirsty,
        "water_in_days": one.in_days,
        "problem": one.problem,
        "reasons": list(one.reasons),
        "health": one.health,
        "given_ml": None if one.given_ml is None else round(one.given_ml, 1),
        "growth": None if one.growth is None else round(one.growth, 1),
    }


ACTIONS = (
    Action(
        name="get_digest",
        policy=POLICY_READ,
        run=_async_get_digest,
        fields={
            vol.Optional(ATTR_DEVICE_ID): DEVICES,
            vol.Optional(ATTR_DAYS, default=USUAL_DAYS): vol.All(
                vol.Coerce(int), vol.Range(min=1, max=MOST_DAYS)
            ),
            vol.Optional(ATTR_LANGUAGE): cv.string,
        },
    ),
)
