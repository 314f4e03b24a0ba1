"""The options of a node whose inputs and outputs are wired by a person: what sits where."""

import re
from typing import Any, override

import voluptuous as vol
from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
from homeassistant.helpers.translation import async_get_translations

from ..const import CONF_KIND, CONF_LABEL, CONF_PLACE, CONF_SLOT, DOMAIN
from ..coordinator import NodeCoordinator
from ..glue.instructions import async_wire
from ..model.errors import LinkError, NotConnectedError, PlantVitaError, RefusedError
from ..model.node import Channel
from ..model.quantity import ActuatorKind, ContactKind
from ..protocol.limits import WIRE_LABEL_BYTES_MAX
from ..protocol.messages import AckError
from .reporting import ReportingOptionsFlow

NOTHING = "nothing"
# What the firmware of a board with slots has drivers for.
KINDS = ["m", "t", "h", "lx", *ContactKind, *ActuatorKind]
# By whether a board has more channels than the small ones: how many pins of each sort there are.
_PINS = {False: (8, 14), True: (16, 54)}
_SMALL_BOARD_SLOTS = 8
_PLACE = re.compile(r"!?[AD]\d{1,2}|i2c")
_REFUSALS = {AckError.BAD: "wire_bad", AckError.BUSY: "wire_busy"}


class NodeOptionsFlow(ReportingOptionsFlow):
    """Everything that can be set for a node; wiring is kept by the node alone."""

    _slot: int

    @override
    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        if not self._info.slots:
            return await super().async_step_init(user_input)
        return self.async_show_menu(step_id="init", menu_options=["wiring", "rhythm", "channel"])

    async def async_step_wiring(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Which channel to wire."""
        if user_input is not None:
            self._slot = int(user_input[CONF_SLOT])
            return await self.async_step_wire()
        texts = await async_get_translations(
            self.hass, self.hass.config.language, "selector", [DOMAIN]
        )
        wired = {channel.index: channel for channel in self._info.channels}
        options = [
            SelectOptionDict(value=str(slot), label=_described(slot, wired.get(slot), texts))
            for slot in range(self._info.slots)
        ]
        return self.async_show_form(
            step_id="wiring",
            data_schema=vol.Schema(
                {
                    vol.Required(CONF_SLOT): SelectSelector(
                        SelectSelectorConfig(options=options, mode=SelectSelectorMode.LIST)
                    )
                }
            ),
        )

    async def async_step_wire(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """What is connected to this channel, and where."""
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = _faults(user_input)
            if not errors and await self._async_wire(user_input, errors):
                return self.async_create_entry(data=self._options)
        return self.async_show_form(
            step_id="wire",
            data_schema=self.add_suggested_values_to_schema(
                _form(places(self._info.slots)),
                self._present() if user_input is None else user_input,
            ),
            errors=errors,
            description_placeholders={"slot": str(self._slot)},
        )

    def _present(self) -> dict[str, Any]:
        for channel in self._info.channels:
            if channel.index == self._slot:
                named = {CONF_PLACE: channel.place, CONF_LABEL: channel.label}
                kept = {name: text for name, text in named.items() if text}
                return {CONF_KIND: channel.kind, **kept}
        return {CONF_KIND: NOTHING}

    async def _async_wire(self, chosen: dict[str, Any], errors: dict[str, str]) -> bool:
        settings: dict[str, float | int | str] = {}
        if chosen[CONF_KIND] != NOTHING:
            settings = {"k": chosen[CONF_KIND], "at": chosen[CONF_PLACE]}
            if label := chosen.get(CONF_LABEL):
                settings["lb"] = label
        try:
            await async_wire(self._coordinator, self._slot, settings)
        except RefusedError as error:
            errors["base"] = _REFUSALS.get(AckError(error.reason), "wire_refused")
        except LinkError as error:
            errors["base"] = error.key
        except PlantVitaError:
            errors["base"] = "wire_refused"
        return not errors

    @property
    def _coordinator(self) -> NodeCoordinator:
        if self.config_entry.state is not ConfigEntryState.LOADED:
            raise NotConnectedError
        coordinator: NodeCoordinator = self.config_entry.runtime_data.coordinator
        return coordinator


def places(slots: int) -> list[str]:
    """What is printed beside the pins of a board with so many channels; others can be typed."""
    analogue, digital = _PINS[slots > _SMALL_BOARD_SLOTS]
    # The first two digital pins are the cable.
    return [
        *(f"A{pin}" for pin in range(analogue)),
        *(f"D{pin}" for pin in range(2, digital)),
        "i2c",
    ]


def _form(suggested: list[str]) -> vol.Schema:
    kinds = SelectSelectorConfig(
        options=[NOTHING, *map(str, KINDS)],
        translation_key="wired",
        mode=SelectSelectorMode.DROPDOWN,
    )
    where = SelectSelectorConfig(
        options=suggested, custom_value=True, mode=SelectSelectorMode.DROPDOWN
    )
    return vol.Schema(
        {
            vol.Required(CONF_KIND): SelectSelector(kinds),
            vol.Optional(CONF_PLACE): SelectSelector(where),
            vol.Optional(CONF_LABEL): TextSelector(),
        }
    )


def _faults(chosen: dict[str, Any]) -> dict[str, str]:
    faults = {}
    if chosen[CONF_KIND] != NOTHING and not _PLACE.fullmatch(chosen.get(CONF_PLACE, "")):
        faults[CONF_PLACE] = "place"
    if len(chosen.get(CONF_LABEL, "").encode()) > WIRE_LABEL_BYTES_MAX:
        faults[CONF_LABEL] = "label"
    return faults


def _described(slot: int, channel: Channel | None, texts: dict[str, str]) -> str:
    kind = channel.kind if channel else NOTHING
    words = [texts.get(f"component.{DOMAIN}.selector.wired.options.{kind}", kind)]
    if channel:
        words += [word for word in (channel.label, channel.place) if word]
    return f"{slot}: {' · '.join(words)}"
