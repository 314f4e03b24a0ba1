"""What databases know of a species; they get its scientific name and nothing else."""

from typing import Final

from homeassistant.core import HomeAssistant

from ..model.finding import Facts, Finding, Task
from ..plants.catalogue import async_add_species
from ..plants.profile import ORDINARY
from ..providers.names import parse_name
from ..providers.provider import Ask
from ..providers.registry import PROVIDERS
from ..species.compiled import compiled
from .asking import async_hear
from .panel import Desk, async_get_desk

LANGUAGE: Final = "en"
"""What is learnt is kept for everybody: no database has its names in all languages."""


async def async_learnt(hass: HomeAssistant, name: str) -> str | None:
    """The id of a species that databases know by this name, once the catalogue has it.

    Anything but genus and epithet is not looked up: they search by scientific names. Whatever
    fails there is no failure here.
    """
    wanted = parse_name(name.replace("_", " "))
    if wanted is None or not wanted.epithet:
        return None
    desk = await async_get_desk(hass)
    seats = databases(desk)
    if not seats:
        return None
    ask = Ask(task=Task.ENRICH, name=str(wanted), language=LANGUAGE)
    finding = await async_hear(hass, desk, ask, seats, None, needed=False)
    found = told(finding)
    if not found:
        return None
    species = compiled(str(wanted), found, ORDINARY)
    return species.id if await async_add_species(hass, species) else None


def databases(desk: Desk) -> set[str]:
    """Who looks species up instead of thinking about them."""
    return {seat.id for seat in desk.panel.seats_for(Task.ENRICH) if not seat.spec.general}


def told(finding: Finding) -> list[tuple[str, Facts]]:
    """What each of those who know something said, in the order in which they are believed."""
    order = list(PROVIDERS)
    voices = sorted(finding.voices, key=lambda voice: order.index(voice.kind))
    return [
        (PROVIDERS[voice.kind].name, voice.reply)
        for voice in voices
        if isinstance(voice.reply, Facts) and voice.reply.name
    ]
