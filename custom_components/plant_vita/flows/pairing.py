"""Steps that bring a node in: found or chosen, its code typed, an entry made."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, override

import voluptuous as vol
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
)
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
from homeassistant.helpers.typing import DiscoveryInfoType

from ..const import CONF_CODE, CONF_KIND, CONF_NODE, LOGGER, EntryKind
from ..glue import issues
from ..glue.bluetooth import name_told
from ..glue.hub import Hub, Stranger
from ..glue.names import node_title
from ..glue.view import async_get_hub
from ..model.errors import LinkError, PlantVitaError, RefusedError
from ..model.node import NodeInfo
from ..model.stored import as_stored
from ..protocol.beacon import COMPANY, unpaired_id
from ..protocol.handshake import CODE_KID, HARDWARE_ID
from ..protocol.limits import LABEL_CHARS_MAX
from ..protocol.text import plain_text

if TYPE_CHECKING:
    from homeassistant.components.bluetooth import BluetoothServiceInfoBleak

# How long a person looks at "waiting for a node" before being asked whether it is switched on.
WAIT_FOR_NODE_S = 60.0

_CODE_FORM = vol.Schema(
    {vol.Required(CONF_CODE): TextSelector(TextSelectorConfig(autocomplete="off"))}
)


class NodePairingSteps(ConfigFlow):
    """The part of the config flow that is about nodes.

    A node is known by its hardware id, however it was found.
    """

    _hub: Hub
    _waiting: asyncio.Task[None] | None = None
    _name: str | None = None
    _unanswered: bool = False

    async def _async_open(self) -> None:
        # The first node of all calls before any entry has loaded the integration.
        self._hub = await async_get_hub(self.hass)

    # --- by hand ---------------------------------------------------------------------------------

    async def async_step_node(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Wait until a node has called."""
        await self._async_open()
        if self._waiting is None and self._hub.async_strangers():
            return await self.async_step_choose()
        self._waiting = self._waiting or self.hass.async_create_task(
            self._async_wait(), "Plant Vita: wait for a node"
        )
        if not self._waiting.done():
            return self.async_show_progress(
                step_id="node", progress_action="wait_for_node", progress_task=self._waiting
            )
        self._waiting = None
        return self.async_show_progress_done(
            next_step_id="choose" if self._hub.async_strangers() else "nobody"
        )

    async def _async_wait(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(WAIT_FOR_NODE_S):
                await self._hub.stranger_met.wait()

    async def async_step_nobody(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """No node has called: say what to look at, and wait again on submit."""
        if user_input is not None:
            return await self.async_step_node()
        return self.async_show_form(step_id="nobody")

    async def async_step_choose(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Let a person say which of the nodes that have called is meant."""
        strangers = {stranger.hardware_id: stranger for stranger in self._hub.async_strangers()}
        if user_input is not None and (chosen := strangers.get(user_input[CONF_NODE])):
            await self.async_set_unique_id(chosen.hardware_id, raise_on_progress=False)
            return await self._async_meet(chosen.label or chosen.model)
        if not strangers:
            return await self.async_step_nobody()
        options = [
            SelectOptionDict(value=stranger.hardware_id, label=_described(stranger))
            for stranger in strangers.values()
        ]
        return self.async_show_form(
            step_id="choose",
            data_schema=vol.Schema(
                {
                    vol.Required(CONF_NODE, default=options[0]["value"]): SelectSelector(
                        SelectSelectorConfig(options=options, mode=SelectSelectorMode.LIST)
                    )
                }
            ),
        )

    # --- found -----------------------------------------------------------------------------------

    @override
    async def async_step_integration_discovery(
        self, discovery_info: DiscoveryInfoType
    ) -> ConfigFlowResult:
        """A node without an entry has dialled in."""
        return await self._async_found(
            discovery_info["hardware_id"], discovery_info["label"] or discovery_info["model"]
        )

    @override
    async def async_step_dhcp(self, discovery_info: DhcpServiceInfo) -> ConfigFlowResult:
        """A node has asked for an address; its hardware id is its MAC address."""
        return await self._async_found(discovery_info.macaddress, discovery_info.hostname)

    @override
    async def async_step_zeroconf(self, discovery_info: ZeroconfServiceInfo) -> ConfigFlowResult:
        """A node that can announce itself has done so."""
        properties = discovery_info.properties
        return await self._async_found(
            str(properties.get("id") or ""), plain_text(properties.get("name"), LABEL_CHARS_MAX)
        )

    @override
    async def async_step_bluetooth(
        self, discovery_info: BluetoothServiceInfoBleak
    ) -> ConfigFlowResult:
        """A node near an adapter or a proxy asks to be paired."""
        payload = discovery_info.manufacturer_data.get(COMPANY, b"")
        return await self._async_found(unpaired_id(payload) or "", name_told(discovery_info))

    async def _async_found(self, hardware_id: str, name: str | None) -> ConfigFlowResult:
        if not HARDWARE_ID.fullmatch(hardware_id):
            return self.async_abort(reason="not_a_node")
        await self.async_set_unique_id(hardware_id)
        self._abort_if_unique_id_configured(reload_on_update=False)
        await self._async_open()
        return await self._async_meet(name)

    async def _async_meet(self, name: str | None) -> ConfigFlowResult:
        self._abort_if_unique_id_configured(reload_on_update=False)
        assert self.unique_id is not None  # noqa: S101 - set by every caller
        self._name = name or self.unique_id
        self.context["title_placeholders"] = {"name": self._name}
        return await (self.async_step_confirm() if self._info else self.async_step_pair())

    @property
    def _info(self) -> NodeInfo | None:
        """What the node has said of itself, if it has shown that it holds our key."""
        stranger = self._hub.async_stranger(self.unique_id or "")
        return stranger.info if stranger else None

    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """A node that holds our key, but whose set-up was cut short: no code is needed."""
        if (info := self._info) is None:
            return await self.async_step_pair()
        if user_input is not None:
            return self._async_create(info)
        self._set_confirm_only()
        return self.async_show_form(
            step_id="confirm", description_placeholders={"name": self._name or ""}
        )

    # --- the code --------------------------------------------------------------------------------

    async def async_step_pair(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the code that the node shows, and make the entry."""
        errors: dict[str, str] = {}
        if user_input is not None:
            # If only its answer was lost, the node holds our key, and no code reaches it any more.
            info = self._info or await self._async_pair(user_input[CONF_CODE], errors) or self._info
            if info is not None:
                return self._async_create(info)
        return self._async_show_code_form("pair", self._name, errors)

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """The node has a new code: its button was held, or it was flashed again."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the new code."""
        return await self._async_pair_again("reauth_confirm", self._get_reauth_entry(), user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Pair a node again with a new code, keeping everything made for it."""
        return await self._async_pair_again(
            "reconfigure", self._get_reconfigure_entry(), user_input
        )

    async def _async_pair_again(
        self, step_id: str, entry: ConfigEntry, user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        await self._async_open()
        await self.async_set_unique_id(entry.unique_id, raise_on_progress=False)
        errors: dict[str, str] = {}
        if user_input is not None:
            paired = self._has_come_back() or await self._async_pair(user_input[CONF_CODE], errors)
            if paired or self._has_come_back():
                issues.async_close_code_dialogs(self.hass, entry, but=self.flow_id)
                # What the node is now, its next session says to everybody who has to know.
                return self.async_update_and_abort(entry)
        return self._async_show_code_form(step_id, entry.title, errors)

    def _has_come_back(self) -> bool:
        """Whether only the answer of an earlier try was lost.

        Then the node has proved its new key since, the code's is forgotten, and no code would ever
        reach it again.
        """
        assert self.unique_id is not None  # noqa: S101 - set before
        return self._unanswered and self._hub.keys.key(self.unique_id, CODE_KID) is None

    def _async_show_code_form(
        self, step_id: str, name: str | None, errors: dict[str, str]
    ) -> ConfigFlowResult:
        return self.async_show_form(
            step_id=step_id,
            data_schema=_CODE_FORM,
            errors=errors,
            description_placeholders={"name": name or ""},
        )

    async def _async_pair(self, code: str, errors: dict[str, str]) -> NodeInfo | None:
        assert self.unique_id is not None  # noqa: S101 - set before the form is shown
        try:
            return await self._hub.async_pair(self.unique_id, code)
        except RefusedError:
            errors["base"] = "key_refused"
        except PlantVitaError as error:
            self._unanswered |= isinstance(error, LinkError)
            errors["base"] = error.key
        except Exception:  # noqa: BLE001 - the last catch of the flow
            LOGGER.exception("Unexpected exception while pairing")
            errors["base"] = "unknown"
        return None

    def _async_create(self, info: NodeInfo) -> ConfigFlowResult:
        assert self.source not in (SOURCE_REAUTH, SOURCE_RECONFIGURE)  # noqa: S101
        return self.async_create_entry(
            title=node_title(info),
            data={CONF_KIND: EntryKind.NODE, CONF_NODE: as_stored(info)},
        )


def _described(stranger: Stranger) -> str:
    called = stranger.label or stranger.model
    return f"{called} ({stranger.hardware_id})" if called else stranger.hardware_id
