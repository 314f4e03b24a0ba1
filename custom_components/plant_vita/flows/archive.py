"""Steps that bring in a store for copies of the photos: chosen, described, and tried."""

from collections.abc import Mapping
from typing import Any, Final

import voluptuous as vol
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.data_entry_flow import section
from homeassistant.helpers.importlib import async_import_module
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from ..const import (
    CONF_BASE_URL,
    CONF_KIND,
    CONF_SECRETS,
    CONF_SERVICE,
    DOMAIN,
    LOGGER,
    EntryKind,
)
from ..model.errors import PlantVitaError
from ..photos.archive.account import (
    CONF_BUCKET,
    CONF_PREFIX,
    CONF_REGION,
    CONF_REMOVE,
    CONF_SERVICE_ACCOUNT,
    DEFAULT_REGION,
    GOOGLE,
    NAMES,
    SECRETS,
    Kind,
    faults,
)

ARCHIVE_ID = "archive"
CONF_MORE = "more"
_OPENING: Final = f"custom_components.{DOMAIN}.photos.archive.opening"
_URL = TextSelector(TextSelectorConfig(type=TextSelectorType.URL))


class ArchiveSteps(ConfigFlow):
    """The part of the config flow that is about the archive; there is one at most.

    Nothing is kept of a store before something was written to it and read back.
    """

    _kind: Kind

    async def async_step_archive(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what kind of store it is."""
        await self.async_set_unique_id(ARCHIVE_ID, raise_on_progress=False)
        self._abort_if_unique_id_configured(error="archive_exists")
        if user_input is not None:
            self._kind = Kind(user_input[CONF_SERVICE])
            return await self.async_step_bucket()
        options = [SelectOptionDict(value=kind, label=name) for kind, name in NAMES.items()]
        select = SelectSelectorConfig(options=options, mode=SelectSelectorMode.LIST)
        return self.async_show_form(
            step_id="archive",
            data_schema=vol.Schema({vol.Required(CONF_SERVICE): SelectSelector(select)}),
        )

    async def async_step_bucket(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask where the copies go and with which key; add the archive or change it."""
        entry = self._archive()
        known: Mapping[str, Any] = entry.data if entry else {}
        if entry is not None:
            self._kind = Kind(known[CONF_SERVICE])
        errors: dict[str, str] = {}
        if user_input is not None:
            data = _as_data(self._kind, user_input, known.get(CONF_SECRETS, {}))
            errors = faults(data) or await self._async_refusals(data)
            if not errors and entry is not None:
                return self.async_update_reload_and_abort(entry, data=data)
            if not errors:
                return self.async_create_entry(title=NAMES[self._kind], data=data)
        return self.async_show_form(
            step_id="bucket",
            data_schema=self.add_suggested_values_to_schema(
                _form(self._kind, again=entry is not None), user_input or _as_said(known)
            ),
            errors=errors,
            description_placeholders={"name": NAMES[self._kind]},
        )

    def _archive(self) -> ConfigEntry | None:
        """The entry that is changed, if one is."""
        if self.source == SOURCE_REAUTH:
            return self._get_reauth_entry()
        return self._get_reconfigure_entry() if self.source == SOURCE_RECONFIGURE else None

    async def _async_refusals(self, data: dict[str, Any]) -> dict[str, str]:
        await async_import_module(self.hass, _OPENING)
        from ..photos.archive.opening import async_check  # noqa: PLC0415 - imported already

        try:
            await async_check(self.hass, data)
        except PlantVitaError as error:
            return {"base": error.key}
        except Exception:  # noqa: BLE001 - the last catch of the flow
            # Its text may hold anything that the store wrote.
            LOGGER.error("%s: unexpected failure of the check", data[CONF_SERVICE])
            return {"base": "unknown"}
        return {}


def _form(kind: Kind, *, again: bool) -> vol.Schema:
    need = vol.Optional if again else vol.Required
    where = {vol.Required(CONF_BUCKET): TextSelector()}
    more: dict[Any, Any] = {vol.Optional(CONF_PREFIX): TextSelector()}
    if kind is Kind.S3:
        where |= {vol.Required(CONF_BASE_URL): _URL, vol.Optional(CONF_REGION): TextSelector()}
    else:
        more |= {vol.Optional(CONF_BASE_URL): _URL}
    return vol.Schema(
        {
            **where,
            **{need(name): _secret(name) for name in SECRETS[kind]},
            vol.Required(CONF_REMOVE, default=False): BooleanSelector(),
            vol.Required(CONF_MORE): section(vol.Schema(more), {"collapsed": True}),
        }
    )


def _secret(name: str) -> TextSelector:
    """The file of a service account has lines, which a field for passwords has not."""
    whole = name == CONF_SERVICE_ACCOUNT
    return TextSelector(
        TextSelectorConfig(multiline=True)
        if whole
        else TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off")
    )


def _as_said(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the form shows before anybody has typed; never a key."""
    return {**{key: text for key, text in data.items() if key != CONF_SECRETS}, CONF_MORE: data}


def _as_data(kind: Kind, said: Mapping[str, Any], held: Mapping[str, str]) -> dict[str, Any]:
    """A key that was left empty stays what it is; a store without a name for its place has one."""
    typed = {**said, **said[CONF_MORE]}
    address = (typed.get(CONF_BASE_URL) or GOOGLE).strip().rstrip("/")
    return {
        CONF_KIND: EntryKind.ARCHIVE,
        CONF_SERVICE: kind,
        CONF_SECRETS: {
            name: (said.get(name) or "").strip() or held.get(name, "") for name in SECRETS[kind]
        },
        CONF_BASE_URL: address,
        CONF_BUCKET: typed[CONF_BUCKET].strip(),
        CONF_REGION: (typed.get(CONF_REGION) or DEFAULT_REGION).strip(),
        CONF_PREFIX: (typed.get(CONF_PREFIX) or "").strip().strip("/"),
        CONF_REMOVE: typed[CONF_REMOVE],
    }
