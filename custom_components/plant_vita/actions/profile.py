"""Plants that are kept, or moved from one Home Assistant to another."""

import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import voluptuous as vol
from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.importlib import async_import_module
from homeassistant.util.json import JsonValueType

from ..const import DOMAIN
from ..plants.definition import (
    CONF_CAMERA,
    CONF_LIGHT_SOURCE,
    CONF_LIMITS,
    CONF_OUTDOORS,
    CONF_POT_CM,
    CONF_RAW_DRY,
    CONF_RAW_WET,
    CONF_SCALES,
    CONF_SPECIES,
    HELPER_DOMAINS,
    SUBENTRY_PLANT,
    Input,
)
from ..plants.entry import running_garden
from .action import OF_PLANTS, Action, async_chosen, refusal

if TYPE_CHECKING:
    from ..plants.coordinator import PlantCoordinator
    from ..plants.entry import GardenConfigEntry
    from ..plants.portable import Portable

ATTR_PROFILE: Final = "profile"
_PORTABLE: Final = f"custom_components.{DOMAIN}.plants.portable"
# The same id may be somebody else's relay in another house: what can be switched is bound by hand.
_NEVER_BOUND = frozenset(HELPER_DOMAINS) - {CONF_CAMERA}


async def _async_export_plant(call: ServiceCall) -> ServiceResponse:
    """Everything that is known of the plants."""
    plants = async_chosen(call)
    await async_import_module(call.hass, _PORTABLE)
    from ..plants.portable import as_mapping  # noqa: PLC0415 - imported already

    profiles: list[JsonValueType] = []
    for plant in plants:
        portable = _portable(call.hass, plant)
        profiles.append(await call.hass.async_add_executor_job(as_mapping, portable))
    return {"profiles": profiles}


@callback
def _portable(hass: HomeAssistant, plant: PlantCoordinator) -> Portable:
    from ..plants.portable import Portable  # noqa: PLC0415 - imported already

    definition, memory = plant.definition, plant.memory
    registry = er.async_get(hass)
    sources = {
        one: tuple(source.entity_id for source in plant.sources.of(one) if source.entity_id)
        for one in definition.inputs
    }
    helpers = {
        name: entity_id
        for name in HELPER_DOMAINS
        if (reference := getattr(definition, name))
        if (entity_id := er.async_resolve_entity_id(registry, reference))
    }
    return Portable(
        name=definition.name,
        species=definition.species,
        outdoors=definition.outdoors,
        pot_cm=definition.pot_cm,
        inputs={one: entity_ids for one, entity_ids in sources.items() if entity_ids},
        helpers=helpers,
        scale=definition.scale,
        scales={
            source.entity_id: definition.scales[source.reference]
            for source in plant.sources.of(Input.MOISTURE)
            if source.entity_id and source.reference in definition.scales
        },
        lamp=definition.lamp,
        limits=definition.limits,
        model=memory.model,
        last=dict(memory.last),
        log=tuple(memory.log),
    )


async def _async_import_plant(call: ServiceCall) -> ServiceResponse:
    """Add a plant to the garden, or say why not, and then nothing is changed."""
    hass, profile = call.hass, call.data[ATTR_PROFILE]
    if (entry := running_garden(hass)) is None:
        raise refusal("no_garden")
    await async_import_module(hass, _PORTABLE)
    from ..plants.portable import ProfileError, from_mapping  # noqa: PLC0415 - imported already

    try:
        portable = await hass.async_add_executor_job(from_mapping, profile, time.time())
    except ProfileError as error:
        placeholders = {"field": error.field} if error.key == "profile_invalid" else {}
        raise refusal(error.key, **placeholders) from error
    return await _async_plant(hass, entry, portable)


async def _async_plant(
    hass: HomeAssistant, entry: GardenConfigEntry, portable: Portable
) -> ServiceResponse:
    from ..plants.memory import Memory, store_of  # noqa: PLC0415 - imported with the garden
    from ..plants.sources import Sources  # noqa: PLC0415 - imported with the garden

    bound, unbound = _bindings(hass, entry, portable)
    subentry = ConfigSubentry(
        data=MappingProxyType({**_described(portable), **bound}),
        subentry_type=SUBENTRY_PLANT,
        title=portable.name,
        unique_id=None,
    )
    memory = Memory(model=portable.model, last=dict(portable.last), log=list(portable.log))
    # Before the plant is there, or it would begin with nothing.
    store = store_of(hass, subentry.subentry_id)
    await store.async_save(memory.as_stored(Sources(), time.time()))
    hass.config_entries.async_add_subentry(entry, subentry)
    await entry.runtime_data.garden.async_follow()
    return {
        "plant_id": subentry.subentry_id,
        "name": portable.name,
        "unbound": {name: [*entity_ids] for name, entity_ids in unbound.items()},
    }


def _described(portable: Portable) -> dict[str, Any]:
    scale = portable.scale
    said = {
        CONF_SPECIES: portable.species,
        CONF_OUTDOORS: portable.outdoors,
        CONF_POT_CM: portable.pot_cm,
        CONF_RAW_DRY: scale.dry if scale else None,
        CONF_RAW_WET: scale.wet if scale else None,
        CONF_LIGHT_SOURCE: str(portable.lamp),
        CONF_LIMITS: dict(portable.limits),
    }
    return {name: value for name, value in said.items() if value not in (None, "", {})}


@callback
def _bindings(
    hass: HomeAssistant, entry: GardenConfigEntry, portable: Portable
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """What it is bound to here, as a subentry has it, and which entities it is not bound to."""
    registry = er.async_get(hass)
    # What plants say of themselves must not be what they are judged by.
    own = {one.entity_id for one in er.async_entries_for_config_entry(registry, entry.entry_id)}
    bound: dict[str, Any] = {}
    unbound: dict[str, list[str]] = {}

    def reference(name: str, entity_id: str) -> str | None:
        known = registry.async_get(entity_id)
        there = known is not None or hass.states.get(entity_id) is not None
        if name in _NEVER_BOUND or entity_id in own or not there:
            unbound.setdefault(name, []).append(entity_id)
            return None
        return known.id if known else entity_id

    inputs: Mapping[Input, tuple[str, ...]] = portable.inputs
    for one, entity_ids in inputs.items():
        found = {ref: entity_id for entity_id in entity_ids if (ref := reference(one, entity_id))}
        if found:
            bound[one] = list(found)
        if one is Input.MOISTURE:
            scales = {ref: portable.scales.get(entity_id) for ref, entity_id in found.items()}
            points = {ref: [each.dry, each.wet] for ref, each in scales.items() if each}
            bound |= {CONF_SCALES: points} if points else {}
    for name, entity_id in portable.helpers.items():
        if ref := reference(name, entity_id):
            bound[name] = ref
    return bound, unbound


ACTIONS = (
    Action(name="export_plant", run=_async_export_plant, fields=OF_PLANTS, policy=POLICY_READ),
    Action(
        name="import_plant",
        run=_async_import_plant,
        fields={vol.Required(ATTR_PROFILE): object},
    ),
)
