"""Google Cloud Storage, through its JSON interface and a service account.

After https://cloud.google.com/storage/docs/performing-resumable-uploads: what has arrived of an
upload that breaks off is not sent again.
"""

import asyncio
import base64
import hashlib
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, override
from urllib.parse import quote

import aiohttp
import jwt

from ...model.errors import (
    ProviderAnswerError,
    ProviderDownError,
    ProviderKeyError,
    ProviderRefusedError,
    ProviderTimeoutError,
)
from ...providers.provider import Secret
from ...providers.request import Response
from .store import Store, asked

CHUNK: Final = 256 * 1024
"""The least that Google keeps of an upload that breaks off."""
_SCOPE: Final = "https://www.googleapis.com/auth/devstorage.read_write"
_GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_TOKEN_S: Final = 3600
_EARLIER_S: Final = 300.0
_TRIES: Final = 3
AGAIN_S: Final = 1.0
_RECEIVED = re.compile(r"bytes=0-([0-9]{1,12})")


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceAccount:
    """Who writes: what Google's console gives as a JSON file."""

    email: str
    key: Secret
    token_url: str


def service_account(text: str) -> ServiceAccount:
    """Read that file. Raises ProviderKeyError for anything else."""
    try:
        told: Mapping[str, Any] = json.loads(text)
        return ServiceAccount(
            email=str(told["client_email"]),
            key=Secret(str(told["private_key"])),
            token_url=str(told["token_uri"]),
        )
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        # Its text may quote what was typed.
        del error
    raise ProviderKeyError("not the file of a service account")


class GcsStore(Store):
    """One bucket."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        address: str,
        bucket: str,
        account: ServiceAccount,
    ) -> None:
        self._session, self._address = session, address
        self._bucket, self._account = bucket, account
        self._token, self._until = Secret(""), 0.0

    @override
    async def put(self, name: str, data: bytes, content_type: str) -> None:
        place = await self._begin(name, data, content_type)
        start, tries, unsure = 0, 0, False
        while True:
            try:
                answer = await self._send(place, data, None if unsure else start)
            except ProviderDownError, ProviderTimeoutError, ProviderRefusedError:
                tries += 1
                if tries > _TRIES:
                    raise
                await asyncio.sleep(AGAIN_S * 2**tries)
                unsure = True
                continue
            if answer.status in {HTTPStatus.OK, HTTPStatus.CREATED}:
                return
            received = _received(answer)
            if not unsure and received <= start:
                raise ProviderAnswerError("nothing of what was sent has arrived")
            start, unsure = received, False

    @override
    async def get(self, name: str) -> bytes | None:
        url = f"{self._address}/storage/v1/b/{self._bucket}/o/{quote(name, safe='')}?alt=media"
        answer = await self._ask("GET", url, {})
        if answer.status == HTTPStatus.NOT_FOUND:
            return None
        if answer.status != HTTPStatus.OK:
            raise answer.error()
        return answer.body

    async def _begin(self, name: str, data: bytes, content_type: str) -> str:
        """Announce an object and its sum, which Google compares; where to send it."""
        md5 = hashlib.md5(data, usedforsecurity=False).digest()
        told = {"contentType": content_type, "md5Hash": base64.b64encode(md5).decode()}
        headers = {
            "Content-Type": "application/json",
            "X-Upload-Content-Type": content_type,
            "X-Upload-Content-Length": str(len(data)),
        }
        url = (
            f"{self._address}/upload/storage/v1/b/{self._bucket}/o"
            f"?uploadType=resumable&name={quote(name, safe='')}"
        )
        answer = await self._ask("POST", url, headers, json.dumps(told).encode())
        places = [text for key, text in answer.headers.items() if key.casefold() == "location"]
        if answer.status != HTTPStatus.OK:
            raise answer.error()
        if not places:
            raise ProviderAnswerError("nowhere to send it to")
        return places[0]

    async def _send(self, place: str, data: bytes, start: int | None) -> Response:
        """Send the next part; None asks how much has arrived."""
        part, told = b"", "*"
        if start is not None:
            part = data[start : start + CHUNK]
            told = f"{start}-{start + len(part) - 1}"
        headers = {"Content-Range": f"bytes {told}/{len(data)}"}
        answer = await self._ask("PUT", place, headers, part)
        if answer.status >= HTTPStatus.BAD_REQUEST:
            # Refused is also what begins elsewhere than Google has got to by now: of a part that
            # broke off some may arrive later.
            raise answer.error()
        return answer

    async def _ask(
        self, method: str, url: str, headers: dict[str, str], data: bytes | None = None
    ) -> Response:
        bearer = {"Authorization": f"Bearer {(await self._access()).reveal()}"}
        return await asked(self._session, method, url, headers={**headers, **bearer}, data=data)

    async def _access(self) -> Secret:
        """A token that holds for a while yet."""
        now = time.time()
        if now < self._until:
            return self._token
        form = {"grant_type": _GRANT, "assertion": await asyncio.to_thread(self._assertion, now)}
        answer = await asked(self._session, "POST", self._account.token_url, data=form)
        if answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}:
            raise ProviderKeyError("the service account is refused")
        told = answer.answer()
        self._token = Secret(told["access_token"].string())
        self._until = now + told["expires_in"].number() - _EARLIER_S
        return self._token

    def _assertion(self, now: float) -> str:
        """What a token is given for; half a million multiplications: call it in a thread."""
        claims = {
            "iss": self._account.email,
            "scope": _SCOPE,
            "aud": self._account.token_url,
            "iat": int(now),
            "exp": int(now) + _TOKEN_S,
        }
        try:
            return jwt.encode(claims, self._account.key.reveal(), "RS256")
        except (ValueError, TypeError, jwt.PyJWTError) as error:
            del error
        raise ProviderKeyError("the service account's key cannot be used")


def _received(answer: Response) -> int:
    """How many bytes Google has by now. Raises ProviderError if it wants no more of them."""
    if answer.status != HTTPStatus.PERMANENT_REDIRECT:
        raise answer.error()
    told = next((v for k, v in answer.headers.items() if k.casefold() == "range"), "")
    found = _RECEIVED.fullmatch(told)
    return int(found[1]) + 1 if found else 0
