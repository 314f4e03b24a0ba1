"""What is done for a sentence, and what is answered, in the language of whoever speaks."""

import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ..actions.wording import Words, async_said, async_words, plain
from ..model.watering import Source
from ..plants.state import Care
from .doing import async_stop, async_water
from .seen import Seen, async_seen
from .sentences import Ask
from .told import thirsty
from .whom import Whom, at_place, whom

_MOST_NAMED: Final = 8
# Whoever only asks hears the name in the answer: a wrong guess does no harm.
_GUESSES: Final = frozenset({Ask.STATUS, Ask.LAST})


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A sentence: the phrase of the plant or place, who said it in which language, to whom."""

    phrase: str
    language: str
    assistant: str
    context: Context


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """The answer, and the ids of the plants it is about, asked back ones included."""

    text: str
    plants: tuple[str, ...] = ()


async def async_answer(hass: HomeAssistant, ask: Ask, question: Question) -> Told:
    """Do what is asked for, and say what became of it."""
    words = await async_words(hass, question.language)
    seen = await async_seen(hass, question.assistant, question.language)
    if ask is Ask.STOP:
        return Told(text=await _async_stopped(hass, words, question))
    if ask is Ask.THIRSTY:
        return _thirsty(words, seen, question)
    found = whom(question.phrase, seen, question.language)
    if said := _unclear(words, found, question, guess=ask in _GUESSES):
        return Told(text=said, plants=_ids(found.plants))
    plants = _each_pump(ask, found)
    told = [await _OF_PLANT[ask](hass, words, one, question) for one in plants]
    return Told(text=" ".join(told), plants=_ids(plants))


def _ids(plants: Iterable[Seen]) -> tuple[str, ...]:
    return tuple(one.plant.plant_id for one in plants)


def _unclear(words: Words, found: Whom, question: Question, *, guess: bool) -> str | None:
    """A question back, unless it is clear which plants are meant."""
    if (found.together and found.plants) or (len(found.plants) == 1 and (found.sure or guess)):
        return None
    if len(found.plants) > 1:
        return words.say("voice_which", plants=_names(found.plants))
    if found.plants:
        return words.say("voice_unsure", plant=found.plants[0].name)
    return words.say("voice_unknown_plant", plant=plain(question.phrase))


def _each_pump(ask: Ask, found: Whom) -> tuple[Seen, ...]:
    """Of a group those that can be watered, if it is about water; a plant alone always."""
    if ask is not Ask.WATER or not found.together:
        return found.plants[:_MOST_NAMED]
    pumps = {one.plant.definition.pump: one for one in found.plants if one.waterable}
    return tuple(pumps.values()) or found.plants[:1]


def _names(plants: Iterable[Seen]) -> str:
    """Names, and where plants of one name stand."""
    named = list(plants)
    alike = {one.name for one in named if sum(other.name == one.name for other in named) > 1}
    told = [
        f"{one.name} ({plain(one.areas[0])})" if one.name in alike and one.areas else one.name
        for one in named
    ]
    return ", ".join(told[:_MOST_NAMED])


def _thirsty(words: Words, seen: Mapping[str, Seen], question: Question) -> Told:
    plants: Iterable[Seen] = seen.values()
    if question.phrase:
        there = at_place(question.phrase, seen, question.language)
        if there is None:
            return Told(text=words.say("voice_unknown_plant", plant=plain(question.phrase)))
        plants = there
    dry = thirsty(plants, dt_util.utcnow())
    text = (
        words.say("voice_thirsty", plants=_names(dry)) if dry else words.say("voice_none_thirsty")
    )
    return Told(text=text, plants=_ids(dry))


async def _async_stopped(hass: HomeAssistant, words: Words, question: Question) -> str:
    try:
        await async_stop(hass, by="voice")
    except HomeAssistantError as error:
        return await async_said(hass, error, question.language)
    return words.say("voice_stopped")


async def _async_status(hass: HomeAssistant, words: Words, seen: Seen, question: Question) -> str:
    state = seen.plant.data
    if state.reasons:
        return words.say("voice_status_bad", plant=seen.name, reasons=words.reasons(state.reasons))
    if state.score is not None:
        return words.say("voice_status_health", plant=seen.name, health=state.score)
    unknown = state.problem is None
    return words.say("voice_status_unknown" if unknown else "voice_status_good", plant=seen.name)


async def _async_last(hass: HomeAssistant, words: Words, seen: Seen, question: Question) -> str:
    at = seen.plant.data.last.get(Care.WATERED)
    if at is None:
        return words.say("voice_last_unknown", plant=seen.name)
    when = dt_util.as_local(dt_util.utc_from_timestamp(at))
    days = (dt_util.now().date() - when.date()).days
    if days > 1:
        return words.say("voice_last_days", plant=seen.name, days=days)
    key = "voice_last_yesterday" if days == 1 else "voice_last_today"
    return words.say(key, plant=seen.name, time=when.strftime("%H:%M"))


async def _async_watered(hass: HomeAssistant, words: Words, seen: Seen, question: Question) -> str:
    try:
        given = await async_water(hass, seen, Source.VOICE, context=question.context)
    except HomeAssistantError as error:
        why = await async_said(hass, error, question.language)
        return words.say("voice_not_watered", plant=seen.name, why=why)
    return words.say("voice_watering", plant=seen.name, ml=round(given.ml))


async def _async_logged(hass: HomeAssistant, words: Words, seen: Seen, question: Question) -> str:
    await seen.plant.async_cared(Care.WATERED, time.time())
    return words.say("voice_logged", plant=seen.name)


type _Answer = Callable[[HomeAssistant, Words, Seen, Question], Awaitable[str]]
_OF_PLANT: Final[Mapping[Ask, _Answer]] = {
    Ask.STATUS: _async_status,
    Ask.LAST: _async_last,
    Ask.WATER: _async_watered,
    Ask.LOG: _async_logged,
}
