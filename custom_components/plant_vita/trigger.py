"""Triggers of automations: what happens to the plants of a device, an area or a label.

Nothing is told while Home Assistant starts, nor when the garden is loaded again: what is so at
the first look is no news.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, override

import voluptuous as vol
from homeassistant.const import ATTR_DEVICE_ID, CONF_FOR
from homeassistant.core import CALLBACK_TYPE, CoreState, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.translation import async_get_translations
from homeassistant.helpers.trigger import (
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .plants.entry import device_of
from .plants.following import async_follow_plants
from .plants.happenings import Edge, News, dry_within, is_below, needs_water, troubles
from .plants.state import Care
from .plants.targets import BELOW, CONF_BELOW, CONF_HOURS, HOURS, async_meant, validated

if TYPE_CHECKING:
    from .plants.coordinator import PlantCoordinator
    from .plants.state import PlantState

_FOR = {vol.Optional(CONF_FOR, default=timedelta()): cv.positive_time_period}


@callback
def news_now(hass: HomeAssistant) -> bool:
    """Whether Home Assistant is up: while it starts or stops, sensors come and go by themselves."""
    # `is_running` is true already while the last integrations start.
    return hass.state is CoreState.running


class PlantTrigger(Trigger):
    """Something that happens to the plants of a target."""

    options: ClassVar[Mapping[vol.Marker, Any]] = {}

    @override
    @classmethod
    async def async_validate_config(cls, hass: HomeAssistant, config: ConfigType) -> ConfigType:
        return validated(config, cls.options)

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Take in what is wanted."""
        super().__init__(hass, config)
        self._target = config.target or {}
        self._options = config.options or {}
        self._texts: dict[str, str] = {}

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        language = self._hass.config.language
        self._texts = await async_get_translations(self._hass, language, "entity", [DOMAIN])
        return async_follow_plants(self._hass, lambda plant: self.async_watch(plant, run_action))

    @callback
    def async_watch(self, plant: PlantCoordinator, run: TriggerActionRunner) -> CALLBACK_TYPE:
        """Begin to look at a plant; what is given back ends that."""
        raise NotImplementedError

    @callback
    def tell(self, plant: PlantCoordinator, run: TriggerActionRunner, **more: Any) -> None:
        """Run the automation, if this plant is meant."""
        hass = self._hass
        if not news_now(hass) or plant.plant_id not in async_meant(hass, self._target):
            return
        device = device_of(hass, plant.config_entry, plant.plant_id)
        if device is None:
            return
        state, name = plant.data, device.name_by_user or plant.definition.name
        told = {
            ATTR_DEVICE_ID: device.id,
            "plant": name,
            "health": state.score,
            "reasons": list(state.reasons),
            "why": self.said(state.reasons),
            **more,
        }
        run(told, name)

    def said(self, reasons: tuple[str, ...] | list[str]) -> str:
        """What is wrong, in the language of the house."""
        where = f"component.{DOMAIN}.entity.sensor.problem_reason.state"
        return ", ".join(self._texts.get(f"{where}.{one}", one) for one in reasons)


class BeginsTrigger(PlantTrigger):
    """Something begins to be so; it may have to last for a while."""

    def holds(self, state: PlantState, *, was: bool | None) -> bool | None:
        """Whether it is so, None while that is not known; `was` says whether it was."""
        raise NotImplementedError

    @override
    @callback
    def async_watch(self, plant: PlantCoordinator, run: TriggerActionRunner) -> CALLBACK_TYPE:
        edge = Edge(self.holds(plant.data, was=None))
        lasting: timedelta = self._options.get(CONF_FOR, timedelta())
        waiting: list[CALLBACK_TYPE] = []

        @callback
        def _lasted(_now: datetime) -> None:
            waiting.clear()
            self.tell(plant, run)

        @callback
        def _forget() -> None:
            while waiting:
                waiting.pop()()

        @callback
        def _judged() -> None:
            began = edge.began(now=self.holds(plant.data, was=edge.known))
            if not edge.known:
                _forget()
            # What begins while Home Assistant starts is no news later either, if it lasts.
            began = began and news_now(self._hass)
            if began and lasting:
                waiting.append(async_call_later(self._hass, lasting, _lasted))
            elif began:
                self.tell(plant, run)

        stop = plant.async_add_listener(_judged)

        @callback
        def _stop() -> None:
            stop()
            _forget()

        return _stop


class NeedsWater(BeginsTrigger):
    """The soil is dry, or watering is overdue."""

    options = _FOR

    @override
    def holds(self, state: PlantState, *, was: bool | None) -> bool | None:
        return needs_water(state)


class HealthFellBelow(BeginsTrigger):
    """The health is below a number."""

    options: ClassVar[Mapping[vol.Marker, Any]] = {vol.Required(CONF_BELOW): BELOW, **_FOR}

    @override
    def holds(self, state: PlantState, *, was: bool | None) -> bool | None:
        return is_below(state, self._options[CONF_BELOW], was=was)


class DryWithin(BeginsTrigger):
    """Water will be due within so many hours."""

    options: ClassVar[Mapping[vol.Marker, Any]] = {vol.Required(CONF_HOURS): HOURS}

    @override
    def holds(self, state: PlantState, *, was: bool | None) -> bool | None:
        return dry_within(state, self._options[CONF_HOURS], was=was)


class ProblemCleared(BeginsTrigger):
    """All that was wrong besides thirst is well again."""

    options = _FOR

    @override
    def holds(self, state: PlantState, *, was: bool | None) -> bool | None:
        wrong = troubles(state)
        return None if wrong is None else not wrong


class ProblemAppeared(PlantTrigger):
    """Something is wrong besides thirst that was not before."""

    @override
    @callback
    def async_watch(self, plant: PlantCoordinator, run: TriggerActionRunner) -> CALLBACK_TYPE:
        news = News(plant.data)

        @callback
        def _judged() -> None:
            if new := news.of(plant.data):
                self.tell(plant, run, reasons=list(new), why=self.said(new))

        return plant.async_add_listener(_judged)


class Watered(PlantTrigger):
    """It was watered, by whomever."""

    @override
    @callback
    def async_watch(self, plant: PlantCoordinator, run: TriggerActionRunner) -> CALLBACK_TYPE:
        @callback
        def _cared(care: Care, at: float) -> None:
            if care is Care.WATERED:
                when = dt_util.utc_from_timestamp(at).isoformat()
                self.tell(plant, run, at=when)

        return plant.async_on_care(_cared)


TRIGGERS: dict[str, type[Trigger]] = {
    "needs_water": NeedsWater,
    "problem_appeared": ProblemAppeared,
    "problem_cleared": ProblemCleared,
    "watered": Watered,
    "health_fell_below": HealthFellBelow,
    "dry_within": DryWithin,
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """The triggers, whether there is a garden yet or not."""
    return TRIGGERS
