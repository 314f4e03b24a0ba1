"""What keeps the copies: whole objects by their names."""

import asyncio
from collections.abc import Mapping
from typing import Final, Protocol

import aiohttp

from ...model.errors import ProviderTimeoutError
from ...providers.request import Response, request

_WITHIN_S: Final = 60.0
"""Enough for a photo on a slow line."""


class Store(Protocol):
    """A bucket. Everything raises ProviderError, and may be cancelled at any time."""

    async def put(self, name: str, data: bytes, content_type: str) -> None:
        """Write an object; it is there whole, or as it was before."""

    async def get(self, name: str) -> bytes | None:
        """Read an object; None where there is none."""


async def asked(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    data: bytes | Mapping[str, str] | None = None,
) -> Response:
    """One request to a store. Raises ProviderError, also when it takes too long."""
    try:
        async with asyncio.timeout(_WITHIN_S):
            return await request(session, method, url, headers=headers, data=data)
    except TimeoutError:
        pass
    raise ProviderTimeoutError("no answer in time")
