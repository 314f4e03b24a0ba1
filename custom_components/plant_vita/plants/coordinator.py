"""One plant in Home Assistant: listens to what it is bound to, and judges it again and again."""

import math
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    EventStateReportedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.event import (
    async_track_entity_registry_updated_event,
    async_track_state_change_event,
    async_track_state_report_event,
    async_track_time_interval,
)
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from ..const import DOMAIN, LOGGER
from ..model.plant import Trend
from ..model.species import Species
from ..species.thresholds import ThresholdError, Thresholds, checked
from . import issues
from .assessment import SAME_WATERING_S, Assessment, Facts, Studied, assess
from .catalogue import Catalogue
from .definition import CONF_LIMITS, PlantDefinition, from_subentry
from .memory import Memory, async_recall, store_of
from .profile import chores, limits, season_at
from .sources import Sources
from .state import Care, PlantState

ANALYSIS_S: Final = 600.0
# A change is looked at this much later, so that sensors of one device count together.
SETTLE_S: Final = 10.0
# What runs longer than this does not belong in the event loop.
LOOP_S: Final = 0.005
SAVE_EVERY: Final = timedelta(hours=3)
_SAVE_SOON_S: Final = 5.0
_DAYS_OF_LIGHT: Final = 3

type CareListener = Callable[[Care, float], None]


