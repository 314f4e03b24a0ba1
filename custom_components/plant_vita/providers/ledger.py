"""How often each service was called, exact across restarts: calls are money.

A call is written down before it is made, and struck out when it certainly cost nothing. So a
Home Assistant that is killed in between may have counted one too many, and never one too few.
"""

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

from ..model.errors import (
    ProviderBusyError,
    ProviderError,
    ProviderLimitError,
    ProviderQuotaError,
)

VERSION = 1
_DAY_S = 86_400.0
_LONGEST_BLOCK_S = 32 * _DAY_S
_UNKNOWN_QUOTA_S = 3600.0
_UNKNOWN_BUSY_S = 60.0


class Storage(Protocol):
    """Where a JSON object outlives a restart."""

    async def load(self) -> dict[str, Any] | None:
        """What was saved last; None if nothing ever was."""

    async def save(self, data: dict[str, Any]) -> None:
        """Save all of it; it is on disk when this returns. Raises StoreError."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Book:
    """The calls of one service.

    `day` counts days since 1970 (UTC), `today` the calls on it, `total` all of them. Until
    `closed_until` (Unix seconds) nobody is to call, because of `closed_by` (an error's key).
    """

    day: int = 0
    today: int = 0
    total: int = 0
    closed_until: float = 0.0
    closed_by: str = ""


def booked(book: Book, now: float, limit: int | None) -> Book:
    """The book with one call more. Raises ProviderLimitError, or why it is closed."""
    left = book.closed_until - now
    # A clock that was far ahead once must not close a service for years.
    if 0 < left <= _LONGEST_BLOCK_S:
        kind = _CLOSED.get(book.closed_by, ProviderBusyError)
        raise kind("closed", unbilled=True, wait_s=left)
    book = _turned(book, now)
    if limit is not None and book.today >= limit:
        raise ProviderLimitError
    return replace(book, today=book.today + 1, total=book.total + 1)


def refunded(book: Book) -> Book:
    """The book with one call less, that cost nothing."""
    return replace(book, today=max(0, book.today - 1), total=max(0, book.total - 1))


def closed(book: Book, now: float, error: ProviderError) -> Book:
    """The book closed for as long as the service said, or for a usual while."""
    usual = _UNKNOWN_QUOTA_S if isinstance(error, ProviderQuotaError) else _UNKNOWN_BUSY_S
    wait = usual if error.wait_s is None else error.wait_s
    return replace(book, closed_until=now + min(wait, _LONGEST_BLOCK_S), closed_by=error.key)


def midnight(now: float) -> float:
    """When the next day of UTC begins (Unix seconds)."""
    return (now // _DAY_S + 1) * _DAY_S


def _turned(book: Book, now: float) -> Book:
    """On a new day nothing was called yet; a clock set back by less than a day turns nothing."""
    today = int(now // _DAY_S)
    return book if 0 <= book.day - today <= 1 else replace(book, day=today, today=0)


_CLOSED: dict[str, type[ProviderError]] = {
    one.key: one for one in (ProviderQuotaError, ProviderBusyError)
}


class Ledger:
    """The books of all services, kept in a storage; `now` gives Unix seconds."""

    def __init__(self, storage: Storage, now: Callable[[], float]) -> None:
        self._storage, self._now = storage, now
        self._books: dict[str, Book] = {}
        self._lock = asyncio.Lock()
        self._changes = self._saved = 0

    async def load(self) -> None:
        """Read what was kept; what cannot be read counts as nothing."""
        stored = await self._storage.load() or {}
        for seat, fields in stored.get("books", {}).items():
            self._books[seat] = Book(
                **{key: value for key, value in fields.items() if key in Book.__slots__}
            )

    def book(self, seat: str) -> Book:
        """How it stands now."""
        return _turned(self._books.get(seat, Book()), self._now())

    def today(self, seat: str) -> int:
        """How many calls of today (UTC) count."""
        return self.book(seat).today

    async def call(self, seat: str, limit: int | None) -> None:
        """Write a call down; it may be made when this returns. Raises as `booked` does."""
        self._books[seat] = booked(self._books.get(seat, Book()), self._now(), limit)
        await self._save()

    async def refund(self, seat: str) -> None:
        """Strike a call out."""
        self._books[seat] = refunded(self._books.get(seat, Book()))
        await self._save()

    async def close(self, seat: str, error: ProviderError) -> None:
        """Let nobody call for as long as the service said."""
        self._books[seat] = closed(self._books.get(seat, Book()), self._now(), error)
        await self._save()

    async def forget(self, seat: str) -> None:
        """The service was removed."""
        if self._books.pop(seat, None) is not None:
            await self._save()

    async def _save(self) -> None:
        """Return when this change is on disk; several at once share one writing."""
        self._changes += 1
        wanted = self._changes
        async with self._lock:
            if self._saved >= wanted:
                return
            written = self._changes
            books = {seat: asdict(book) for seat, book in self._books.items()}
            await self._storage.save({"version": VERSION, "books": books})
            self._saved = written


def day_of(book: Book) -> str:
    """The day that a book counts, as people write it: 2026-11-21 (UTC)."""
    return datetime.fromtimestamp(book.day * _DAY_S, UTC).date().isoformat()
