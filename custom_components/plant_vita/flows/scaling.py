"""The step that asks what the raw numbers of moisture probes mean."""

from abc import abstractmethod
from typing import Any

import voluptuous as vol
from homeassistant.config_entries import ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)

from ..plants.definition import CONF_RAW_DRY, CONF_RAW_WET, CONF_SCALES, Input
from ..plants.units import needs_scale

_SCALE = NumberSelector(NumberSelectorConfig(step="any", mode=NumberSelectorMode.BOX))


class ScaleSteps(ConfigSubentryFlow):
    """The part of a plant's forms that is about probes without a unit."""

    def __init__(self) -> None:
        """Nothing has been said yet."""
        super().__init__()
        self._plant: dict[str, Any] = {}
        # References of raw probes that have not been asked about, and the points of all.
        self._raw_left: list[str] = []
        self._scales: dict[str, tuple[float, float]] = {}

    @abstractmethod
    def _finish(self) -> SubentryFlowResult:
        """Everything has been said."""

    async def async_step_scale(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask what raw numbers mean, one probe after the other whose unit does not say so."""
        errors: dict[str, str] = {}
        if user_input is not None and self._raw_left:
            if user_input[CONF_RAW_DRY] != user_input[CONF_RAW_WET]:
                points = (user_input[CONF_RAW_DRY], user_input[CONF_RAW_WET])
                self._scales[self._raw_left.pop(0)] = points
                user_input = None
            else:
                errors[CONF_RAW_WET] = "same_points"
        if not self._raw_left:
            self._keep_scales()
            return self._finish()
        entity_id = er.async_resolve_entity_id(er.async_get(self.hass), self._raw_left[0])
        state = self.hass.states.get(entity_id or "")
        value = (self._raw(state.entity_id) if state else None) or 0.0
        # 0 to 1 and 0 to 100 are the usual scales of those that say nothing of theirs.
        usual = (0.0, 1.0 if value <= 1 else 100.0)
        dry, wet = self._scales.get(self._raw_left[0], usual)
        return self.async_show_form(
            step_id="scale",
            data_schema=self.add_suggested_values_to_schema(
                vol.Schema({vol.Required(name): _SCALE for name in (CONF_RAW_DRY, CONF_RAW_WET)}),
                user_input or {CONF_RAW_DRY: dry, CONF_RAW_WET: wet},
            ),
            errors=errors,
            description_placeholders={
                "sensor": state.name if state else self._raw_left[0],
                "now": f"{value:g}",
            },
        )

    def _find_raw(self) -> None:
        """Which probes are to be asked about, and what is known of them and of those silent now."""
        bound = self._plant.get(Input.MOISTURE, [])
        registry = er.async_get(self.hass)
        self._raw_left = [
            ref
            for ref in bound
            if (entity_id := er.async_resolve_entity_id(registry, ref))
            and self._raw(entity_id) is not None
        ]
        own, points = self._plant.get(CONF_SCALES, {}), (CONF_RAW_DRY, CONF_RAW_WET)
        shared = tuple(self._plant[name] for name in points if name in self._plant)
        # What held for all of them holds for each, until a person says otherwise.
        self._scales = {ref: shared for ref in bound if len(shared) == len(points)}
        self._scales |= {ref: tuple(known) for ref, known in own.items() if ref in bound}

    def _keep_scales(self) -> None:
        """One pair of points where they all have the same, else one for each."""
        for name in (CONF_SCALES, CONF_RAW_DRY, CONF_RAW_WET):
            self._plant.pop(name, None)
        if len(same := set(self._scales.values())) == 1:
            self._plant[CONF_RAW_DRY], self._plant[CONF_RAW_WET] = same.pop()
        elif same:
            self._plant[CONF_SCALES] = {ref: list(known) for ref, known in self._scales.items()}

    def _raw(self, entity_id: str) -> float | None:
        state = self.hass.states.get(entity_id)
        if state is None or not needs_scale(state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)):
            return None
        try:
            return float(state.state)
        except ValueError:
            return None
