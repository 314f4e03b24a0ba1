"""Steps that bring in a node on a cable: its port found or chosen, and asked who is there."""

from typing import Any, override

import voluptuous as vol
from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
from homeassistant.const import CONF_DEVICE
from homeassistant.core import callback
from homeassistant.helpers.selector import SerialPortSelector
from homeassistant.helpers.service_info.usb import UsbServiceInfo

from ..const import CONF_ADAPTER, CONF_KIND, CONF_NODE, LOGGER, EntryKind
from ..glue import ports
from ..glue.cable import async_at
from ..glue.names import node_title
from ..model.errors import OtherNodeError, PlantVitaError, PortBusyError
from ..model.node import NodeInfo
from ..model.stored import as_stored
from ..transport.serial import public_name
from .joining import JoiningSteps

_PORT_FORM = vol.Schema({vol.Required(CONF_DEVICE): SerialPortSelector()})


class CableSteps(JoiningSteps):
    """The part of the config flow that begins at a serial port.

    Nothing is shown of a port, and nothing is kept of it, before a node has answered there.
    """

    # --- by hand ---------------------------------------------------------------------------------

    async def async_step_cable(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the port, and ask the port who is there."""
        await self._async_open()
        errors: dict[str, str] = {}
        if user_input is not None and (
            info := await self._async_who_is_at(user_input[CONF_DEVICE], errors)
        ):
            await self.async_set_unique_id(info.hardware_id, raise_on_progress=False)
            if info.joins:
                return await self.async_step_wifi()
            await self._async_abort_if_known()
            return await self._async_create_on_cable()
        return self._async_show_ports("cable", user_input or {}, errors)

    def _async_show_ports(
        self, step_id: str, present: dict[str, Any], errors: dict[str, str], name: str = ""
    ) -> ConfigFlowResult:
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(_PORT_FORM, present),
            errors=errors,
            description_placeholders={"name": name},
        )

    @override
    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """A node on a cable has no code: only its port can be another."""
        if CONF_DEVICE in self._get_reconfigure_entry().data:
            return await self.async_step_port(user_input)
        return await super().async_step_reconfigure(user_input)

    async def async_step_port(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask where the node is now."""
        entry = self._get_reconfigure_entry()
        await self._async_open()
        errors: dict[str, str] = {}
        if user_input is not None:
            if user_input[CONF_DEVICE] == entry.data[CONF_DEVICE]:
                # The node is being looked for there all the time.
                return self.async_update_and_abort(entry)
            info = await self._async_who_is_at(user_input[CONF_DEVICE], errors)
            if info and info.hardware_id == entry.unique_id:
                return self.async_update_and_abort(entry, data_updates=await self._async_place())
            if info:
                errors["base"] = OtherNodeError.key
        return self._async_show_ports("port", user_input or dict(entry.data), errors, entry.title)

    # --- found -----------------------------------------------------------------------------------

    @override
    async def async_step_usb(self, discovery_info: UsbServiceInfo) -> ConfigFlowResult:
        """A board was plugged in that may be a node."""
        await self._async_open()
        info = await self._async_who_is_at(discovery_info.device, {})
        if info is None:
            return self.async_abort(reason="not_a_node")
        await self.async_set_unique_id(info.hardware_id)
        await self._async_abort_if_known()
        if info.joins:
            return await self.async_step_wifi()
        return await self.async_step_cable_confirm()

    async def async_step_cable_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """A node has answered: let a person say that it is wanted."""
        if user_input is not None:
            await self._async_abort_if_known()
            return await self._async_create_on_cable()
        self._set_confirm_only()
        return self.async_show_form(
            step_id="cable_confirm",
            description_placeholders={"name": self._name or "", "model": self._node.model},
        )

    # --- who is there ----------------------------------------------------------------------------

    async def _async_who_is_at(self, port: str, errors: dict[str, str]) -> NodeInfo | None:
        """The node at this port, or None and the reason in `errors`."""
        try:
            info = await self._async_ask(port)
        except PlantVitaError as error:
            LOGGER.debug("No node answers: %s", error)
            errors["base"] = error.key
            return None
        except Exception:  # noqa: BLE001 - the last catch of the flow
            LOGGER.exception("Unexpected exception at a serial port")
            errors["base"] = "unknown"
            return None
        self._port, self._node = port, info
        self._name = node_title(info)
        self.context["title_placeholders"] = {"name": self._name}
        return info

    async def _async_ask(self, port: str) -> NodeInfo:
        if await ports.async_is_taken(self.hass, port, self._idle()):
            raise PortBusyError(public_name(port))
        async with async_at(self._hub, port) as (cable, _):
            return await cable.introduce()

    @callback
    def _idle(self) -> set[str]:
        """Entries whose node is not where they expect it: somebody else may be there."""
        return {
            coordinator.config_entry.entry_id
            for coordinator in self._hub.coordinators.values()
            if coordinator.session is None
        }

    async def _async_abort_if_known(self) -> None:
        """A node that is here already: if it came over a cable, it has another port now."""
        known: ConfigEntry | None = self._known
        if known is not None and CONF_DEVICE in known.data and not self._node.joins:
            self.hass.config_entries.async_update_entry(
                known, data={**known.data, **await self._async_place()}
            )
        self._abort_if_unique_id_configured(reload_on_update=False)

    async def _async_place(self) -> dict[str, Any]:
        """Where the node is, for its entry."""
        return {
            CONF_DEVICE: await ports.async_lasting_name(self.hass, self._port),
            CONF_ADAPTER: await ports.async_adapter(self.hass, self._port),
        }

    async def _async_create_on_cable(self) -> ConfigFlowResult:
        return self.async_create_entry(
            title=node_title(self._node),
            data={
                CONF_KIND: EntryKind.NODE,
                CONF_NODE: as_stored(self._node),
                **await self._async_place(),
            },
        )
