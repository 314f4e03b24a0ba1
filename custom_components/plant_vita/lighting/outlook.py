"""What is decided for the plants under one lamp, and what that rests on."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..care.automatic import Mode
from ..care.grow_light import (
    LampFacts,
    LightDecision,
    Price,
    Shine,
    dusk_after,
    hours,
    light,
    night_ends,
)
from .needs import Light, light_of
from .register import Record
from .tariffs import async_get_tariffs
from .wishes import LightWishes, liked_of, price_of

if TYPE_CHECKING:
    from ..plants.coordinator import PlantCoordinator
    from ..plants.entry import GardenConfigEntry

type Under = Mapping[str, tuple[PlantCoordinator, LightWishes]]
"""The plants under a lamp by their ids, and what a person has set for each."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlook:
    """What was last decided for one plant, from its light then, and when the lamp is to shine."""

    light: Light
    decision: LightDecision
    planned: tuple[Shine, ...]


async def async_outlooks(
    hass: HomeAssistant,
    under: Under,
    record: Record,
    now: float,
    *,
    is_on: bool,
) -> tuple[LightDecision | None, dict[str, Outlook]]:
    """What the lamp is to do, None if no plant is lit by it; and what each plant is told.

    Who only wants advice is told what there would be if it were lit, too.
    """
    lights = await async_lights_of(under, record, now)
    prices = await _async_prices(hass, under, now)
    lit, asking = _of_mode(under, Mode.ON), _of_mode(under, Mode.ON, Mode.ADVICE)
    found: dict[str, Outlook] = {}
    for wanting, told in ((lit, lit), (asking, asking - lit)):
        if not told:
            continue
        facts = facts_of(under, lights, wanting, prices)
        decision, planned = light(facts, now, is_on=is_on), hours(facts, now)
        for plant_id in told:
            found[plant_id] = Outlook(light=lights[plant_id], decision=decision, planned=planned)
    return next((found[one].decision for one in lit), None), found


async def async_days_ahead(
    hass: HomeAssistant,
    under: Under,
    record: Record,
    now: float,
    *,
    count: int,
) -> tuple[Shine, ...]:
    """When the lamp will shine for who asks for it, in `count` days from now.

    From tomorrow on as if the sun shone as it did in the last three days.
    """
    wanting, planned, at = _of_mode(under, Mode.ON, Mode.ADVICE), list[Shine](), now
    prices = await _async_prices(hass, under, now)
    for ahead in range(count):
        lights = await async_lights_of(under, record, at, ahead=ahead)
        facts = facts_of(under, lights, wanting, prices)
        begins = night_ends(facts, at)
        planned += hours(facts, begins)
        dusk = dusk_after(facts, begins)
        at = night_ends(facts, dusk)
    return tuple(planned)


async def async_lights_of(
    under: Under, record: Record, now: float, *, ahead: int = 0
) -> dict[str, Light]:
    """The light of each plant. That takes a millisecond: others have their turn in between."""
    zone, runs = dt_util.get_default_time_zone(), record.shone(now)
    lights: dict[str, Light] = {}
    for id_, (plant, wishes) in under.items():
        lights[id_] = light_of(
            plant, wishes, runs=runs, steps=record.steps_of(id_), now=now, zone=zone, ahead=ahead
        )
        await asyncio.sleep(0)
    return lights


@callback
def facts_of(
    under: Under,
    lights: Mapping[str, Light],
    wanting: Collection[str],
    prices: tuple[Price, ...],
) -> LampFacts:
    """What decides about the lamp; plants that are not `wanting` are kept from harm only."""
    garden = _garden_of(under)
    return LampFacts(
        zone=dt_util.get_default_time_zone(),
        needs=tuple(
            one.need if id_ in wanting else one.need.unasked for id_, one in lights.items()
        ),
        liked=liked_of(garden) if garden else None,
        prices=prices,
    )


def _garden_of(under: Under) -> GardenConfigEntry | None:
    return next((plant.config_entry for plant, _ in under.values()), None)


async def _async_prices(hass: HomeAssistant, under: Under, now: float) -> tuple[Price, ...]:
    garden = _garden_of(under)
    price = price_of(hass, garden) if garden else None
    return await async_get_tariffs(hass).async_prices(price, now) if price else ()


def _of_mode(under: Under, *modes: Mode) -> set[str]:
    return {id_ for id_, (_, wishes) in under.items() if wishes.automatic in modes}