class PlantCoordinator(DataUpdateCoordinator[PlantState]):
    """Holds the `PlantState` of one plant; its `data` is never None once it has started."""

    config_entry: ConfigEntry[Any]

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        definition: PlantDefinition,
        catalogue: Catalogue,
    ) -> None:
        """Know nothing yet: `async_start` does the rest."""
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=f"{DOMAIN} {definition.name}",
            update_interval=timedelta(seconds=ANALYSIS_S),
            request_refresh_debouncer=Debouncer(hass, LOGGER, cooldown=SETTLE_S, immediate=False),
        )
        self.definition = definition
        self.memory = Memory()
        self.sources = Sources()
        self._catalogue = catalogue
        self._store = store_of(hass, definition.plant_id)
        self.took_s = LOOP_S
        self._studied: Studied | None = None
        self._listening: list[CALLBACK_TYPE] = []
        self._running: list[CALLBACK_TYPE] = []
        self._on_care: list[CareListener] = []

    @property
    def plant_id(self) -> str:
        """The id of the plant's subentry."""
        return self.definition.plant_id

    async def async_start(self) -> None:
        """Recall what was known, then listen. Waits for the disk only, never for a sensor."""
        self.memory = await async_recall(self._store, self.definition.name)
        now = time.time()
        self.memory.since = min(self.memory.since or now, now)
        self.sources.async_bind(self.hass, self.definition, now)
        self.sources.restore(self.memory.sources, now)
        self._async_listen()
        self.data = await self._async_update_data()
        self._running = [
            # Somebody who listens, so that a plant is judged whose entities are all disabled.
            self.async_add_listener(lambda: None),
            async_track_time_interval(self.hass, self._async_save, SAVE_EVERY),
            self.hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, self._async_save),
        ]

    @override
    async def async_shutdown(self) -> None:
        """Stop listening, and write down what is known."""
        if self._shutdown_requested:
            return
        await super().async_shutdown()
        for stop in (*self._running, *self._listening):
            stop()
        self._running, self._listening = [], []
        await self._store.async_save(self._as_stored())

    async def async_forget(self) -> None:
        """The plant is gone for good."""
        await self.async_shutdown()
        issues.async_clear_gone(self.hass, self.plant_id)
        await self._store.async_remove()

    # --- what it is bound to ---------------------------------------------------------------------

    @callback
    def async_redefine(self, definition: PlantDefinition) -> None:
        """Take in what a person has changed; whatever is known of the plant stays known."""
        self.definition = definition
        self._studied = None
        self.name = f"{DOMAIN} {definition.name}"
        self.sources.async_bind(self.hass, definition, time.time())
        self._async_listen()

    @callback
    def _async_listen(self) -> None:
        for stop in self._listening:
            stop()
        entity_ids = self.sources.entity_ids
        self._listening = [
            async_track_state_change_event(self.hass, entity_ids, self._async_changed),
            async_track_state_report_event(self.hass, entity_ids, self._async_reported),
            async_track_entity_registry_updated_event(
                self.hass, entity_ids, self._async_registry_changed
            ),
        ]
        if any(source.gone for source in self.sources):
            # Who comes back has its old id, but perhaps another name.
            self._listening.append(
                self.hass.bus.async_listen(
                    er.EVENT_ENTITY_REGISTRY_UPDATED,
                    self._async_registry_changed,
                    event_filter=_is_new,
                )
            )
        issues.async_tell_gone(self.hass, self.definition, self.sources)
        for entity_id in entity_ids:
            self._take(self.hass.states.get(entity_id))

    @callback
    def _async_changed(self, event: Event[EventStateChangedData]) -> None:
        self._take(event.data["new_state"])

    @callback
    def _async_reported(self, event: Event[EventStateReportedData]) -> None:
        self._take(event.data["new_state"])

    @callback
    def _async_registry_changed(self, event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        for source in self.sources:
            source.async_resolve(self.hass)
        self._async_listen()
        self._debounced_refresh.async_schedule_call()

    @callback
    def _take(self, state: State | None) -> None:
        if state is None:
            return
        now, news = time.time(), False
        for source in self.sources.named(state.entity_id):
            if not source.take(state):
                continue
            news = True
            shown = self.sources.state(source.input, now)
            if shown.value is not None and shown.measured_at is not None:
                self.memory.heard(source.input, shown.measured_at, shown.value)
        if news and self._running:
            self._debounced_refresh.async_schedule_call()

    async def async_set_limits(self, own: Mapping[str, float]) -> None:
        """Put these numbers over the species' own; raises `ServiceValidationError`."""
        try:
            checked(own)
        except ThresholdError as error:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="threshold_invalid"
            ) from error
        subentry = self.config_entry.subentries[self.plant_id]
        data = {name: value for name, value in subentry.data.items() if name != CONF_LIMITS}
        self.hass.config_entries.async_update_subentry(
            self.config_entry, subentry, data={**data, CONF_LIMITS: dict(own)} if own else data
        )
        # At once, so that whoever has set it sees it; the garden then finds nothing to do.
        self.async_redefine(from_subentry(subentry))
        await self.async_refresh()

    # --- care ------------------------------------------------------------------------------------

    @callback
    def async_on_care(self, listener: CareListener) -> CALLBACK_TYPE:
        """Call `listener` when the plant was cared for, by whomever, with the Unix time."""
        self._on_care.append(listener)
        return lambda: self._on_care.remove(listener)

    async def async_cared(self, care: Care, at: float) -> None:
        """A person says what was done for the plant."""
        self._note(care, at)
        self._store.async_delay_save(self._as_stored, _SAVE_SOON_S)
        await self.async_refresh()

    async def async_grown(self, growth: Trend) -> None:
        """What its photos have shown of its growth."""
        if growth == self.memory.growth or self._shutdown_requested:
            return
        self.memory.growth = growth
        self._store.async_delay_save(self._as_stored, _SAVE_SOON_S)
        await self.async_refresh()

    @callback
    def _note(self, care: Care, at: float) -> None:
        before = self.memory.last.get(care)
        self.memory.last[care] = max(at, before or 0.0)
        if care is Care.WATERED and before is not None and abs(at - before) < SAME_WATERING_S:
            return
        self.memory.note(care, at)
        for listener in self._on_care:
            listener(care, at)

    # --- judging ---------------------------------------------------------------------------------

    @override
    async def _async_update_data(self) -> PlantState:
        facts = self._facts()
        if not facts.whole:
            assessment = assess(facts)
        elif self.took_s < LOOP_S:
            assessment, self.took_s = _timed(facts)
        else:
            assessment, self.took_s = await self.hass.async_add_executor_job(_timed, facts)
        return self._conclude(facts, assessment)

    def _facts(self) -> Facts:
        now = time.time()
        return Facts(
            now=now,
            thresholds=self.thresholds,
            inputs=self.sources.states(now),
            tracks={one: track.series for one, track in self.memory.tracks.items()},
            midnights=_midnights(),
            remembered=self.memory.remembered,
            last=dict(self.memory.last),
            seen_until=self.memory.seen_until,
            model=self.memory.model,
            pot_cm=self.definition.pot_cm,
            suspicions=self.memory.suspicions,
            scores=self.memory.scores.series,
            direction=self.memory.direction,
            growth=self.memory.growth,
            zone=dt_util.get_default_time_zone(),
            chores=chores(self.definition, self._species),
            since=self.memory.since,
            toxicity=self._species.toxicity if self._species else None,
            studied=self._studied,
        )

    @property
    def knows_species(self) -> bool:
        """Whether its species is one of the catalogue."""
        return self.definition.species in self._catalogue.species

    @property
    def species_name(self) -> str:
        """The scientific name of its species, or what was typed for it."""
        return self._species.scientific_name if self._species else self.definition.species

    @property
    def _species(self) -> Species | None:
        return self._catalogue.species.get(self.definition.species)

    @property
    def thresholds(self) -> Thresholds:
        """What is good for the plant today."""
        season = season_at(dt_util.now().date(), self.hass.config.latitude)
        return limits(self.definition, self._species, season)

    @callback
    def _conclude(self, facts: Facts, assessment: Assessment) -> PlantState:
        self.memory.remembered = assessment.remembered
        self.memory.model = assessment.model
        self.memory.suspicions = assessment.suspicions
        self._studied = assessment.studied
        state = assessment.state
        self.memory.direction = state.trend.direction
        if state.score is not None:
            self.memory.scores.add(facts.now, state.score)
        for watering in assessment.waterings:
            self.memory.seen_until = max(self.memory.seen_until, watering.at)
            self._note(Care.WATERED, watering.at)
        turns = (self.sources.next_turn(facts.now), assessment.turn)
        turn = min((turn for turn in turns if turn is not None), default=math.inf)
        wait = min(ANALYSIS_S, max(turn - facts.now, 0.0) + 1.0)
        self.update_interval = timedelta(seconds=wait)
        if self.data is not None and _news(self.data, state):
            # Whoever is killed must not tell it again, or forget it.
            self._store.async_delay_save(self._as_stored, _SAVE_SOON_S)
        return state

    # --- remembering -----------------------------------------------------------------------------

    def _as_stored(self) -> dict[str, Any]:
        return self.memory.as_stored(self.sources, time.time())

    @callback
    def _async_save(self, _when: datetime | Event) -> None:
        # Written before Home Assistant ends, too: it does not stop while a file waits.
        self._store.async_delay_save(self._as_stored, 0)


def _news(before: PlantState, now: PlantState) -> bool:
    """Whether something is wrong that was not, or the other way round."""
    return (before.problem, before.reasons) != (now.problem, now.reasons)


@callback
def _is_new(data: er.EventEntityRegistryUpdatedData) -> bool:
    return data["action"] == "create"


def _timed(facts: Facts) -> tuple[Assessment, float]:
    began = time.perf_counter()
    return assess(facts), time.perf_counter() - began


def _midnights() -> tuple[float, ...]:
    """The last local midnights and the next: days of 23 and 25 hours are right by themselves."""
    today = dt_util.now().date()
    days = [today + timedelta(days=ahead) for ahead in range(-_DAYS_OF_LIGHT, 2)]
    return tuple(dt_util.start_of_local_day(day).timestamp() for day in days)
