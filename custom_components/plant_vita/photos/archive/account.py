"""The store of a user, as its config entry keeps it."""

import re
import secrets
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from ...const import CONF_BASE_URL, CONF_SECRETS, CONF_SERVICE
from ...model.errors import ProviderAnswerError
from ...providers.provider import Secret
from .gcs import GcsStore, service_account
from .s3 import S3Store
from .store import Store

CONF_BUCKET: Final = "bucket"
CONF_REGION: Final = "region"
CONF_PREFIX: Final = "prefix"
CONF_REMOVE: Final = "remove"
CONF_KEY_ID: Final = "key_id"
CONF_SECRET_KEY: Final = "secret_key"  # noqa: S105 - the name of a field
CONF_SERVICE_ACCOUNT: Final = "service_account"

GOOGLE: Final = "https://storage.googleapis.com"
DEFAULT_REGION: Final = "us-east-1"
_BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")
_PREFIX = re.compile(r"[A-Za-z0-9_-]{1,64}(/[A-Za-z0-9_-]{1,64}){0,4}")
_REGION = re.compile(r"[A-Za-z0-9-]{1,64}")
_NOTE: Final = "plant_vita.txt"


class Kind(StrEnum):
    """What stores there are."""

    GCS = "gcs"
    S3 = "s3"


SECRETS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.GCS: (CONF_SERVICE_ACCOUNT,),
    Kind.S3: (CONF_KEY_ID, CONF_SECRET_KEY),
}
NAMES: Final[Mapping[Kind, str]] = {
    Kind.GCS: "Google Cloud Storage",
    Kind.S3: "S3",
}


def faults(data: Mapping[str, Any]) -> dict[str, str]:
    """What no store would understand, by its field: the key of what to say."""
    found: dict[str, str] = {}
    if not _BUCKET.fullmatch(data[CONF_BUCKET]):
        found[CONF_BUCKET] = "bucket_name"
    if data[CONF_PREFIX] and not _PREFIX.fullmatch(data[CONF_PREFIX]):
        found["base"] = "bucket_prefix"
    if not _REGION.fullmatch(data[CONF_REGION]):
        found[CONF_REGION] = "bucket_region"
    return found


def object_name(data: Mapping[str, Any], name: str) -> str:
    """Where in the bucket something of ours is."""
    prefix = data[CONF_PREFIX]
    return f"{prefix}/{name}" if prefix else name


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
