"""Ask every service which plant some photos show, and say who said what."""

from collections.abc import Collection, Sequence
from functools import partial

from homeassistant.core import Context, HomeAssistant, ServiceResponse
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonValueType

from ..const import DOMAIN
from ..model.errors import CloudError, PhotoError
from ..model.finding import Candidate, Finding, Identified, Merged, Task, Voice
from ..model.photo import Photo
from ..providers.provider import Ask
from ..vision import quality
from .coordinator import ProviderConfigEntry
from .decoding import async_examined
from .images import async_bytes_of
from .panel import async_follow, async_get_desk


async def async_identify(
    hass: HomeAssistant,
    context: Context,
    sources: Sequence[str],
    *,
    organs: Sequence[str] = (),
    kinds: Collection[str] | None = None,
    language: str = "en",
) -> ServiceResponse:
    """What all services together say, and each by itself.

    Raises HomeAssistantError with a translation: for a photo that is no use, or when nobody could
    be asked or none of those who were has answered.
    """
    desk = await async_get_desk(hass)
    seats = {
        seat.id
        for seat in desk.panel.seats_for(Task.IDENTIFY)
        if kinds is None or seat.spec.kind in kinds
    }
    if not seats:
        raise _translated("provider_none")
    photos = tuple([await _async_prepared(hass, context, source) for source in sources])
    ask = Ask(task=Task.IDENTIFY, photos=photos, organs=tuple(organs), language=language)
    try:
        finding = await desk.panel.ask(ask, only=seats, watch=partial(async_follow, hass))
    except CloudError as error:
        raise _translated(error.key) from error
    finally:
        for entry in _entries(hass, seats):
            entry.runtime_data.async_update_listeners()
    return _as_answer(hass, finding, photos)


async def _async_prepared(hass: HomeAssistant, context: Context, source: str) -> Photo:
    try:
        examined = await async_examined(hass, await async_bytes_of(hass, context, source))
        quality.check(examined.quality)
    except PhotoError as error:
        raise _translated(error.key) from error
    return examined.photo


def _translated(key: str) -> HomeAssistantError:
    return HomeAssistantError(translation_domain=DOMAIN, translation_key=key)


def _entries(hass: HomeAssistant, seats: Collection[str]) -> list[ProviderConfigEntry]:
    known = (hass.config_entries.async_get_entry(seat) for seat in seats)
    return [entry for entry in known if entry is not None]


def _as_answer(hass: HomeAssistant, finding: Finding, photos: tuple[Photo, ...]) -> ServiceResponse:
    names = {one.entry_id: one.title for one in _entries(hass, [v.seat for v in finding.voices])}
    services: list[JsonValueType] = [
        _as_service(voice, names.get(voice.seat, voice.kind)) for voice in finding.voices
    ]
    sent: list[JsonValueType] = [
        names.get(voice.seat, voice.kind) for voice in finding.voices if voice.sent
    ]
    pictures: list[JsonValueType] = [
        {"width": one.width, "height": one.height, "bytes": len(one.jpeg)} for one in photos
    ]
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
        "left_the_house": {"to": sent, "photos": pictures if sent else []},
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


def _as_service(voice: Voice, name: str) -> JsonValueType:
    again = voice.again_at
    reply = voice.reply if isinstance(voice.reply, Identified) else None
    candidates: list[JsonValueType] = [
        _as_candidate(one, one.confidence) for one in (reply.candidates if reply else ())
    ]
    return {
        "name": name,
        "service": voice.kind,
        "outcome": str(voice.outcome),
        "cached": voice.cached,
        "seconds": round(voice.seconds, 2),
        "again_at": (
            None
            if again is None
            else dt_util.as_local(dt_util.utc_from_timestamp(again)).isoformat()
        ),
        "model": (reply.model or None) if reply else None,
        "explanation": (reply.explanation or None) if reply else None,
        "candidates": candidates,
    }
