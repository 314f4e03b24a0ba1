"""Giving plants water, stopping it, and measuring what a pump gives."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import voluptuous as vol
from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonValueType

from ..care.plan import DAYS, Entry
from ..glue.actuation import translated
from ..plants.report import local_iso
from ..watering import wishes
from ..watering.asking import as_answer, raise_refusal, source_of
from ..watering.automatic import async_ahead
from ..watering.waterworks import async_get_works
from .action import DEVICES, OF_PLANTS, Action, async_chosen, refusal
from .wording import async_said

if TYPE_CHECKING:
    from ..plants.coordinator import PlantCoordinator
    from ..watering.outlet import Outlet
    from ..watering.waterworks import Waterworks

ATTR_ML, ATTR_SECONDS, ATTR_DAYS = "ml", "seconds", "days"
ATTR_ANSWER_REFUSALS: Final = "answer_refusals"
NOTHING_GIVEN: Final[Mapping[str, JsonValueType]] = {"result": "refused", "ml": 0.0, "seconds": 0.0}
ML = vol.All(vol.Coerce(float), vol.Range(min=1, max=wishes.DAILY_ML[1]))
_SECONDS = vol.All(vol.Coerce(float), vol.Range(min=0.5, max=600))


def _outlet(works: Waterworks, plant: PlantCoordinator) -> Outlet:
    outlet = works.outlet_of(plant.plant_id)
    if outlet is None:
        raise refusal("watering_no_pump")
    return outlet


async def _async_water(call: ServiceCall) -> ServiceResponse:
    """Give each of the plants its dose, or so much; those that share a pump get wet together, once.

    One refusal ends it, and says why; or it is an answer like others, for whoever wants to pass it
    on to a person.
    """
    works = await async_get_works(call.hass)
    together: dict[str, list[PlantCoordinator]] = {}
    for plant in async_chosen(call):
        outlet = works.outlet_of(plant.plant_id)
        together.setdefault(outlet.pump_id if outlet else plant.plant_id, []).append(plant)
    answers: list[JsonValueType] = []
    for plants in together.values():
        try:
            told = await _async_given(call, works, plants)
        except HomeAssistantError as error:
            if not call.data[ATTR_ANSWER_REFUSALS]:
                raise
            said = await async_said(call.hass, error, call.hass.config.language)
            told = {**NOTHING_GIVEN, "why": error.translation_key, "message": said}
        answers += [{"name": plant.definition.name, **told} for plant in plants]
    return {"plants": answers}


async def _async_given(
    call: ServiceCall, works: Waterworks, plants: list[PlantCoordinator]
) -> dict[str, JsonValueType]:
    """Water for plants at one pump: by the smallest of their doses, if nothing else is asked."""
    outlet = _outlet(works, plants[0])
    seconds, ml = call.data.get(ATTR_SECONDS), call.data.get(ATTR_ML)
    if ml is None and seconds is None:
        ml = min(_dose_ml(plant) for plant in plants)
    demand, result = await works.async_ask(
        outlet.pump_id,
        source_of(call.context),
        ml=ml,
        ms=None if seconds is None else round(seconds * 1000),
        context=call.context,
    )
    raise_refusal(result, demand.asked_at)
    return as_answer(result)


def _dose_ml(plant: PlantCoordinator) -> float:
    return wishes.wishes_of(plant.config_entry.subentries[plant.plant_id].data).dose_ml


async def _async_stop(call: ServiceCall) -> ServiceResponse:
    """Stop the pumps of these plants, or every pump."""
    works = await async_get_works(call.hass)
    pump_ids = None
    if ATTR_DEVICE_ID in call.data:
        pump_ids = [_outlet(works, plant).pump_id for plant in async_chosen(call)]
    if error := await works.async_stop(by="action", pump_ids=pump_ids):
        raise translated(error)
    return {"stopped": len(works.outlets) if pump_ids is None else len(set(pump_ids))}


async def _async_calibrate_pump(call: ServiceCall) -> ServiceResponse:
    """Keep what a person has measured: so much water in so many seconds."""
    works = await async_get_works(call.hass)
    plants = async_chosen(call)
    rate = call.data[ATTR_ML] / call.data[ATTR_SECONDS]
    if not wishes.RATES[0] <= rate <= wishes.RATES[1]:
        raise refusal("watering_rate")
    for plant in plants:
        wishes.async_set_rate(
            call.hass, plant.config_entry, _outlet(works, plant).pump_id, round(rate, 3)
        )
    return {"ml_per_second": round(rate, 3)}


async def _async_plan(call: ServiceCall) -> ServiceResponse:
    """What will happen in the days ahead, if the soil dries and the sun shines as they do now."""
    works = await async_get_works(call.hass)
    chosen = async_chosen(call) if ATTR_DEVICE_ID in call.data else list(works.plants.values())
    answers: list[JsonValueType] = []
    for plant in chosen:
        lit = await _async_lit(plant, works.books.moment().wall, call.data[ATTR_DAYS])
        if (binding := works.bound.get(plant.plant_id)) is None:
            if lit:
                answers.append({"name": plant.definition.name, **lit})
            continue
        entries = await async_ahead(call.hass, works, plant, binding, days=call.data[ATTR_DAYS])
        answers.append(
            {
                "name": plant.definition.name,
                "automatic": str(binding.wishes.automatic),
                "plan": [_planned(entry) for entry in entries],
                **lit,
            }
        )
    return {"plants": answers}


async def _async_lit(plant: PlantCoordinator, now: float, days: int) -> dict[str, JsonValueType]:
    """When the plant's lamp will shine; nothing for a plant that has none."""
    lamps = plant.config_entry.runtime_data.lamps
    if (lamp := lamps.of(plant.plant_id)) is None:
        return {}
    shines = await lamp.async_days(plant.plant_id, now, days)
    return {
        "automatic_light": str(lamps.wishes(plant.plant_id).automatic),
        "light_plan": [
            {"from": local_iso(one.start, "seconds"), "to": local_iso(one.end, "seconds")}
            for one in shines
        ],
    }


def _planned(entry: Entry) -> JsonValueType:
    return {
        "at": local_iso(entry.at, "seconds"),
        "source": str(entry.source),
        "ml": round(entry.ml, 1),
        "why_not": str(entry.why) if entry.why else None,
    }


ACTIONS = (
    Action(
        name="water",
        run=_async_water,
        fields={
            **OF_PLANTS,
            vol.Exclusive(ATTR_ML, "amount"): ML,
            vol.Exclusive(ATTR_SECONDS, "amount"): _SECONDS,
            vol.Optional(ATTR_ANSWER_REFUSALS, default=False): cv.boolean,
        },
        answers=SupportsResponse.OPTIONAL,
    ),
    Action(
        name="stop",
        run=_async_stop,
        fields={vol.Optional(ATTR_DEVICE_ID): DEVICES},
        answers=SupportsResponse.OPTIONAL,
    ),
    Action(
        name="calibrate_pump",
        run=_async_calibrate_pump,
        fields={
            **OF_PLANTS,
            vol.Required(ATTR_SECONDS): _SECONDS,
            vol.Required(ATTR_ML): ML,
        },
        answers=SupportsResponse.OPTIONAL,
    ),
    Action(
        name="plan",
        policy=POLICY_READ,
        run=_async_plan,
        fields={
            vol.Optional(ATTR_DEVICE_ID): DEVICES,
            vol.Optional(ATTR_DAYS, default=DAYS): vol.All(
                vol.Coerce(int), vol.Range(min=1, max=DAYS)
            ),
        },
    ),
)
