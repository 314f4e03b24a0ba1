"""Conditions of automations: how the plants of a device, an area or a label are now."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Unpack, override

import voluptuous as vol
from homeassistant.core import HomeAssistant
from homeassistant.helpers.condition import Condition, ConditionCheckParams, ConditionConfig
from homeassistant.helpers.typing import ConfigType

from .plants.entry import running_garden
from .plants.happenings import dry_within, is_below, needs_water, troubles
from .plants.state import Care
from .plants.targets import BELOW, CONF_BELOW, CONF_HOURS, HOURS, async_meant, validated

if TYPE_CHECKING:
    from .plants.state import PlantState

CONF_BEHAVIOR, ANY, ALL = "behavior", "any", "all"


class PlantCondition(Condition):
    """True where it holds for any, or for all, of the plants of which it is known."""

    options: ClassVar[Mapping[vol.Marker, Any]] = {}

    @override
    @classmethod
    async def async_validate_config(cls, hass: HomeAssistant, config: ConfigType) -> ConfigType:
        behavior = {vol.Required(CONF_BEHAVIOR, default=ANY): vol.In([ANY, ALL])}
        return validated(config, {**behavior, **cls.options})

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Take in what is asked."""
        super().__init__(hass, config)
        self._target = config.target or {}
        self._options = config.options or {}

    def holds(self, state: PlantState) -> bool | None:
        """Whether it is so, None while that is not known."""
        raise NotImplementedError

    @override
    def _async_check(self, **kwargs: Unpack[ConditionCheckParams]) -> bool:
        entry = running_garden(self._hass)
        if entry is None:
            return False
        plants = entry.runtime_data.garden.plants
        asked = [self.holds(plants[one].data) for one in async_meant(self._hass, self._target)]
        known = [one for one in asked if one is not None]
        # Of nothing that is known nothing is true: no automation goes on by mistake.
        return bool(known) and (all if self._options[CONF_BEHAVIOR] == ALL else any)(known)


class NeedsWater(PlantCondition):
    """The soil is dry, or watering is overdue."""

    @override
    def holds(self, state: PlantState) -> bool | None:
        return needs_water(state)


class HasProblem(PlantCondition):
    """Something is wrong besides thirst."""

    @override
    def holds(self, state: PlantState) -> bool | None:
        wrong = troubles(state)
        return None if wrong is None else bool(wrong)


class HealthIsBelow(PlantCondition):
    """The health is below a number."""

    options: ClassVar[Mapping[vol.Marker, Any]] = {vol.Required(CONF_BELOW): BELOW}

    @override
    def holds(self, state: PlantState) -> bool | None:
        return is_below(state, self._options[CONF_BELOW])


class DryWithin(PlantCondition):
    """Water will be due within so many hours."""

    options: ClassVar[Mapping[vol.Marker, Any]] = {vol.Required(CONF_HOURS): HOURS}

    @override
    def holds(self, state: PlantState) -> bool | None:
        return dry_within(state, self._options[CONF_HOURS])


class WateredWithin(PlantCondition):
    """It was watered in the last so many hours; of one that never was, that is not so."""

    options: ClassVar[Mapping[vol.Marker, Any]] = {vol.Required(CONF_HOURS): HOURS}

    @override
    def holds(self, state: PlantState) -> bool | None:
        at = state.last.get(Care.WATERED)
        return at is not None and time.time() - at <= self._options[CONF_HOURS] * 3600


CONDITIONS: dict[str, type[Condition]] = {
    "needs_water": NeedsWater,
    "has_problem": HasProblem,
    "health_is_below": HealthIsBelow,
    "dry_within": DryWithin,
    "watered_within": WateredWithin,
}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """The conditions, whether there is a garden yet or not."""
    return CONDITIONS
