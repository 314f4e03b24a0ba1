"""What ails a plant, from photos, from what services say of them, and from its sensors."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from homeassistant.core import Context, HomeAssistant, ServiceResponse
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util.json import JsonValueType

from ..analysis.diagnosis import Ailment, Evidence, Heard, Seen, confirmed, fused, signs
from ..const import DOMAIN
from ..model.finding import Diagnosed, Finding, Question, Task, Voice
from ..plants.coordinator import PlantCoordinator
from ..providers.provider import Ask
from ..providers.registry import PROVIDERS
from ..vision.prepare import Examined
from .announcing import async_announce
from .asking import Source, Tell, async_hear, async_look, names_of, seats_of, translated
from .noting import async_note
from .panel import async_get_desk
from .said import left_the_house, of_voice
from .signs import readings_of, seen_of

_COMMON: Final = f"component.{DOMAIN}.common."
_KEPT: Final = 3
"""So many of the findings are kept with a photo: the rest is hardly likely."""
_NOBODY: Final = Finding(task=Task.DIAGNOSE, at=0.0, voices=())

type Words = Mapping[str, str]


async def async_diagnose(
    hass: HomeAssistant,
    context: Context,
    plant: PlantCoordinator,
    sources: Sequence[Source] = (),
    *,
    organs: Sequence[str] = (),
    kinds: Collection[str] | None = None,
    language: str = "en",
    answer: bool | None = None,
    progress: Tell | None = None,
) -> ServiceResponse:
    """Everything that may be wrong, the likeliest first, each with what speaks for and against it.

    Services are asked about photos only; without any the sensors are all there is. `answer` is
    what a person says to the question of the last time: the services' answers are remembered, so
    that asking again sends nothing. Raises HomeAssistantError with a translation: for a photo that
    is no use, when nothing at all is known, or for an answer to no question. The photos are kept in
    the plant's album with what was found.
    """
    looked = await async_look(hass, context, sources, progress)
    yellow = [one.look.greenness.yellowing for one in looked]
    seen = seen_of(plant, max((one for one in yellow if one is not None), default=None))
    readings = readings_of(plant, seen)
    ask = Ask(
        task=Task.DIAGNOSE,
        photos=tuple(one.photo for one in looked),
        organs=tuple(organs),
        language=language,
        names=(plant.species_name,) if plant.species_name else (),
        context=readings,
    )
    finding = await _async_heard(hass, ask, kinds, progress)
    if not _known(seen) and not any(voice.reply for voice in finding.voices):
        raise translated("diagnosis_nothing" if not finding.voices else "providers_failed")
    ailments = fused(_heard(finding), signs(seen), seen.courses)
    question = _question(finding)
    if answer is not None:
        if question is None:
            raise translated("question_none")
        asked = question[1]
        yes, no = (asked.yes, asked.no) if answer else (asked.no, asked.yes)
        ailments, question = confirmed(ailments, yes, no), None
    words = await async_get_translations(hass, language, "common", [DOMAIN])
    told = _Told(words, names_of(hass, finding))
    pictures = list(zip(sources, looked, strict=True))
    async_note(hass, plant.plant_id, pictures, told.kept(ailments))
    said = told.answer(finding, seen, looked, ailments, question)
    news = told.announced(ailments, healthy=said["healthy"], asks=question is not None)
    async_announce(hass, context, Task.DIAGNOSE, plant.plant_id, news)
    return {
        "plant_id": plant.plant_id,
        "name": plant.definition.name,
        **said,
        "left_the_house": {
            **left_the_house(finding, told.names, ask.photos),
            "readings": bool(readings) and any(v.sent and _general(v) for v in finding.voices),
        },
    }


async def _async_heard(
    hass: HomeAssistant, ask: Ask, kinds: Collection[str] | None, progress: Tell | None
) -> Finding:
    """What the services say of the photos; without any nobody is asked."""
    desk = await async_get_desk(hass)
    seats = seats_of(desk, Task.DIAGNOSE, kinds) if ask.photos else set()
    if not seats:
        return _NOBODY
    return await async_hear(hass, desk, ask, seats, progress, needed=False)


def _known(seen: Seen) -> bool:
    """Whether anything at all can be said without a service."""
    return bool(seen.courses or seen.overdue or seen.blocked or seen.yellowing is not None)


def _general(voice: Voice) -> bool:
    return PROVIDERS[voice.kind].general


def _heard(finding: Finding) -> list[Heard]:
    return [
        Heard(
            seat=voice.seat,
            weight=PROVIDERS[voice.kind].weight,
            general=_general(voice),
            troubles=voice.reply.troubles,
        )
        for voice in finding.voices
        if isinstance(voice.reply, Diagnosed)
    ]


def _question(finding: Finding) -> tuple[str, Question] | None:
    """The first service's that has one, with its seat."""
    for voice in finding.voices:
        if isinstance(voice.reply, Diagnosed) and voice.reply.question is not None:
            return voice.seat, voice.reply.question
    return None


