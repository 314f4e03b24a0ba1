"""Gemini through Google's own client, which is imported in a thread when it is first needed.

The client is given an httpx transport of ours: with aiohttp it would send a request a second time
by itself after a lost connection, billed or not, and it reads answers of any size.
"""

import asyncio
import importlib
import json
import math
import re
from collections.abc import AsyncIterator, Callable
from typing import Any, override

import aiohttp

from ..model.errors import (
    ProviderAnswerError,
    ProviderBlockedError,
    ProviderBusyError,
    ProviderDownError,
    ProviderError,
    ProviderForbiddenError,
    ProviderKeyError,
    ProviderQuotaError,
    ProviderRefusedError,
    ProviderTimeoutError,
)
from ..model.finding import Reply, Task
from .answer import parsed
from .inquiry import INSTRUCTIONS, SCHEMAS, data_of, read_reply
from .provider import Account, Ask, Balance, Bill, Provider, Spec
from .request import LARGEST_BODY

_LONGEST_TEXT = 64 * 1024
_BLOCKED = frozenset({"SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "OTHER"})
_BLOCKED |= {"IMAGE_SAFETY", "LANGUAGE"}
# What Google's client trips over when an answer is not shaped as it expects.
_MISSHAPEN = (AttributeError, LookupError, TypeError, ValueError, RecursionError)
_DELAY = re.compile(r"\d{1,7}(?:\.\d{1,9})?")


class _TooLargeError(Exception):
    """The answer is larger than any that we asked for."""


class Gemini(Provider):
    """One key for the Gemini API."""

    def __init__(self, account: Account, _: aiohttp.ClientSession) -> None:
        self._account = account
        self._lock = asyncio.Lock()
        self._client: Any = None
        self._http: Any = None
        self._modules: tuple[Any, Any] | None = None

    @property
    def _model(self) -> str:
        return self._account.options.get("model") or SPEC.options["model"]

    @override
    async def answer(self, ask: Ask, bill: Bill) -> Reply:
        """Ask for JSON of a schema, and take nothing else."""
        client = await self._ready()
        types = client.types
        pictures = [
            types.Part.from_bytes(data=photo.jpeg, mime_type="image/jpeg") for photo in ask.photos
        ]
        config = types.GenerateContentConfig(
            system_instruction=INSTRUCTIONS[ask.task],
            temperature=0,
            response_mime_type="application/json",
            response_schema=SCHEMAS[ask.task],
            automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        )
        await bill()
        response = await self._guarded(
            lambda: client.aio.models.generate_content(
                model=self._model,
                contents=[*pictures, types.Part.from_text(text=data_of(ask))],
                config=config,
            )
        )
        return read_reply(ask, parsed(_text(response)), self._model)

    @override
    async def check(self) -> Balance:
        """Ask about the model, which costs nothing."""
        client = await self._ready()
        await self._guarded(lambda: client.aio.models.get(model=self._model))
        return Balance()

    @override
    async def close(self) -> None:
        """Close the connections."""
        if self._http is not None:
            await self._http.aclose()
        self._client = self._http = None

    async def _ready(self) -> Any:
        """The client, made in a thread: it reads certificates and imports for half a second."""
        async with self._lock:
            if self._client is None:
                loop = asyncio.get_running_loop()
                self._client, self._http = await loop.run_in_executor(None, _open, self._account)
        return self._client

    async def _guarded(self, call: Callable[[], Any]) -> Any:
        """Make one request; every failure becomes one of ours, with nothing of its text."""
        failure: ProviderError
        genai_errors, httpx = self._client.errors, self._client.httpx
        try:
            return await call()
        except genai_errors.APIError as error:
            failure = _error(error)
        except httpx.ConnectError, httpx.ConnectTimeout:
            failure = ProviderDownError("no connection", unbilled=True)
        except httpx.TimeoutException:
            failure = ProviderTimeoutError("no answer in time")
        except httpx.UnsupportedProtocol, httpx.InvalidURL:
            failure = ProviderDownError("not an address", unbilled=True)
        except httpx.RemoteProtocolError:
            failure = ProviderDownError("connection lost")
        except httpx.HTTPError, OSError:
            failure = ProviderDownError("connection lost")
        except _TooLargeError:
            failure = ProviderAnswerError("the answer is too large")
        except _MISSHAPEN as error:
            failure = ProviderAnswerError(f"not as documented: {type(error).__name__}")
        raise failure


class _Client:
    """Google's client with the modules that come with it."""

    def __init__(self, account: Account, http: Any) -> None:
        genai = importlib.import_module("google.genai")
        self.types: Any = genai.types
        self.errors: Any = importlib.import_module("google.genai.errors")
        self.httpx: Any = importlib.import_module("httpx")
        options = genai.types.HttpOptions(base_url=account.base_url, httpx_async_client=http)
        self.aio: Any = genai.Client(api_key=account.key, vertexai=False, http_options=options).aio


def _open(account: Account) -> tuple[_Client, Any]:
    """Import and make everything; takes a while."""
    http = _bounded_http()
    return _Client(account, http), http


def _bounded_http() -> Any:
    """An httpx client that reads no more of an answer than any can have."""
    httpx: Any = importlib.import_module("httpx")

    class Bounded(httpx.AsyncByteStream):  # type: ignore[misc]
        """A body that ends in an error when it becomes too large."""

        def __init__(self, stream: Any) -> None:
            self._stream = stream

        async def __aiter__(self) -> AsyncIterator[bytes]:
            size = 0
            async for part in self._stream:
                size += len(part)
                if size > LARGEST_BODY:
                    raise _TooLargeError
                yield part

        async def aclose(self) -> None:
            await self._stream.aclose()

    async def bound(response: Any) -> None:
        response.stream = Bounded(response.stream)

    # Uncompressed: what is counted is then what is read.
    return httpx.AsyncClient(
        event_hooks={"response": [bound]}, headers={"Accept-Encoding": "identity"}
    )


def _text(response: Any) -> str:
    """What the model wrote, without what it thought."""
    feedback = response.prompt_feedback
    if feedback is not None and feedback.block_reason is not None:
        raise ProviderBlockedError("the question was blocked")
    candidates = response.candidates or []
    if not candidates:
        raise ProviderAnswerError("no candidates")
    reason = candidates[0].finish_reason
    word = getattr(reason, "value", "") or ""
    if word in _BLOCKED:
        raise ProviderBlockedError("the answer was blocked")
    content = candidates[0].content
    parts = (content.parts or []) if content is not None else []
    text = "".join(part.text or "" for part in parts if not part.thought)
    if not text or word == "MAX_TOKENS" or len(text) > _LONGEST_TEXT:
        raise ProviderAnswerError("no complete answer")
    return text


def _error(error: Any) -> ProviderError:
    """One of ours for Google's; a wrong key is a bad request there."""
    code, details = error.code, json.dumps(error.details, default=str)
    text = f"status {code}" if isinstance(code, int) else "failed"
    if code == 401 or (code == 400 and "API_KEY_INVALID" in details):
        return ProviderKeyError(text, unbilled=True)
    if code == 403:
        return ProviderForbiddenError(text, unbilled=True)
    if code == 429:
        # Its free quotas change: whether it is the day's or the minute's is only told here.
        kind = ProviderQuotaError if "PerDay" in details else ProviderBusyError
        return kind(text, unbilled=True, wait_s=_delay(error))
    if isinstance(code, int) and 400 <= code < 500:
        return ProviderRefusedError(text, unbilled=True)
    if isinstance(code, int) and 500 <= code < 600:
        return ProviderDownError(text, unbilled=code == 503, wait_s=_delay(error))
    return ProviderAnswerError(text)


def _delay(error: Any) -> float | None:
    """`RetryInfo` or `Retry-After`, in seconds."""
    headers = getattr(error.response, "headers", None) or {}
    found = str(headers.get("Retry-After", ""))
    details = error.details if isinstance(error.details, dict) else {}
    inner = details.get("error", details)
    for one in inner.get("details", []) if isinstance(inner, dict) else []:
        if isinstance(one, dict) and "retryDelay" in one:
            found = str(one["retryDelay"])
    match = _DELAY.match(found)
    seconds = float(match[0]) if match else math.nan
    return None if math.isnan(seconds) else seconds


SPEC = Spec(
    kind="gemini",
    name="Google Gemini",
    api="v1beta",
    tasks=frozenset(Task),
    base_url="https://generativelanguage.googleapis.com",
    open=Gemini,
    time_limit=30.0,
    weight=0.3,
    general=True,
    options={"model": "gemini-3.1-flash-lite"},
)
