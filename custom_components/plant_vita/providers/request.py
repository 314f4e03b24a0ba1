"""One request to a service: bounded in time and size, and every failure one of ours.

aiohttp writes the whole address into some of its errors, and one service wants its key there. So
nothing that aiohttp raised is kept, not even as the cause of what is raised instead.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp

from ..model.errors import (
    ProviderAnswerError,
    ProviderBusyError,
    ProviderDownError,
    ProviderError,
    ProviderForbiddenError,
    ProviderKeyError,
    ProviderRefusedError,
    ProviderTimeoutError,
)
from .answer import Answer, parsed

LARGEST_BODY = 2 * 1024 * 1024
_CONNECT_S = 10.0
_CHUNK = 65_536
_LONGEST_WAIT_S = 32 * 86_400.0
_STATUSES: dict[int, type[ProviderError]] = {
    401: ProviderKeyError,
    403: ProviderForbiddenError,
    408: ProviderDownError,
    429: ProviderBusyError,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Response:
    """What came back, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def answer(self) -> Answer:
        """The body as JSON, if the status is a success; else raises what the status means."""
        if not 200 <= self.status < 300:
            raise self.error()
        return parsed(self.body)

    def error(self) -> ProviderError:
        """What a status that is no success usually means."""
        text = f"status {self.status}"
        wait = retry_after(self.headers)
        kind = _STATUSES.get(self.status)
        if kind is None:
            by_hundreds = {4: ProviderRefusedError, 5: ProviderDownError}
            kind = by_hundreds.get(self.status // 100, ProviderAnswerError)
        # Not available (503) did not begin; other failures of a server may have cost something.
        unbilled = self.status // 100 == 4 or self.status == 503
        return kind(text, unbilled=unbilled, wait_s=wait)

    def says(self, *words: str) -> bool:
        """Whether the beginning of the body holds one of these words, in any case."""
        start = self.body[:2000].decode(errors="replace").casefold()
        return any(word in start for word in words)


async def request(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    *,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    json_body: object | None = None,
    data: aiohttp.FormData | Mapping[str, str] | bytes | None = None,
) -> Response:
    """Ask once; the caller limits the time. Raises ProviderDownError or ProviderAnswerError.

    A connection that was never made is `unbilled`; one that broke may have been.
    """
    failure: ProviderError
    try:
        async with session.request(
            method,
            url,
            params=params,
            headers=headers,
            data=json.dumps(json_body).encode() if json_body is not None else data,
            # A service that moves must not take the key along to wherever it says.
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_S),
        ) as response:
            body = await _bounded(response)
            return Response(status=response.status, headers=dict(response.headers), body=body)
    except aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError:
        failure = ProviderDownError("no connection", unbilled=True)
    except TimeoutError:
        failure = ProviderTimeoutError("no answer in time")
    except aiohttp.ClientPayloadError:
        failure = ProviderAnswerError("the answer broke off")
    except aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError, ValueError:
        failure = ProviderDownError("not an address", unbilled=True)
    except (aiohttp.ClientError, OSError) as error:
        failure = ProviderDownError(f"connection lost: {type(error).__name__}")
    raise failure


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    """The body, unless it is larger than any answer of these services."""
    if (response.content_length or 0) > LARGEST_BODY:
        raise ProviderAnswerError("the answer is too large")
    parts: list[bytes] = []
    size = 0
    async for part in response.content.iter_chunked(_CHUNK):
        size += len(part)
        if size > LARGEST_BODY:
            raise ProviderAnswerError("the answer is too large")
        parts.append(part)
    return b"".join(parts)


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """The seconds that Retry-After asks for, as a number or a date; None without one."""
    text = next((v for k, v in headers.items() if k.casefold() == "retry-after"), "").strip()
    if text.isdecimal():
        return min(float(text), _LONGEST_WAIT_S) if len(text) < 10 else _LONGEST_WAIT_S
    try:
        date = parsedate_to_datetime(text)
    except TypeError, ValueError:
        return None
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    wait = (aware - (now or datetime.now(UTC))).total_seconds()
    return min(max(0.0, wait), _LONGEST_WAIT_S)
