"""The options of a node: how often and how finely it reports."""

from typing import Any, Literal

import voluptuous as vol
from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.const import UnitOfTime
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
)
from homeassistant.helpers.translation import async_get_cached_translations

from ..const import (
    CONF_CHANNEL,
    CONF_CHANNELS,
    CONF_DEAD_BAND,
    CONF_EVERY,
    CONF_HEARTBEAT,
    CONF_MEDIAN,
    CONF_NODE,
    DOMAIN,
)
from ..glue.names import channel_label
from ..model.node import Channel, NodeInfo
from ..model.quantity import BY_WIRE
from ..model.stored import from_stored
from ..protocol.limits import EVERY_SECONDS

MEDIAN_MAX = 31
DEAD_BAND_MAX = 10_000
HEARTBEAT_S = (10, 86_400)


def _number(
    low: float, high: float, *, step: float | Literal["any"] = 1, unit: str | None = None
) -> NumberSelector:
    config = NumberSelectorConfig(min=low, max=high, step=step, mode=NumberSelectorMode.BOX)
    if unit:
        config["unit_of_measurement"] = unit
    return NumberSelector(config)


class ReportingOptionsFlow(OptionsFlow):
    """What is set here is sent to the node, now or when it next calls."""

    _channel: str

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask what to change."""
        return self.async_show_menu(step_id="init", menu_options=["rhythm", "channel"])

    async def async_step_rhythm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """How often the node is to be heard at least."""
        if user_input is not None:
            every = user_input.get(CONF_EVERY)
            kept = {key: value for key, value in self._options.items() if key != CONF_EVERY}
            return self.async_create_entry(
                data=kept if every is None else {**kept, CONF_EVERY: round(every)}
            )
        present = {"suggested_value": self._options.get(CONF_EVERY, self._info.every)}
        return self.async_show_form(
            step_id="rhythm",
            data_schema=vol.Schema(
                {
                    vol.Optional(CONF_EVERY, description=present): _number(
                        *EVERY_SECONDS, unit=UnitOfTime.SECONDS
                    )
                }
            ),
        )

    async def async_step_channel(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Which input to set."""
        if user_input is not None:
            self._channel = user_input[CONF_CHANNEL]
            return await self.async_step_filter()
        measured = [channel for channel in self._info.channels if channel.kind in BY_WIRE]
        if not measured:
            return self.async_abort(reason="no_inputs")
        options = [
            SelectOptionDict(value=str(channel.index), label=self._called(channel))
            for channel in measured
        ]
        return self.async_show_form(
            step_id="channel",
            data_schema=vol.Schema(
                {vol.Required(CONF_CHANNEL): SelectSelector(SelectSelectorConfig(options=options))}
            ),
        )

    async def async_step_filter(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """How finely this input is reported."""
        errors: dict[str, str] = {}
        if user_input is not None:
            if round(user_input.get(CONF_MEDIAN, 1)) % 2 == 0:
                errors[CONF_MEDIAN] = "median_even"
            else:
                return self._save_filter(user_input)
        present = user_input or self._options.get(CONF_CHANNELS, {}).get(self._channel, {})
        return self.async_show_form(
            step_id="filter",
            data_schema=self.add_suggested_values_to_schema(
                vol.Schema(
                    {
                        vol.Optional(CONF_MEDIAN): _number(1, MEDIAN_MAX),
                        vol.Optional(CONF_DEAD_BAND): _number(0, DEAD_BAND_MAX, step="any"),
                        vol.Optional(CONF_HEARTBEAT): _number(
                            *HEARTBEAT_S, unit=UnitOfTime.SECONDS
                        ),
                    }
                ),
                present,
            ),
            errors=errors,
        )

    def _save_filter(self, chosen: dict[str, Any]) -> ConfigFlowResult:
        whole = {CONF_MEDIAN, CONF_HEARTBEAT}
        settings = {
            name: round(value) if name in whole else float(value) for name, value in chosen.items()
        }
        # An empty filter is kept: the node has to be told that its own settings are in force again.
        channels = {**self._options.get(CONF_CHANNELS, {}), self._channel: settings}
        return self.async_create_entry(data={**self._options, CONF_CHANNELS: channels})

    @property
    def _options(self) -> dict[str, Any]:
        return dict(self.config_entry.options)

    @property
    def _info(self) -> NodeInfo:
        return from_stored(self.config_entry.data[CONF_NODE])

    def _called(self, channel: Channel) -> str:
        texts = async_get_cached_translations(
            self.hass, self.hass.config.language, "entity", DOMAIN
        )
        key = BY_WIRE[channel.kind].key
        name = texts.get(f"component.{DOMAIN}.entity.sensor.{key}.name", key)
        label = channel_label(self._info, channel)
        return f"{name} {label}" if label else name
