"""The store of a user, as its config entry keeps it."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

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
