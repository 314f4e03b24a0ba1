"""Adding and changing a plant: its name and kind, where it stands, what it is bound to."""

from typing import Any, override

import voluptuous as vol
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SubentryFlowResult,
)
from homeassistant.const import (
    CONF_NAME,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    UnitOfLength,
    UnitOfTime,
)
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import (
    AreaSelector,
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)

from ..analysis.lamps import Source
from ..lighting.sockets import socket_of
from ..lighting.wishes import CONF_LIGHTING
from ..photos.entry import async_learnt_species
from ..plants.catalogue import Catalogue, async_get_catalogue
from ..plants.definition import (
    CONF_AREA,
    CONF_CAMERA,
    CONF_GROW_LIGHT,
    CONF_LIGHT_SOURCE,
    CONF_LIMITS,
    CONF_OUTDOORS,
    CONF_POT_CM,
    CONF_PUMP,
    CONF_SNAPSHOT_DAYS,
    CONF_SPECIES,
    HELPER_DOMAINS,
    NUMERIC_DOMAINS,
    Input,
)
from ..plants.entry import device_of
from ..plants.takeover import async_foreign
from ..watering.bindings import pump_of
from ..watering.wishes import CONF_WATER
from .calibrating import PumpSteps

_AS_TYPED = "as_typed"
CONF_PLANTS = "plants"


