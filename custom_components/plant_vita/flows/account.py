"""Steps that bring in an account with a cloud service or a model of the house: chosen, tried.

Home Assistant loads these steps with the first node. What asks the services is imported once
somebody wants one.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import voluptuous as vol
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.data_entry_flow import section
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.importlib import async_import_module
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
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
    CONF_CHOICES,
    CONF_DAILY,
    CONF_KIND,
    CONF_SECRETS,
    CONF_SERVICE,
    DOMAIN,
    LOGGER,
    EntryKind,
)
from ..model.errors import PlantVitaError, ProviderQuotaError

if TYPE_CHECKING:
    from ..providers.provider import Spec

CONF_ADVANCED = "advanced"
DAILY_MAX = 100_000
_ACCOUNT: Final = f"custom_components.{DOMAIN}.photos.account"
_SECRET = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off"))
_ADDRESS = {
    vol.Required(CONF_BASE_URL): TextSelector(TextSelectorConfig(type=TextSelectorType.URL))
}
_DAILY = {
    vol.Optional(CONF_DAILY): NumberSelector(
        NumberSelectorConfig(min=0, max=DAILY_MAX, step=1, mode=NumberSelectorMode.BOX)
    )
}


class AccountSteps(ConfigFlow):
    """The part of the config flow that is about cloud services.

    Nothing is kept of an account before its service has accepted the key.
    """

    _spec: Spec

    async def async_step_provider(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which service."""
        errors: dict[str, str] = {}
        services = await self._async_services()
        if user_input is not None:
            self._spec = services[user_input[CONF_SERVICE]]
            if all(map(self.hass.states.async_entity_ids_count, self._spec.entities.values())):
                return await self.async_step_account()
            errors[CONF_SERVICE] = "model_none"
        options = [SelectOptionDict(value=one.kind, label=one.name) for one in services.values()]
        # What each is good for is said in the reader's language; its name is not translated.
        select = SelectSelectorConfig(
            options=options, mode=SelectSelectorMode.LIST, translation_key=CONF_SERVICE
        )
        return self.async_show_form(
            step_id="provider",
            data_schema=vol.Schema({vol.Required(CONF_SERVICE): SelectSelector(select)}),
            errors=errors,
        )

    async def async_step_account(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the key, and how the service is to be used; add the account or change it."""
        again = self.source == SOURCE_RECONFIGURE
        registry = er.async_get(self.hass)
        known: Mapping[str, Any] = self._get_reconfigure_entry().data if again else {}
        if again:
            self._spec = (await self._async_services())[known[CONF_SERVICE]]
        errors: dict[str, str] = {}
        if user_input is not None:
            data = _as_data(self._spec, user_input, known.get(CONF_SECRETS, {}), registry)
            if (done := await self._async_keep(data, errors)) is not None:
                return done
        return self.async_show_form(
            step_id="account" if self._spec.fields else "model",
            data_schema=self.add_suggested_values_to_schema(
                _form(self._spec, again=again), user_input or _as_said(self._spec, known, registry)
            ),
            errors=errors,
            description_placeholders={"name": self._spec.name},
        )

    async_step_model = async_step_account

    async def async_step_key(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """The service refuses the key: ask for another."""
        entry = self._get_reauth_entry()
        self._spec = (await self._async_services())[entry.data[CONF_SERVICE]]
        errors: dict[str, str] = {}
        if user_input is not None:
            data = {**entry.data, CONF_SECRETS: _typed(self._spec, user_input, {})}
            if (done := await self._async_keep(data, errors)) is not None:
                return done
        return self.async_show_form(
            step_id="key",
            data_schema=vol.Schema(dict.fromkeys(map(vol.Required, self._spec.fields), _SECRET)),
            errors=errors,
            description_placeholders={"name": entry.title},
        )

    async def _async_services(self) -> dict[str, Spec]:
        """Every service there is, by its kind."""
        await async_import_module(self.hass, _ACCOUNT)
        from ..providers.registry import PROVIDERS  # noqa: PLC0415 - imported already

        return PROVIDERS

    async def _async_keep(
        self, data: dict[str, Any], errors: dict[str, str]
    ) -> ConfigFlowResult | None:
        """Keep an account that its service accepts; else None, and the reason in `errors`."""
        from ..photos.account import account_id  # noqa: PLC0415 - imported with the services

        entry = self._entry()
        unique_id = account_id(self._spec, data[CONF_SECRETS], data[CONF_CHOICES])
        if entry is None or entry.unique_id != unique_id:
            await self.async_set_unique_id(unique_id, raise_on_progress=False)
            self._abort_if_unique_id_configured(error="account_exists")
        if not await self._async_accepted(data, errors):
            return None
        if entry is None:
            return self.async_create_entry(title=self._title(data), data=data)
        return self.async_update_reload_and_abort(entry, unique_id=unique_id, data=data)

    def _title(self, data: Mapping[str, Any]) -> str:
        """The service's name; of several models of the house each has its own."""
        chosen = (data[CONF_CHOICES][name] for name in self._spec.entities)
        registry = er.async_get(self.hass)
        states = [self.hass.states.get(_present(registry, one)) for one in chosen]
        return ": ".join([self._spec.name, *(state.name for state in states if state)])

    def _entry(self) -> ConfigEntry | None:
        """The entry that is changed, if one is."""
        if self.source == SOURCE_REAUTH:
            return self._get_reauth_entry()
        return self._get_reconfigure_entry() if self.source == SOURCE_RECONFIGURE else None

    async def _async_accepted(self, data: dict[str, Any], errors: dict[str, str]) -> bool:
        from ..photos.account import async_check  # noqa: PLC0415 - imported with the services

        try:
            await async_check(self.hass, data)
        except ProviderQuotaError:
            # That nothing is left for today shows that the account is there.
            return True
        except PlantVitaError as error:
            errors["base"] = error.key
        except Exception:  # noqa: BLE001 - the last catch of the flow
            # Its text may hold anything that the service wrote.
            LOGGER.error("%s: unexpected failure of the check", self._spec.kind)
            errors["base"] = "unknown"
        else:
            return True
        return False


def _form(spec: Spec, *, again: bool) -> vol.Schema:
    need = vol.Optional if again else vol.Required
    advanced = vol.Schema({**_ADDRESS, **_DAILY} if spec.base_url else _DAILY)
    return vol.Schema(
        {
            **dict.fromkeys(map(need, spec.fields), _SECRET),
            **{vol.Required(name): _choice(spec, name) for name in spec.options},
            vol.Required(CONF_ADVANCED): section(advanced, {"collapsed": True}),
        }
    )


def _choice(spec: Spec, name: str) -> TextSelector | EntitySelector:
    if (domain := spec.entities.get(name)) is None:
        return TextSelector()
    return EntitySelector(EntitySelectorConfig(filter={"domain": domain}))


def _as_said(spec: Spec, data: Mapping[str, Any], registry: er.EntityRegistry) -> dict[str, Any]:
    """What the form shows before anybody has typed; never a key."""
    daily = data.get(CONF_DAILY, spec.daily)
    address = {CONF_BASE_URL: data.get(CONF_BASE_URL, spec.base_url)} if spec.base_url else {}
    choices = {**spec.options, **data.get(CONF_CHOICES, {})}
    entities = {name: _present(registry, choices[name]) for name in spec.entities}
    return {
        # A field for an entity does not bear a text that is none.
        **{name: one for name, one in (choices | entities).items() if one},
        CONF_ADVANCED: address if daily is None else {**address, CONF_DAILY: daily},
    }


def _present(registry: er.EntityRegistry, reference: str) -> str:
    """The id that an entity has now, or what was chosen if the registry does not know it."""
    return er.async_resolve_entity_id(registry, reference) or reference


def _as_data(
    spec: Spec, said: Mapping[str, Any], held: Mapping[str, str], registry: er.EntityRegistry
) -> dict[str, Any]:
    advanced = said[CONF_ADVANCED]
    daily = advanced.get(CONF_DAILY)
    choices = {name: said[name].strip() for name in spec.options}
    for name in spec.entities:
        # Its id in the registry stays the same when it is renamed.
        known = registry.async_get(choices[name])
        choices[name] = known.id if known else choices[name]
    return {
        CONF_KIND: EntryKind.PROVIDER,
        CONF_SERVICE: spec.kind,
        CONF_SECRETS: _typed(spec, said, held),
        CONF_BASE_URL: advanced.get(CONF_BASE_URL, "").strip().rstrip("/"),
        CONF_DAILY: None if daily is None else int(daily),
        CONF_CHOICES: choices,
    }


def _typed(spec: Spec, said: Mapping[str, Any], held: Mapping[str, str]) -> dict[str, str]:
    """The keys; a field that was left empty keeps what is there."""
    return {name: (said.get(name) or "").strip() or held.get(name, "") for name in spec.fields}
