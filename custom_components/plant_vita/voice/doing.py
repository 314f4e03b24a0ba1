"""What is done because an assistant was asked for it: water, and an end of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from homeassistant.core import Context, HomeAssistant

from ..actions.action import refusal
from ..glue.actuation import translated
from ..model.watering import Result, Source
from ..watering import wishes
from ..watering.asking import raise_refusal
from ..watering.waterworks import async_get_works
from .seen import Seen

if TYPE_CHECKING:
    from ..watering.outlet import Outlet


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """What was asked for and what became of it; the result is None for one that waits."""

    ml: float
    result: Result | None


async def async_outlet(hass: HomeAssistant, seen: Seen) -> Outlet:
    """The pump of a plant; refuses one that has none, or whose switch is not exposed."""
    works = await async_get_works(hass)
    outlet = works.outlet_of(seen.plant.plant_id)
    if outlet is None or not seen.waterable:
        raise refusal("watering_no_pump")
    return outlet


def dose_of(seen: Seen) -> float:
    """What the plant gets at one watering, in ml."""
    garden = seen.plant.config_entry
    return wishes.wishes_of(garden.subentries[seen.plant.plant_id].data).dose_ml


async def async_water(
    hass: HomeAssistant,
    seen: Seen,
    source: Source,
    ml: float | None = None,
    context: Context | None = None,
) -> Given:
    """Ask for the plant's dose, or `ml`, in the name of `context`.

    Raises, in words for a person, what is refused.
    """
    works, outlet = await async_get_works(hass), await async_outlet(hass, seen)
    wanted = dose_of(seen) if ml is None else ml
    demand, result = await works.async_ask(outlet.pump_id, source, ml=wanted, context=context)
    raise_refusal(result, demand.asked_at)
    return Given(ml=wanted, result=result)


async def async_stop(hass: HomeAssistant, *, by: str) -> None:
    """Stop every pump: whoever says stop is not asked which one, nor whether it is exposed."""
    works = await async_get_works(hass)
    if error := await works.async_stop(by=by):
        raise translated(error)
