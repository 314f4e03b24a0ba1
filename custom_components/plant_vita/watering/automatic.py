"""Waters plants that are to be watered by themselves: asks what care decides, every few minutes."""

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from ..care import dose
from ..care.automatic import Decision, Facts, Mode, decide
from ..care.dose import Given
from ..care.drying import points_a_day
from ..care.plan import DAYS, Entry, plan
from ..model.species import Measure
from ..model.watering import UNATTENDED, Source, Why
from ..plants.definition import Input
from ..plants.state import Care
from . import wishes
from .bindings import Binding, soil_of

if TYPE_CHECKING:
    from ..plants.coordinator import PlantCoordinator
    from .waterworks import Waterworks

EVERY: Final = timedelta(minutes=5)
PLAN_EVERY_S: Final = 3600.0
_RECENT_S: Final = 2 * 3600.0
_SOAK_S: Final = 1800.0
_AWAY: Final = frozenset({Why.NODE_GONE, Why.NOT_READ_BACK})


@callback
def async_begin(hass: HomeAssistant, works: Waterworks) -> None:
    """Look after the plants until Home Assistant ends."""

    async def _look(_now: datetime) -> None:
        await _async_ask_the_sky(works)
        for plant_id, binding in list(works.bound.items()):
            if plant_id in works.plants:
                async_look_after(hass, works, works.plants[plant_id], binding)
        works.async_tell_listeners()
        await _async_plan(hass, works)

    @callback
    def _pumps_changed() -> None:
        """Look at once where a pump is back: one that sleeps is awake for a moment only."""
        for plant_id, said in list(works.decisions.items()):
            outlet, plant = works.outlet_of(plant_id), works.plants.get(plant_id)
            if said.why in _AWAY and plant and outlet and outlet.status.blocked is None:
                async_look_after(hass, works, plant, works.bound[plant_id])

    works.async_listen(_pumps_changed)
    async_track_time_interval(hass, _look, EVERY, cancel_on_shutdown=True)


async def _async_ask_the_sky(works: Waterworks) -> None:
    """Ask for a forecast where a plant outdoors is to be watered by itself."""
    for plant_id, binding in works.bound.items():
        plant = works.plants.get(plant_id)
        if plant and plant.definition.outdoors and binding.wishes.automatic is not Mode.OFF:
            chosen = wishes.weather_of(plant.hass, plant.config_entry)
            now = works.books.moment().wall
            await works.sky.async_ask(chosen, now)
            works.sky.look(chosen, now)
            return


async def _async_plan(hass: HomeAssistant, works: Waterworks) -> None:
    """Work out the days ahead, plant by plant and outside of the event loop: it takes a while."""
    now = works.books.moment().wall
    for plant_id, binding in list(works.bound.items()):
        plant = works.plants.get(plant_id)
        if plant is None or binding.wishes.automatic is Mode.OFF:
            works.plans.pop(plant_id, None)
            continue
        if plant_id in works.plans and 0 <= now - works.plans[plant_id][0] < PLAN_EVERY_S:
            continue
        works.plans[plant_id] = now, await async_ahead(hass, works, plant, binding)
        works.async_tell_listeners()


async def async_ahead(
    hass: HomeAssistant,
    works: Waterworks,
    plant: PlantCoordinator,
    binding: Binding,
    *,
    days: int = DAYS,
) -> tuple[Entry, ...]:
    """What will happen to a plant, as far as its soil and the last forecast can tell."""
    now = works.books.moment().wall
    sky = works.sky.days(now, days) if plant.definition.outdoors else ()
    facts = facts_of(hass, works, plant, binding)
    return await hass.async_add_executor_job(partial(plan, facts, now, days=days, weather=sky))


