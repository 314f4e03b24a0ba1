"""An account with a cloud service, as its config entry keeps it."""

import hashlib
from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from ..const import CONF_BASE_URL, CONF_CHOICES, CONF_DAILY, CONF_SECRETS, CONF_SERVICE
from ..providers.attempt import Seat, check
from ..providers.provider import Account, Balance, Secret, Spec
from ..providers.registry import PROVIDERS
from .generating import HouseModels


def account_id(spec: Spec, secrets: Mapping[str, str], choices: Mapping[str, str]) -> str:
    """The unique id of an account; no node's hardware id has a colon, and no key can be read."""
    told = [secrets[name] for name in spec.fields] + [choices[name] for name in spec.entities]
    keys = "\n".join(told)
    return f"provider:{spec.kind}:{hashlib.sha256(keys.encode()).hexdigest()[:32]}"


def seat_of(hass: HomeAssistant, seat_id: str, data: Mapping[str, Any]) -> Seat:
    """Who is asked for an entry with this data; nothing is connected yet."""
    spec = PROVIDERS[data[CONF_SERVICE]]
    options = {**spec.options, **data[CONF_CHOICES]}
    account = Account(
        secrets={name: Secret(text) for name, text in data[CONF_SECRETS].items()},
        base_url=data[CONF_BASE_URL],
        options=options,
        models=HouseModels(hass),
    )
    return Seat(
        id=seat_id,
        spec=spec,
        provider=spec.open(account, async_get_clientsession(hass)),
        daily=data[CONF_DAILY],
        options=options,
    )


async def async_check(hass: HomeAssistant, data: Mapping[str, Any]) -> Balance:
    """See whether an account can be used, before there is an entry. Raises ProviderError."""
    seat = seat_of(hass, "", data)
    try:
        return await check(seat)
    finally:
        await seat.provider.close()