class PlantSubentryFlow(PumpSteps):
    """The same forms for a new plant and for one that is changed; nothing bound is fine."""

    def __init__(self) -> None:
        """Nothing has been said yet."""
        super().__init__()
        self._name = ""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Add a plant; or several that another integration keeps, if there are any."""
        if await async_foreign(self.hass, self._get_entry()):
            return self.async_show_menu(step_id="user", menu_options=["plant", "takeover"])
        return await self.async_step_plant()

    async def async_step_takeover(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask which plants of another integration to take over."""
        garden = self._get_entry()
        foreign = {one.key: one for one in await async_foreign(self.hass, garden)}
        if user_input is not None:
            catalogue = await async_get_catalogue(self.hass)
            chosen = [foreign[key] for key in user_input[CONF_PLANTS] if key in foreign]
            typed = [one.species for one in chosen]
            sure = await self.hass.async_add_executor_job(
                _sure, catalogue, typed, self.hass.config.language
            )
            for one, species in zip(chosen, sure, strict=True):
                self.hass.config_entries.async_add_subentry(
                    garden, one.subentry(self.hass, species)
                )
            return self.async_abort(
                reason="taken_over", description_placeholders={"count": str(len(chosen))}
            )
        options = [SelectOptionDict(value=key, label=one.name) for key, one in foreign.items()]
        plants = SelectSelectorConfig(
            options=options, multiple=True, mode=SelectSelectorMode.LIST, sort=True
        )
        return self.async_show_form(
            step_id="takeover",
            data_schema=vol.Schema(
                {vol.Required(CONF_PLANTS, default=list(foreign)): SelectSelector(plants)}
            ),
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change a plant; what is known of it, and its entities, stay."""
        subentry = self._get_reconfigure_subentry()
        self._plant = dict(subentry.data)
        self._name = subentry.title
        self._plant[CONF_AREA] = self._present_area(subentry.subentry_id)
        return await self.async_step_plant()

    def _present_area(self, plant_id: str) -> str | None:
        """Where it stands by now: it may have been moved on the page of its device."""
        device = device_of(self.hass, self._get_entry(), plant_id)
        return device.area_id if device else self._plant.get(CONF_AREA)

    async def async_step_plant(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask what it is, and where it stands."""
        catalogue = await async_get_catalogue(self.hass)
        labels = _labels(catalogue, self.hass.config.language)
        errors: dict[str, str] = {}
        if user_input is not None:
            self._name = user_input.pop(CONF_NAME).strip()
            chosen = user_input.get(CONF_SPECIES, "")
            ids = {label: species_id for species_id, label in labels.items()}
            user_input[CONF_SPECIES] = ids.get(chosen, chosen)
            self._take(user_input, CONF_SPECIES, CONF_OUTDOORS, CONF_POT_CM, CONF_AREA)
            if self._name:
                return await self.async_step_species()
            errors[CONF_NAME] = "name_missing"
        known = self._plant.get(CONF_SPECIES, "")
        return self.async_show_form(
            step_id="plant",
            data_schema=self.add_suggested_values_to_schema(
                _plant_form([*labels.values()]),
                {**self._plant, CONF_NAME: self._name, CONF_SPECIES: labels.get(known, known)},
            ),
            errors=errors,
        )

    def _take(self, said: dict[str, Any], *names: str) -> None:
        """Take in these answers; what was left empty is forgotten."""
        for name in names:
            self._plant.pop(name, None)
            if said.get(name) not in (None, "", []):
                self._plant[name] = said[name]

    async def async_step_species(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask which species was meant, if what was typed is none by itself."""
        catalogue = await async_get_catalogue(self.hass)
        if user_input is not None:
            if user_input[CONF_SPECIES] != _AS_TYPED:
                self._plant[CONF_SPECIES] = user_input[CONF_SPECIES]
            return await self.async_step_sources()
        typed = self._plant.get(CONF_SPECIES, "")
        if not typed or typed in catalogue.species:
            return await self.async_step_sources()
        language = self.hass.config.language
        found = await self.hass.async_add_executor_job(catalogue.search, typed, language)
        sure = found.sure or await async_learnt_species(self.hass, typed)
        if sure is not None:
            self._plant[CONF_SPECIES] = sure
        if sure is not None or not found.likely:
            return await self.async_step_sources()
        options = [_option(catalogue, species_id, language) for species_id in found.likely]
        chosen = SelectSelectorConfig(
            options=[*options, SelectOptionDict(value=_AS_TYPED, label=typed)],
            mode=SelectSelectorMode.LIST,
        )
        return self.async_show_form(
            step_id="species",
            data_schema=vol.Schema(
                {vol.Required(CONF_SPECIES, default=options[0]["value"]): SelectSelector(chosen)}
            ),
            description_placeholders={"typed": typed},
        )

    async def async_step_sources(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask what measures it, and what waters, lights and sees it."""
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = self._refusals(user_input)
            if not errors:
                self._bind(user_input)
                self._find_raw()
                return await self.async_step_scale()
        return self.async_show_form(
            step_id="sources",
            data_schema=self.add_suggested_values_to_schema(
                _sources_form(self._own_entities()), user_input or self._bound()
            ),
            errors=errors,
        )

    def _refusals(self, said: dict[str, Any]) -> dict[str, str]:
        """Why an entity cannot be bound: no number, no pump, no lamp, or one of the plants' own."""
        own = set(self._own_entities())
        errors: dict[str, str] = {}
        for one in Input:
            chosen = said.get(one, [])
            if own & set(chosen):
                errors[one] = "own_entity"
            elif not all(self._may_be_a_number(entity_id) for entity_id in chosen):
                errors[one] = "not_a_number"
        lamp, pump = said.get(CONF_GROW_LIGHT), said.get(CONF_PUMP)
        if pump and pump_of(self.hass, pump) is None:
            errors[CONF_PUMP] = "no_pump"
        if lamp and socket_of(self.hass, lamp, {pump} if pump else ()) is None:
            errors[CONF_GROW_LIGHT] = "not_a_lamp"
        if said.get(CONF_SNAPSHOT_DAYS) and not said.get(CONF_CAMERA):
            errors[CONF_CAMERA] = "camera_missing"
        return errors

    def _may_be_a_number(self, entity_id: str) -> bool:
        """What is silent now may have been chosen before its battery was put in."""
        state = self.hass.states.get(entity_id)
        if state is None or state.state in (STATE_UNAVAILABLE, STATE_UNKNOWN):
            return True
        try:
            float(state.state)
        except ValueError:
            return False
        return True

    def _own_entities(self) -> list[str]:
        """What plants say of themselves must not be what they are judged by."""
        registry = er.async_get(self.hass)
        ours = er.async_entries_for_config_entry(registry, self._entry_id)
        return sorted(entry.entity_id for entry in ours)

    def _bind(self, said: dict[str, Any]) -> None:
        if (days := said.pop(CONF_SNAPSHOT_DAYS, None)) is not None:
            days = int(days)
        self._take({**said, CONF_SNAPSHOT_DAYS: days}, CONF_LIGHT_SOURCE, CONF_SNAPSHOT_DAYS)
        registry = er.async_get(self.hass)

        def reference(entity_id: str) -> str:
            known = registry.async_get(entity_id)
            return known.id if known else entity_id

        self._take(
            {
                name: reference(chosen)
                if isinstance(chosen, str)
                else [reference(entity_id) for entity_id in chosen]
                for name, chosen in said.items()
                if name != CONF_LIGHT_SOURCE
            },
            *Input,
            *HELPER_DOMAINS,
        )

    def _bound(self) -> dict[str, Any]:
        """What is bound now, by present entity ids; without what does not exist any more."""
        registry = er.async_get(self.hass)
        inputs: dict[str, Any] = {
            one: [
                entity_id
                for ref in self._plant.get(one, [])
                if (entity_id := er.async_resolve_entity_id(registry, ref))
            ]
            for one in Input
        }
        helpers = {
            name: entity_id
            for name in HELPER_DOMAINS
            if (entity_id := er.async_resolve_entity_id(registry, self._plant.get(name, "")))
        }
        lamp = {CONF_LIGHT_SOURCE: self._plant.get(CONF_LIGHT_SOURCE, Source.SUNLIGHT)}
        days = {name: self._plant[name] for name in [CONF_SNAPSHOT_DAYS] if name in self._plant}
        return {**inputs, **lamp, **helpers, **days}

    @override
    def _save(self) -> SubentryFlowResult:
        if self.source == SOURCE_RECONFIGURE:
            subentry = self._get_reconfigure_subentry()
            for name in (CONF_LIMITS, CONF_WATER, CONF_LIGHTING):
                if name in subentry.data:
                    # They may have been set while this dialog was open.
                    self._plant[name] = subentry.data[name]
            return self.async_update_and_abort(
                self._get_entry(), subentry, title=self._name, data=self._plant
            )
        return self.async_create_entry(title=self._name, data=self._plant)


def _plant_form(options: list[str]) -> vol.Schema:
    # Where anything may be typed, the frontend shows what was chosen by its value, not its label.
    species = SelectSelectorConfig(
        options=options, custom_value=True, sort=True, mode=SelectSelectorMode.DROPDOWN
    )
    pot = NumberSelectorConfig(
        min=2,
        max=200,
        step=0.5,
        mode=NumberSelectorMode.BOX,
        unit_of_measurement=UnitOfLength.CENTIMETERS,
    )
    return vol.Schema(
        {
            vol.Required(CONF_NAME): TextSelector(),
            vol.Optional(CONF_SPECIES): SelectSelector(species),
            vol.Optional(CONF_AREA): AreaSelector(),
            vol.Optional(CONF_OUTDOORS, default=False): BooleanSelector(),
            vol.Optional(CONF_POT_CM): NumberSelector(pot),
        }
    )


def _sources_form(own: list[str]) -> vol.Schema:
    inputs = {
        vol.Optional(one): EntitySelector(
            EntitySelectorConfig(
                filter={"domain": [*NUMERIC_DOMAINS]}, multiple=True, exclude_entities=own
            )
        )
        for one in Input
    }
    helpers = {
        vol.Optional(name): EntitySelector(EntitySelectorConfig(filter={"domain": [*domains]}))
        for name, domains in HELPER_DOMAINS.items()
    }
    lamps = SelectSelectorConfig(options=[*Source], translation_key=CONF_LIGHT_SOURCE)
    lamp = {vol.Optional(CONF_LIGHT_SOURCE): SelectSelector(lamps)}
    days = NumberSelectorConfig(
        min=1,
        max=90,
        step=1,
        mode=NumberSelectorMode.BOX,
        unit_of_measurement=UnitOfTime.DAYS,
    )
    snapshots = {vol.Optional(CONF_SNAPSHOT_DAYS): NumberSelector(days)}
    return vol.Schema({**inputs, **lamp, **helpers, **snapshots})


def _sure(catalogue: Catalogue, typed: list[str], language: str) -> list[str | None]:
    return [catalogue.search(one, language).sure for one in typed]


def _labels(catalogue: Catalogue, language: str) -> dict[str, str]:
    """What people call each species, by its id; no two are the same."""
    return {species_id: _label(catalogue, species_id, language) for species_id in catalogue.species}


def _label(catalogue: Catalogue, species_id: str, language: str) -> str:
    species = catalogue.species[species_id]
    common = species.common_name(language)
    return f"{common} ({species.scientific_name})" if common != species.scientific_name else common


def _option(catalogue: Catalogue, species_id: str, language: str) -> SelectOptionDict:
    return SelectOptionDict(value=species_id, label=_label(catalogue, species_id, language))
