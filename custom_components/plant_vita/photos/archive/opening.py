"""What speaks to the store of a user, made of what its config entry keeps."""

import secrets
from collections.abc import Mapping
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from ...const import CONF_BASE_URL, CONF_SECRETS, CONF_SERVICE
from ...model.errors import ProviderAnswerError
from ...providers.provider import Secret
from .account import (
    CONF_BUCKET,
    CONF_KEY_ID,
    CONF_REGION,
    CONF_SECRET_KEY,
    CONF_SERVICE_ACCOUNT,
    Kind,
    object_name,
)
from .gcs import GcsStore, service_account
from .s3 import S3Store
from .store import Store

_NOTE: Final = "plant_vita.txt"


def store_of(hass: HomeAssistant, data: Mapping[str, Any]) -> Store:
    """The store of an entry with this data; nothing is connected yet. Raises ProviderKeyError."""
    session = async_get_clientsession(hass)
    address, bucket, keys = data[CONF_BASE_URL], data[CONF_BUCKET], data[CONF_SECRETS]
    if data[CONF_SERVICE] == Kind.GCS:
        account = service_account(keys[CONF_SERVICE_ACCOUNT])
        return GcsStore(session, address=address, bucket=bucket, account=account)
    return S3Store(
        session,
        address=address,
        region=data[CONF_REGION],
        bucket=bucket,
        key_id=keys[CONF_KEY_ID],
        secret=Secret(keys[CONF_SECRET_KEY]),
    )


async def async_check(hass: HomeAssistant, data: Mapping[str, Any]) -> None:
    """See whether photos could be written and read back. Raises ProviderError.

    What is written says what the place is for, and stays: not every key may delete.
    """
    store = store_of(hass, data)
    name = object_name(data, _NOTE)
    # Another one each time, or what an earlier try has left would do.
    note = f"Plant Vita keeps photos of plants here. {secrets.token_hex(8)}\n".encode()
    await store.put(name, note, "text/plain")
    if await store.get(name) != note:
        raise ProviderAnswerError("what was written is not what is read")
