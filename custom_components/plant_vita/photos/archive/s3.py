"""Amazon S3, and every store that speaks its language."""

import base64
import hashlib
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final, override
from urllib.parse import quote

import aiohttp
from yarl import URL

from ...model.errors import ProviderKeyError, ProviderRefusedError
from ...providers.provider import Secret
from ...providers.request import Response
from .signature import signed
from .store import Store, asked

_WRONG_KEY: Final = ("invalidaccesskeyid", "signaturedoesnotmatch")


class S3Store(Store):
    """One bucket, addressed by its path: every such store understands that."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        address: str,
        region: str,
        bucket: str,
        key_id: str,
        secret: Secret,
    ) -> None:
        self._session = session
        self._url = URL(address)
        self._region, self._bucket = region, bucket
        self._key_id, self._secret = key_id, secret

    @override
    async def put(self, name: str, data: bytes, content_type: str) -> None:
        # One request writes it or does not; photos are far smaller than the least part of a
        # multipart upload (5 MB). The sum lets a store refuse what broke on the way.
        md5 = hashlib.md5(data, usedforsecurity=False).digest()
        headers = {"Content-MD5": base64.b64encode(md5).decode(), "Content-Type": content_type}
        answer = await self._ask("PUT", name, data, headers)
        if answer.status not in {HTTPStatus.OK, HTTPStatus.CREATED}:
            raise answer.error()

    @override
    async def get(self, name: str) -> bytes | None:
        answer = await self._ask("GET", name)
        if answer.status == HTTPStatus.NOT_FOUND:
            if answer.says("nosuchbucket"):
                raise ProviderRefusedError("no such bucket")
            return None
        if answer.status != HTTPStatus.OK:
            raise answer.error()
        return answer.body

    async def _ask(
        self, method: str, name: str, data: bytes = b"", headers: dict[str, str] | None = None
    ) -> Response:
        path = quote(f"{self._url.path.rstrip('/')}/{self._bucket}/{name}", safe="/-_.~")
        host = self._url.host_port_subcomponent or ""
        sent = signed(
            method,
            host,
            path,
            body=data,
            headers=headers or {},
            now=datetime.now(UTC),
            region=self._region,
            key_id=self._key_id,
            secret=self._secret.reveal(),
        )
        url = f"{self._url.scheme}://{host}{path}"
        answer = await asked(self._session, method, url, headers=sent, data=data or None)
        if answer.status == HTTPStatus.FORBIDDEN and answer.says(*_WRONG_KEY):
            raise ProviderKeyError("the key is refused")
        return answer