class _Told:
    """Findings in the reader's language; `names` are those of the services."""

    def __init__(self, words: Words, names: dict[str, str]) -> None:
        self._words, self.names = words, names

    def answer(
        self,
        finding: Finding,
        seen: Seen,
        looked: Sequence[Examined],
        ailments: Sequence[Ailment],
        question: tuple[str, Question] | None,
    ) -> dict[str, JsonValueType]:
        """Everything but whose it is and what was sent."""
        asked = any(voice.reply for voice in finding.voices)
        findings: list[JsonValueType] = [self._ailment(one) for one in ailments]
        services: list[JsonValueType] = [self._service(voice) for voice in finding.voices]
        return {
            "healthy": None if finding.healthy is None else round(finding.healthy, 3),
            "basis": {
                "services": asked,
                "photos": bool(looked),
                "sensors": bool(seen.courses),
            },
            "note": None if asked else self._word("diagnosis_without_services"),
            "findings": findings,
            "question": None
            if question is None
            else {
                "text": question[1].text,
                "yes": question[1].yes,
                "no": question[1].no,
                "service": self.names.get(question[0], question[0]),
            },
            "services": services,
        }

    def kept(self, ailments: Sequence[Ailment]) -> list[dict[str, JsonValueType]]:
        """What stays written beside the photos: the likeliest, or that there was nothing."""
        if not ailments:
            return [{"kind": Task.DIAGNOSE.value, "title": self._word("diagnosis_nothing_wrong")}]
        return [self._kept(one) for one in ailments[:_KEPT]]

    def _kept(self, one: Ailment) -> dict[str, JsonValueType]:
        called = one.trouble.name if one.trouble else ""
        described = one.trouble.description if one.trouble else ""
        reasons = [self._evidence_text(some) for some in one.evidence if some.weight > 0]
        word = self._word(f"cause_{one.cause}")
        return {
            "kind": Task.DIAGNOSE.value,
            "title": f"{word} ({called})" if called else word,
            "confidence": round(one.confidence, 3),
            "text": "\n".join(filter(None, [described, *reasons])),
            "providers": [self.names.get(seat, seat) for seat in one.seats],
        }

    def announced(
        self, ailments: Sequence[Ailment], *, healthy: JsonValueType, asks: bool
    ) -> dict[str, JsonValueType]:
        """What automations act on: the likeliest first, without all that speaks for it."""
        findings: list[JsonValueType] = [
            {
                "cause": str(one.cause),
                "name": self._word(f"cause_{one.cause}"),
                "called": one.trouble.name if one.trouble else None,
                "confidence": round(one.confidence, 3),
                "severity": str(one.severity),
            }
            for one in ailments[:_KEPT]
        ]
        return {"healthy": healthy, "findings": findings, "question": asks}

    def _word(self, key: str, **figures: str) -> str:
        return self._words.get(f"{_COMMON}{key}", key).format(**figures)

    def _ailment(self, one: Ailment) -> JsonValueType:
        trouble = one.trouble
        evidence: list[JsonValueType] = [self._evidence(some) for some in one.evidence]
        ways: dict[str, JsonValueType] = {
            "biological": [*trouble.biological] if trouble else [],
            "chemical": [*trouble.chemical] if trouble else [],
            "prevention": [*trouble.prevention] if trouble else [],
        }
        return {
            "cause": str(one.cause),
            "name": self._word(f"cause_{one.cause}"),
            "called": trouble.name if trouble else None,
            "confidence": round(one.confidence, 3),
            "severity": str(one.severity),
            "description": (trouble.description or None) if trouble else None,
            "evidence": evidence,
            "treatment": ways,
            "services": [self.names.get(seat, seat) for seat in one.seats],
        }

    def _evidence(self, one: Evidence) -> JsonValueType:
        return {
            "source": str(one.source),
            "sign": one.sign,
            "text": self._evidence_text(one),
            "supports": one.weight > 0,
        }

    def _evidence_text(self, one: Evidence) -> str:
        figures = {
            "value": _figure(one.value),
            "limit": _figure(one.limit),
            "share": _figure(one.share),
            "days": _figure(one.days),
            "services": ", ".join(self.names.get(seat, seat) for seat in one.seats),
        }
        return self._word(f"sign_{one.sign}", **figures)

    def _service(self, voice: Voice) -> JsonValueType:
        reply = voice.reply if isinstance(voice.reply, Diagnosed) else None
        troubles: list[JsonValueType] = [
            {"name": one.name, "cause": str(one.cause), "confidence": round(one.confidence, 3)}
            for one in (reply.troubles if reply else ())
        ]
        return {**of_voice(voice, self.names), "troubles": troubles}


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}" if abs(value) < 10 else f"{value:.0f}"
