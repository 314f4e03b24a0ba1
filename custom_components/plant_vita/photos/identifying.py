"""Ask every service which plant some photos show, and say who said what."""

from collections.abc import Collection, Sequence
from typing import Final

from homeassistant.core import Context, HomeAssistant, ServiceResponse
from homeassistant.util.json import JsonValueType

from ..model.errors import CloudError
from ..model.finding import Candidate, Finding, Identified, Merged, Task, Voice
from ..model.photo import Photo
from ..providers.provider import Ask
from .announcing import async_announce
from .asking import Source, Tell, async_hear, async_look, names_of, seats_of, translated
from .noting import async_note
from .panel import async_get_desk
from .said import left_the_house, of_voice

ANNOUNCED: Final = ("unknown", "species", "confidence", "is_plant")


async def async_identify(
    hass: HomeAssistant,
    context: Context,
    sources: Sequence[Source],
    *,
    organs: Sequence[str] = (),
    kinds: Collection[str] | None = None,
    language: str = "en",
    progress: Tell | None = None,
    plant_id: str | None = None,
) -> ServiceResponse:
    """What all services together say, and each by itself.

    If it is known which plant it is, the photos are kept in its album with what was found.
    Raises HomeAssistantError with a translation: for a photo that is no use, or when nobody could
    be asked or none of those who were has answered. `progress` is told of each step.
    """
    desk = await async_get_desk(hass)
    seats = seats_of(desk, Task.IDENTIFY, kinds)
    if not seats:
        raise translated("provider_none")
    looked = await async_look(hass, context, sources, progress)
    photos = tuple(one.photo for one in looked)
    ask = Ask(task=Task.IDENTIFY, photos=photos, organs=tuple(organs), language=language)
    try:
        finding = await async_hear(hass, desk, ask, seats, progress)
    except CloudError as error:
        raise translated(error.key) from error
    names = names_of(hass, finding)
    if plant_id is not None:
        found = _as_kept(finding, names)
        async_note(hass, plant_id, list(zip(sources, looked, strict=True)), found)
    answer = _as_answer(names, finding, photos)
    told = {key: answer[key] for key in ANNOUNCED}
    async_announce(hass, context, Task.IDENTIFY, plant_id, told)
    return answer


def _as_kept(finding: Finding, names: dict[str, str]) -> list[dict[str, JsonValueType]]:
    """The species that they are sure of; else the likeliest, with how little sure they are."""
    found = [finding.species] if finding.species else list(finding.candidates[:1])
    return [
        {
            "kind": Task.IDENTIFY.value,
            "title": one.candidate.name,
            "confidence": round(one.confidence, 3),
            "text": ", ".join(one.candidate.common_names),
            "providers": _named(one, names),
        }
        for one in found
    ]


def _as_answer(
    names: dict[str, str], finding: Finding, photos: tuple[Photo, ...]
) -> dict[str, JsonValueType]:
    services: list[JsonValueType] = [_as_service(voice, names) for voice in finding.voices]
    likely: list[JsonValueType] = [
        {**_as_candidate(one.candidate, one.confidence), "services": _named(one, names)}
        for one in finding.candidates
    ]
    species = finding.species
    return {
        "unknown": species is None,
        "species": None if species is None else species.candidate.name,
        "confidence": None if species is None else round(species.confidence, 3),
        "is_plant": None if finding.plant is None else round(finding.plant, 3),
        "candidates": likely,
        "services": services,
        "left_the_house": left_the_house(finding, names, photos),
    }


def _named(one: Merged, names: dict[str, str]) -> list[JsonValueType]:
    return [names.get(seat, seat) for seat in one.seats]


def _as_candidate(one: Candidate, confidence: float) -> dict[str, JsonValueType]:
    return {
        "name": one.name,
        "confidence": round(confidence, 3),
        "common_names": list(one.common_names),
        "family": one.family,
    }


def _as_service(voice: Voice, names: dict[str, str]) -> JsonValueType:
    reply = voice.reply if isinstance(voice.reply, Identified) else None
    candidates: list[JsonValueType] = [
        _as_candidate(one, one.confidence) for one in (reply.candidates if reply else ())
    ]
    return {**of_voice(voice, names), "candidates": candidates}
