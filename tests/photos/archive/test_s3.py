"""S3, against a store that checks every signature."""

import asyncio

import aiohttp
import pytest

from custom_components.plant_vita.model.errors import (
    ProviderDownError,
    ProviderForbiddenError,
    ProviderKeyError,
    ProviderRefusedError,
)
from custom_components.plant_vita.photos.archive.s3 import S3Store
from custom_components.plant_vita.providers.provider import Secret
from tests.photos.archive.emulators import BUCKET, S3, free_port, s3_fixture, session_fixture

s3 = s3_fixture()
session = session_fixture()
NAME = "garden-1/01JALBUM/20260528T202640-aaaaaaaaaaaa.jpg"


def store(session: aiohttp.ClientSession, s3: S3, **other: str) -> S3Store:
    how = {"address": s3.url, "bucket": BUCKET, "key_id": s3.key_id, "secret": s3.secret, **other}
    return S3Store(
        session,
        address=how["address"],
        region="us-east-1",
        bucket=how["bucket"],
        key_id=how["key_id"],
        secret=Secret(how["secret"]),
    )


async def test_what_is_written_is_read_and_others_see_it(
    session: aiohttp.ClientSession, s3: S3
) -> None:
    data = bytes(range(256)) * 2000
    ours = store(session, s3)
    assert await ours.get(NAME) is None
    await ours.put(NAME, data, "image/jpeg")
    assert await ours.get(NAME) == data
    await ours.put(NAME, b"anew", "image/jpeg")
    assert await asyncio.to_thread(s3.objects) == {NAME: b"anew"}
    about = await asyncio.to_thread(s3.client("s3").head_object, Bucket=BUCKET, Key=NAME)
    assert about["ContentType"] == "image/jpeg"


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"secret": "another"}, ProviderKeyError),
        ({"key_id": "AKIANOBODY"}, ProviderKeyError),
        ({"bucket": "elsewhere"}, ProviderRefusedError),
        ({"address": f"http://127.0.0.1:{free_port()}"}, ProviderDownError),
        ({"address": "not an address"}, ProviderDownError),
    ],
)
async def test_what_is_wrong_is_named(
    session: aiohttp.ClientSession, s3: S3, other: dict[str, str], error: type[Exception]
) -> None:
    for ask in (lambda one: one.put(NAME, b"x", "text/plain"), lambda one: one.get(NAME)):
        with pytest.raises(error) as raised:
            await ask(store(session, s3, **other))
        assert s3.secret not in repr(raised.getrepr(style="long"))


async def test_who_may_not_is_forbidden(session: aiohttp.ClientSession, s3: S3) -> None:
    iam = s3.client("iam")
    await asyncio.to_thread(iam.create_user, UserName="guest")
    key = (await asyncio.to_thread(iam.create_access_key, UserName="guest"))["AccessKey"]
    guest = store(session, s3, key_id=key["AccessKeyId"], secret=key["SecretAccessKey"])
    with pytest.raises(ProviderForbiddenError):
        await guest.put(NAME, b"x", "text/plain")