@callback
def async_look_after(
    hass: HomeAssistant, works: Waterworks, plant: PlantCoordinator, binding: Binding
) -> None:
    """Decide for one plant, and ask for its water; the arbiter has the last word."""
    now = works.books.moment().wall
    said = decide(facts_of(hass, works, plant, binding), now)
    outlet = works.outlet_of(plant.plant_id)
    if said.ml > 0 and not said.advice and outlet and (blocked := outlet.status.blocked):
        # What would be refused whoever asks is not asked for, and may be once that is over.
        said = Decision(source=said.source, why=blocked)
    works.decisions[plant.plant_id] = said
    if said.ml <= 0 or said.advice:
        return
    is_schedule = said.source is Source.SCHEDULE
    hass.async_create_background_task(
        works.async_ask(
            binding.pump.pump_id,
            said.source,
            ml=said.ml,
            due_at=said.due_at,
            # One time of a schedule is one demand, however often it is decided (W11).
            demand_id=f"{plant.plant_id}@{said.due_at}" if is_schedule else None,
        ),
        f"Plant Vita waters {plant.plant_id}",
    )


def facts_of(
    hass: HomeAssistant, works: Waterworks, plant: PlantCoordinator, binding: Binding
) -> Facts:
    """What is known of one plant that has a pump."""
    moment = works.books.moment()
    readings = _readings(plant)
    pot_cm, garden = plant.definition.pot_cm, plant.config_entry
    return Facts(
        plant_id=plant.plant_id,
        zone=dt_util.get_default_time_zone(),
        mode=binding.wishes.automatic,
        sensed=binding.sensed,
        soil=soil_of(plant),
        recent=tuple(value for at, value in readings if moment.wall - at <= _RECENT_S),
        band=plant.data.thresholds.bands.get(Measure.MOISTURE),
        drying=points_a_day(readings, moment.wall),
        water_days=plant.data.thresholds.water_days,
        watered_at=_watered_at(works, plant),
        given=_given(works, plant.plant_id, readings),
        pot_ml=None if pot_cm is None else dose.pot_ml(pot_cm),
        dose_ml=binding.wishes.dose_ml if binding.wishes.chose else None,
        daily_ml=binding.wishes.daily_ml,
        used_ml=works.books.ledger.used_ml([plant.plant_id], binding.pump.pump_id, moment),
        soak_s=_SOAK_S,
        at_time=wishes.at_time_of(garden),
        quiet=wishes.quiet_of(garden),
        outdoors=plant.definition.outdoors,
        weather=works.sky.weather(wishes.weather_of(hass, garden), moment.wall)
        if plant.definition.outdoors
        else None,
        holiday=wishes.holiday_of(garden),
        harvest_at=binding.wishes.harvest_at,
    )


def _readings(plant: PlantCoordinator) -> list[tuple[float, float]]:
    track = plant.memory.tracks.get(Input.MOISTURE)
    if track is None:
        return []
    known = track.series
    return list(zip(known.times.tolist(), known.values.tolist(), strict=True))


def _watered_at(works: Waterworks, plant: PlantCoordinator) -> float | None:
    """When the plant was last watered; None if it never was.

    What nobody asked for in person counts from the ledger, too: a pump may have run that never told
    how it ended. A person may have let it run into a cup.
    """
    told = plant.data.last.get(Care.WATERED)
    unattended = [
        pulses[-1].at.wall
        for pulses in works.books.waterings(plant.plant_id)
        if pulses[-1].source in UNATTENDED
    ]
    return max((at for at in (told, *unattended) if at is not None), default=None)


def _given(
    works: Waterworks, plant_id: str, readings: list[tuple[float, float]]
) -> tuple[Given, ...]:
    """What the plant was given; answers from before a person looked after the pump do not count."""
    given = []
    for pulses in works.books.waterings(plant_id):
        last = pulses[-1]
        end = last.at.wall + last.counts_ms / 1000
        looked_at = works.books.memory(last.pump_id).looked_at
        seen = None
        if looked_at is None or pulses[0].budget_at >= looked_at:
            seen = dose.answer(readings, start=pulses[0].at.wall, end=end, soak_s=_SOAK_S)
        before, after = seen or (None, None)
        ml = sum(one.counts_ml for one in pulses)
        given.append(Given(at=end, ml=ml, before=before, after=after))
    return tuple(given)
