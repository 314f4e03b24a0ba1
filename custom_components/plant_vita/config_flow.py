"""How nodes, plants and cloud services come into Home Assistant."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigFlowResult,
    ConfigSubentryFlow,
    OptionsFlow,
)
from homeassistant.core import callback

from .const import DOMAIN
from .flows.account import AccountSteps
from .flows.archive import ArchiveSteps
from .flows.cable import CableSteps
from .flows.garden import GardenSteps
from .flows.wiring import NodeOptionsFlow
from .photos.archive.entry import is_archive
from .photos.entry import is_provider
from .plants.definition import SUBENTRY_PLANT
from .plants.entry import is_garden


class PlantVitaConfigFlow(GardenSteps, AccountSteps, ArchiveSteps, CableSteps, domain=DOMAIN):
    """The config flow; its steps are in `flows/`."""

    VERSION = 1
    MINOR_VERSION = 1

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Begin by hand: bring in a node, plants, or a service that knows plants."""
        return self.async_show_menu(
            step_id="user", menu_options=["node", "cable", "garden", "provider", "archive"]
        )

    @override
    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        if is_provider(self._get_reauth_entry()):
            return await self.async_step_key()
        if is_archive(self._get_reauth_entry()):
            return await self.async_step_bucket()
        return await super().async_step_reauth(entry_data)

    @override
    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        if is_garden(self._get_reconfigure_entry()):
            return self.async_abort(reason="nothing_to_set")
        if is_provider(self._get_reconfigure_entry()):
            return await self.async_step_account(user_input)
        if is_archive(self._get_reconfigure_entry()):
            return await self.async_step_bucket(user_input)
        return await super().async_step_reconfigure(user_input)

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Plants belong to the garden."""
        if not is_garden(config_entry):
            return {}
        from .flows.plant import PlantSubentryFlow  # noqa: PLC0415 - imported with the garden

        return {SUBENTRY_PLANT: PlantSubentryFlow}

    @classmethod
    @callback
    @override
    def async_supports_options_flow(cls, config_entry: ConfigEntry) -> bool:
        """Accounts and the archive have none: they are reconfigured."""
        return not is_provider(config_entry) and not is_archive(config_entry)

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """The options of the garden, or of a node."""
        if not is_garden(config_entry):
            return NodeOptionsFlow()
        from .flows.garden_options import (  # noqa: PLC0415 - imported with the garden
            GardenOptionsFlow,
        )

        return GardenOptionsFlow()
