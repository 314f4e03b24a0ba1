"""Steps that tell a network node over its cable which network to join, and wait for its call."""

import asyncio
import secrets
from typing import Any

import voluptuous as vol
from homeassistant.config_entries import SOURCE_IGNORE, ConfigEntry, ConfigFlowResult
from homeassistant.helpers.network import NoURLAvailableError, get_url
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig, TextSelectorType

from ..const import CONF_PASSWORD, CONF_SSID, CONF_URL, DOMAIN, LOGGER
from ..glue.cable import async_at
from ..model.errors import NoAnswerError, OtherNodeError, PlantVitaError, RefusedError
from ..model.node import NodeInfo
from ..protocol.crypto import KEY
from ..protocol.joining import Join, fits_password, fits_ssid, fits_url
from .pairing import NodePairingSteps

# A node starts, joins the network and looks for Home Assistant; routers take their time.
CALL_WITHIN_S = 90.0
_LOOK_EVERY_S = 0.5

_NETWORK_FORM = vol.Schema(
    {
        vol.Required(CONF_SSID): TextSelector(TextSelectorConfig(autocomplete="off")),
        vol.Optional(CONF_PASSWORD): TextSelector(
            TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off")
        ),
        vol.Optional(CONF_URL): TextSelector(TextSelectorConfig(type=TextSelectorType.URL)),
    }
)


class JoiningSteps(NodePairingSteps):
    """The part of the config flow for a network node on its USB cable.

    Its new key is on our disk before the node hears of it. Whatever ends here, then or later, the
    node can be told again; and if it has the key and calls, it is offered without a code.
    """

    _port: str
    _node: NodeInfo
    _kid: int
    _told_at: float
    _calling: asyncio.Task[None] | None = None

    async def async_step_wifi(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the network, and tell the node."""
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = _faults(user_input)
            if not errors and await self._async_tell(user_input, errors):
                return await self.async_step_calling()
        # What was typed is shown again, so that one wrong letter costs one letter.
        present = user_input if user_input is not None else {CONF_URL: self._our_url()}
        return self.async_show_form(
            step_id="wifi",
            data_schema=self.add_suggested_values_to_schema(_NETWORK_FORM, present),
            errors=errors,
            description_placeholders={"name": self._name or ""},
        )

    def _our_url(self) -> str:
        try:
            return get_url(self.hass, allow_external=False, allow_cloud=False)
        except NoURLAvailableError:
            return ""

    async def _async_tell(self, typed: dict[str, Any], errors: dict[str, str]) -> bool:
        try:
            await self._async_join(typed)
        except RefusedError as error:
            LOGGER.debug("The node refuses to join: %s", error)
            errors["base"] = "join_refused"
        except PlantVitaError as error:
            LOGGER.debug("The node was not told to join: %s", error)
            errors["base"] = error.key
        except Exception:  # noqa: BLE001 - the last catch of the flow
            LOGGER.exception("Unexpected exception while a node was told to join")
            errors["base"] = "unknown"
        return not errors

    async def _async_join(self, typed: dict[str, Any]) -> None:
        hardware_id, key = self._node.hardware_id, secrets.token_bytes(KEY)
        async with async_at(self._hub, self._port) as (cable, _):
            found = await cable.introduce()
            if found.hardware_id != hardware_id:
                raise OtherNodeError(found.hardware_id)
            self._kid = await self._hub.keys.async_offer(hardware_id, key)
            self._told_at = self.hass.loop.time()
            join = Join(
                ssid=typed[CONF_SSID],
                password=typed.get(CONF_PASSWORD, ""),
                url=typed.get(CONF_URL) or None,
                kid=self._kid,
                key=key,
            )
            try:
                await cable.join(join)
            except NoAnswerError as error:
                # It may have restarted before its answer was out: whether it calls will tell.
                LOGGER.debug("The node has not confirmed its network: %s", error)

    # --- it calls, or it does not -----------------------------------------------------------------

    async def async_step_calling(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Wait until the node has called over the network."""
        self._calling = self._calling or self.hass.async_create_task(
            self._async_wait_for_call(), "Plant Vita: wait for a call"
        )
        if not self._calling.done():
            return self.async_show_progress(
                step_id="calling",
                progress_action="wait_for_call",
                progress_task=self._calling,
                description_placeholders={"name": self._name or ""},
            )
        self._calling = None
        return self.async_show_progress_done(
            next_step_id="called" if self._has_called() else "not_called"
        )

    async def _async_wait_for_call(self) -> None:
        until = self.hass.loop.time() + CALL_WITHIN_S
        # It may come as a stranger or to its entry, and neither happens often.
        while not self._has_called() and self.hass.loop.time() < until:  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_EVERY_S)

    def _has_called(self) -> bool:
        if self._known is not None:
            # It has proved the new key: every other one is forgotten.
            return self._hub.keys.kids(self._node.hardware_id) == {self._kid}
        stranger = self._hub.async_stranger(self._node.hardware_id)
        return bool(stranger and stranger.info and stranger.seen_at >= self._told_at)

    @property
    def _known(self) -> ConfigEntry | None:
        """The entry of this node, if it has one."""
        entry = self.hass.config_entries.async_entry_for_domain_unique_id(
            DOMAIN, self._node.hardware_id
        )
        return None if entry is None or entry.source == SOURCE_IGNORE else entry

    async def async_step_called(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """The node has called: it is as good as paired."""
        if self._known is not None:
            return self.async_abort(
                reason="joined", description_placeholders={"name": self._known.title}
            )
        return self._async_create(self._info or self._node)

    async def async_step_not_called(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say what may be wrong, and let a person wait or try other words."""
        return self.async_show_menu(
            step_id="not_called",
            menu_options=["calling", "wifi"],
            description_placeholders={"name": self._name or ""},
        )


def _faults(typed: dict[str, Any]) -> dict[str, str]:
    faults = {}
    if not fits_ssid(typed[CONF_SSID]):
        faults[CONF_SSID] = "ssid"
    if not fits_password(typed.get(CONF_PASSWORD, "")):
        faults[CONF_PASSWORD] = "wifi_password"
    if (url := typed.get(CONF_URL)) and not fits_url(url):
        faults[CONF_URL] = "url"
    return faults
