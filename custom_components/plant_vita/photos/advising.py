"""A question that a person asks about one plant, answered by models with what is known of it."""

from collections.abc import Collection
from typing import Final

from homeassistant.core import HomeAssistant, ServiceResponse
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonValueType

from ..model.errors import CloudError
from ..model.finding import Advice, Task, Voice
from ..plants.coordinator import PlantCoordinator
from ..providers.plain import plain
from ..providers.provider import Ask, Context
from .asking import async_hear, names_of, seats_of, translated
from .panel import async_get_desk
from .said import left_the_house, of_voice
from .signs import readings_of, seen_of

_DAY_S: Final = 86_400.0


async def async_advise(
    hass: HomeAssistant,
    plant: PlantCoordinator,
    question: str,
    *,
    kinds: Collection[str] | None = None,
    language: str = "en",
) -> ServiceResponse:
    """What the models answer; `answer` is that of the first of them who knows one.

    They get the question, the species and what `known_of` says, and no name that a person gave.
    Raises HomeAssistantError with a translation: for no question, when no model is set up, or when
    none of them answered.
    """
    asked = plain(question)
    if not asked:
        raise translated("question_empty")
    desk = await async_get_desk(hass)
    seats = seats_of(desk, Task.ADVISE, kinds)
    if not seats:
        raise translated("provider_none")
    ask = Ask(
        task=Task.ADVISE,
        language=language,
        names=(plant.species_name,) if plant.species_name else (),
        context=known_of(plant),
        question=asked,
    )
    try:
        finding = await async_hear(hass, desk, ask, seats, None)
    except CloudError as error:
        raise translated(error.key) from error
    names = names_of(hass, finding)
    said = [voice for voice in finding.voices if _text(voice)]
    services: list[JsonValueType] = [
        {**of_voice(voice, names), "answer": _text(voice)} for voice in finding.voices
    ]
    return {
        "plant_id": plant.plant_id,
        "name": plant.definition.name,
        "question": asked,
        "known": bool(said),
        "answer": _text(said[0]) if said else None,
        "service": names.get(said[0].seat) if said else None,
        "services": services,
        "left_the_house": {
            **left_the_house(finding, names, ()),
            "readings": any(voice.sent for voice in finding.voices),
        },
    }


def known_of(plant: PlantCoordinator) -> Context:
    """How a plant is and what is good for it, rounded: a little later it is still the same."""
    state, definition = plant.data, plant.definition
    known = {**readings_of(plant, seen_of(plant)), "outdoors": definition.outdoors}
    known |= {
        f"{kind}_now": float(f"{one.value:.2g}")
        for kind, one in state.inputs.items()
        if one.believed and one.value is not None
    }
    for measure, band in state.thresholds.bands.items():
        known |= {f"{measure}_should_be_above": band.low, f"{measure}_should_be_below": band.high}
    known |= {f"problem_{reason}": True for reason in state.reasons}
    known |= {"month": dt_util.now().strftime("%B")}
    if definition.pot_cm is not None:
        known["pot_diameter_cm"] = definition.pot_cm
    if state.score is not None:
        known["health_percent"] = round(state.score, -1)
    if state.next_watering is not None:
        known["days_to_next_watering"] = round((state.next_watering - state.at) / _DAY_S)
    return known


def _text(voice: Voice) -> str | None:
    return (voice.reply.text or None) if isinstance(voice.reply, Advice) else None
