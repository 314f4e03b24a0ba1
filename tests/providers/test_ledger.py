import asyncio

import pytest

from custom_components.plant_vita.model.errors import (
    AllFailedError,
    ProviderBusyError,
    ProviderLimitError,
    ProviderQuotaError,
    StoreError,
)
from custom_components.plant_vita.providers.ledger import (
    Book,
    Ledger,
    booked,
    closed,
    day_of,
    midnight,
    refunded,
)
from scripts.lab.clouds.plantnet import PlantNetCloud
from tests.providers.asked import NOW, Clock, Disk, asking, house

DAY = 86_400.0


def test_calls_count_for_their_day_of_utc() -> None:
    book = booked(booked(Book(), NOW, None), NOW + 1, None)
    assert (book.today, book.total, day_of(book)) == (2, 2, "2026-11-21")
    book = booked(book, midnight(NOW), None)
    assert (book.today, book.total, day_of(book)) == (1, 3, "2026-11-22")


def test_the_limit_is_the_last_call() -> None:
    book = Book()
    for _ in range(3):
        book = booked(book, NOW, 3)
    with pytest.raises(ProviderLimitError):
        booked(book, NOW, 3)
    assert booked(book, NOW + DAY, 3).today == 1


def test_a_clock_set_back_renews_nothing() -> None:
    book = booked(booked(Book(), NOW, 2), NOW, 2)
    with pytest.raises(ProviderLimitError):
        booked(book, NOW - DAY, 2)
    # One that was years ahead must not count for years.
    assert booked(booked(Book(), NOW + 900 * DAY, 1), NOW, 1).today == 1


@pytest.mark.parametrize("kind", [ProviderQuotaError, ProviderBusyError])
def test_a_closed_book_says_why_and_for_how_long(
    kind: type[ProviderQuotaError | ProviderBusyError],
) -> None:
    book = closed(Book(), NOW, kind("", wait_s=100.0))
    with pytest.raises(kind) as caught:
        booked(book, NOW + 40, None)
    assert caught.value.wait_s == 60
    assert booked(book, NOW + 100, None).today == 1
    assert booked(book, NOW - 900 * DAY, None).today == 1


def test_without_a_word_it_is_closed_for_an_hour_or_a_minute() -> None:
    assert closed(Book(), NOW, ProviderQuotaError()).closed_until == NOW + 3600
    assert closed(Book(), NOW, ProviderBusyError()).closed_until == NOW + 60


def test_a_call_that_cost_nothing_is_struck_out() -> None:
    assert refunded(booked(Book(), NOW, None)).today == 0
    assert refunded(Book()).total == 0


async def test_a_call_is_on_the_disk_before_it_is_made() -> None:
    disk, clock = Disk(), Clock()
    ledger = Ledger(disk, clock)
    await ledger.call("a", None)
    # Killed here.
    after = Ledger(disk, clock)
    await after.load()
    assert after.today("a") == 1
    await after.refund("a")
    last = Ledger(disk, clock)
    await last.load()
    assert (last.today("a"), last.book("a").total) == (0, 0)


async def test_many_at_once_are_counted_and_share_their_writing() -> None:
    class Slow(Disk):
        async def save(self, data: dict[str, object]) -> None:
            await asyncio.sleep(0.01)
            await super().save(data)

    disk, clock = Slow(), Clock()
    ledger = Ledger(disk, clock)
    await asyncio.gather(*(ledger.call("a", None) for _ in range(100)))
    assert disk.writes <= 3
    after = Ledger(disk, clock)
    await after.load()
    assert after.today("a") == 100


async def test_what_cannot_be_written_down_is_not_spent() -> None:
    class Full(Disk):
        async def save(self, data: dict[str, object]) -> None:
            raise StoreError

    ledger = Ledger(Full(), Clock())
    with pytest.raises(StoreError):
        await ledger.call("a", None)


async def test_forgetting_and_unknown_fields() -> None:
    disk = Disk()
    disk.text = '{"version": 9, "books": {"a": {"day": 20778, "today": 4, "newer": true}}}'
    ledger = Ledger(disk, Clock())
    await ledger.load()
    assert ledger.book("a").day in {20778, int(NOW // DAY)}
    await ledger.forget("a")
    assert '"a"' not in (disk.text or "")


async def test_fifty_beyond_the_limit_make_no_call_across_restarts() -> None:
    cloud = PlantNetCloud()
    async with house(("plantnet", cloud), daily=5) as home:
        refused = []
        for seed in range(5 + 50):
            if seed % 9 == 8:
                await home.restart()
            try:
                # Another language is another question.
                await home.panel.ask(asking(language=f"l{seed}"))
            except AllFailedError as error:
                refused.append(error.key)
        assert len(cloud.calls) == 5
        assert refused == ["provider_limit"] * 50
        assert home.ledger.today("plantnet") == 5
