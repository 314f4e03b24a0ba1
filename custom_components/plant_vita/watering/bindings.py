"""Which pump a plant's water comes from, and how that makes a pump be set up."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN
from ..model.plant import AnomalyKind
from ..model.watering import PumpFacts, Soil
from ..plants.definition import Input
from .wishes import CONF_AI_WATER, CONF_TANK, Wishes, rate_of, wishes_of

if TYPE_CHECKING:
    from ..plants.coordinator import PlantCoordinator

# A node bounds its pulses by itself; any other switch waters as long as Home Assistant wants.
NODE_CAP_MS, NODE_PAUSE_S, NODE_DAILY_MS = 30_000, 60.0, 120_000
FOREIGN_CAP_MS, FOREIGN_PAUSE_S = 120_000, 5.0
# An Arduino's id has capitals.
_NODE_PUMP: Final = re.compile(r"^[0-9A-Za-z]+_\d+_pump$")


@dataclass(frozen=True, kw_only=True, slots=True)
class PumpReference:
    """Where water comes from; `entity_id` is None for a node's pump."""

    pump_id: str
    entity_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Binding:
    """One plant and its pump. `tank` is a contact that is on when the reservoir is empty."""

    plant_id: str
    pump: PumpReference
    wishes: Wishes
    sensed: bool
    ai_allowed: bool = False
    tank: str | None = None


@callback
def pump_of(hass: HomeAssistant, reference: str | None) -> PumpReference | None:
    """The pump that an entity of any make is; None for none, and for what is no pump of ours."""
    if not reference:
        return None
    registry = er.async_get(hass)
    entity_id = er.async_resolve_entity_id(registry, reference)
    if entity_id is None:
        return None
    known = registry.async_get(entity_id)
    if known is None or known.platform != DOMAIN:
        return PumpReference(pump_id=known.id if known else entity_id, entity_id=entity_id)
    # A plant's own watering switch would ask itself.
    is_pump = _NODE_PUMP.match(known.unique_id) is not None
    return PumpReference(pump_id=known.unique_id) if is_pump else None


@callback
def bindings(hass: HomeAssistant, garden: ConfigEntry[Any]) -> dict[str, Binding]:
    """The plants of the garden that have a pump, by their ids."""
    plants: Mapping[str, PlantCoordinator] = garden.runtime_data.garden.plants
    found: dict[str, Binding] = {}
    for plant_id, plant in plants.items():
        pump = pump_of(hass, plant.definition.pump)
        subentry = garden.subentries.get(plant_id)
        if pump is not None and subentry is not None:
            found[plant_id] = Binding(
                plant_id=plant_id,
                pump=pump,
                wishes=wishes_of(subentry.data),
                sensed=plant.definition.has(Input.MOISTURE),
                ai_allowed=bool(subentry.data.get(CONF_AI_WATER, False)),
                tank=er.async_resolve_entity_id(
                    er.async_get(hass), subentry.data.get(CONF_TANK) or ""
                ),
            )
    return found


def facts_of(
    garden: ConfigEntry[Any] | None,
    pump_id: str,
    bound: Iterable[Binding],
    *,
    is_node: bool,
    tank_watched: bool,
) -> PumpFacts:
    """How a pump is set up that waters these plants; where they differ the careful one counts."""
    mine = list(bound)
    budgets = [one.wishes.daily_ml for one in mine] or [500.0]
    return PumpFacts(
        plants=tuple(sorted(one.plant_id for one in mine)),
        sensed=frozenset(one.plant_id for one in mine if one.sensed),
        ml_per_s=rate_of(garden, pump_id) if garden else None,
        cap_ms=NODE_CAP_MS if is_node else FOREIGN_CAP_MS,
        pause_s=NODE_PAUSE_S if is_node else FOREIGN_PAUSE_S,
        daily_ml=min(budgets),
        most_ml=max(budgets),
        daily_ms=NODE_DAILY_MS if is_node else None,
        ai_allowed=bool(mine) and all(one.ai_allowed for one in mine),
        bounded_by_hardware=is_node,
        tank_watched=tank_watched or any(one.tank for one in mine),
    )


def soil_of(plant: PlantCoordinator) -> Soil | None:
    """The newest reading of a plant's soil, None if there is none."""
    state = plant.data.inputs.get(Input.MOISTURE)
    if state is None or state.value is None or state.measured_at is None:
        return None
    patience = max((one.patience_s for one in plant.sources.of(Input.MOISTURE)), default=0.0)
    return Soil(
        plant_id=plant.plant_id,
        moisture=state.value,
        at=state.measured_at,
        # Three of its intervals are its patience.
        every_s=patience / 3,
        changed_at=_same_since(plant),
        flawed=state.faulty,
        out_of_soil=any(one.kind is AnomalyKind.PROBE_OUT for one in plant.data.suspected),
    )


def _same_since(plant: PlantCoordinator) -> float | None:
    """Since when the soil's moisture has been the same."""
    track = plant.memory.tracks.get(Input.MOISTURE)
    if track is None or not len(track):
        return None
    times, values = track.series.times, track.series.values
    others = (values != values[-1]).nonzero()[0]
    return float(times[others[-1] + 1 if len(others) else 0])
