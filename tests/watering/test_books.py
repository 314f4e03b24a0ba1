"""The ledger over restarts: nothing is forgotten, and what is lost counts as spent (W18)."""

from dataclasses import replace
from errno import ENOSPC
from typing import Any

import pytest
from homeassistant.core import HomeAssistant

from custom_components.plant_vita.model.watering import (
    Booking,
    Cause,
    Memory,
    Settlement,
    Source,
)
from custom_components.plant_vita.watering.books import MARK, Books
from custom_components.plant_vita.watering.ledger_file import LedgerFile
from custom_components.plant_vita.watering.records import Remembered
from tests.watering.garden_hose import BASIL, Hose, hose_fixture

hose = hose_fixture()


def booking(books: Books, name: str, *plants: str, ml: float = 100.0) -> Booking:
    return Booking(
        booking_id=name,
        demand_id=name.partition(".")[0],
        pump_id="pump",
        plant_ids=plants or ("p",),
        source=Source.MANUAL,
        at=books.moment(),
        budget_at=0.0,
        ms=1000,
        ml=ml,
    )


async def opened(hass: HomeAssistant, *, expected: bool = False) -> Books:
    books = Books(hass)
    await books.async_load(expected=expected)
    return books


def spent(books: Books) -> bool:
    return books.ledger.spent_until(books.moment()) is not None


async def test_what_was_written_is_known_after_a_restart(hose: Hose) -> None:
    books = await opened(hose.hass)
    assert await books.async_write(booking(books, "a"), booking(books, "b", "p", "q", ml=50))
    assert await books.async_write(Settlement(booking_id="a", ms=300, ml=30))
    memory = Memory(locked=Cause.CLOGGED)
    assert await books.async_write(Remembered(pump_id="pump", memory=memory))
    await books.async_close()
    again = await opened(hose.hass, expected=True)
    assert not spent(again)
    assert again.memory("pump") == memory
    assert again.memory("other") == Memory()
    for one in (books, again):
        assert (one.given_ml("p"), one.given_ml("q"), one.given_ml("r")) == (55, 25, 0)
        assert one.given_ml("p", since=one.moment().wall + 1) == 0
        assert [len(pulses) for pulses in one.waterings("p")] == [1, 1]
    assert again.ledger.used_ml(["p"], "", again.moment()) == 80


async def test_a_first_start_is_no_loss_and_a_lost_file_is(hose: Hose) -> None:
    assert not spent(await opened(hose.hass))
    assert spent(await opened(hose.hass, expected=True))
    # It has been written down: it still is after the next start.
    assert spent(await opened(hose.hass, expected=True))
    await hose.pass_time(hours=25)
    assert not spent(await opened(hose.hass, expected=True))


async def test_a_damaged_file_is_spent_and_what_can_be_read_counts(hose: Hose) -> None:
    books = await opened(hose.hass)
    await books.async_write(booking(books, "a"), booking(books, "b"))
    lines = hose.ledger.read_bytes().splitlines(keepends=True)
    hose.ledger.write_bytes(lines[0] + b"~" + lines[1] + lines[2])
    again = await opened(hose.hass, expected=True)
    assert spent(again)
    assert again.given_ml("p") == 100


async def test_a_loss_that_the_disk_had_no_room_for_is_written_with_what_comes_next(
    hose: Hose, monkeypatch: pytest.MonkeyPatch
) -> None:
    books = await opened(hose.hass)
    await books.async_write(booking(books, "a"))
    hose.ledger.write_bytes(b"~")
    with monkeypatch.context() as full:
        full.setattr(LedgerFile, "append", _no_room)
        hurt = await opened(hose.hass, expected=True)
    assert spent(hurt)
    assert await hurt.async_write(booking(hurt, "b"))
    again = await opened(hose.hass, expected=True)
    assert spent(again)
    assert again.given_ml("p") == 100
    await hose.pass_time(hours=25)
    assert not spent(await opened(hose.hass, expected=True))


def _no_room(*_: object) -> None:
    raise OSError(ENOSPC, "No space left on device")


async def test_a_line_of_another_version_is_damage(hose: Hose) -> None:
    books = await opened(hose.hass)
    await books.async_write(booking(books, "a"))
    books._file.append({"k": "something new"})
    assert spent(await opened(hose.hass))


async def test_a_full_disk_is_told_and_nothing_counts_as_written(hose: Hose) -> None:
    books = await opened(hose.hass)
    hose.ledger.parent.mkdir(exist_ok=True)
    hose.ledger.with_name("plant_vita.ledger.new").symlink_to("/dev/full")
    assert not await books.async_write(booking(books, "a"))
    assert books.given_ml("p") == 0


async def test_what_a_hand_gave_while_the_disk_was_full_is_with_the_next_line(
    hose: Hose, monkeypatch: pytest.MonkeyPatch
) -> None:
    books = await opened(hose.hass)
    pressed, asked = booking(books, "pressed"), booking(books, "asked")
    with monkeypatch.context() as full:
        full.setattr(LedgerFile, "append", _no_room)
        assert not await books.async_write(pressed, owed=True)
        for misses in (1, 2):
            known = Remembered(pump_id="pump", memory=Memory(misses={"p": misses}))
            assert not await books.async_write(known, owed=True)
        # Nothing was sent for it: it does not count.
        assert not await books.async_write(asked)
    assert await books.async_write(booking(books, "next"))
    assert [one["booking_id"] for one in hose.written("booking")] == ["pressed", "next"]
    assert [one["memory"]["misses"] for one in hose.written("memory")] == [{"p": 2}]
    again = await opened(hose.hass)
    assert again.given_ml("p") == 200
    assert again.memory("pump") == Memory(misses={"p": 2})


async def test_compacting_keeps_the_sum_and_what_counts(hose: Hose) -> None:
    books = await opened(hose.hass)
    for number in range(3):
        old = booking(books, f"old{number}")
        books.ledger.book(old)
        await books.async_write(old)
    await hose.pass_time(days=3)
    new = booking(books, "new", ml=7)
    books.ledger.book(new)
    await books.async_write(new, Remembered(pump_id="pump", memory=Memory(misses={"p": 1})))
    await books.async_compact()
    assert len(hose.written("booking")) < 4
    for one in (books, await opened(hose.hass)):
        assert one.given_ml("p") == 307
        assert one.memory("pump") == Memory(misses={"p": 1})


async def test_the_time_is_kept_every_hour_once_there_is_a_ledger(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    await hose.pass_time(hours=1)
    assert not hose.ledger.exists()
    await hose.turn(plant, "on")
    await hose.pass_time(seconds=4)
    await hose.pass_time(hours=2)
    assert hose.written("anchor")
    assert hose.entry.data["ledger"] is True


async def used(hose: Hose) -> tuple[Books, bytes]:
    """A ledger that has come some way, and its file as it was before."""
    books = await opened(hose.hass)
    assert await books.async_write(booking(books, "a"))
    before = hose.ledger.read_bytes()
    await hose.pass_time(minutes=30)
    assert await books.async_write(replace(booking(books, "b"), budget_at=1800.0))
    await hose.pass_time(seconds=6)
    return books, before


async def test_a_ledger_that_an_older_one_took_the_place_of_counts_as_spent(hose: Hose) -> None:
    books, before = await used(hose)
    await books.async_close()
    assert not spent(await opened(hose.hass, expected=True))
    hose.ledger.write_bytes(before)
    assert spent(await opened(hose.hass, expected=True))
    # What is written from there on is the ledger now: it is said once, not at each start.
    await hose.pass_time(hours=25)
    again = await opened(hose.hass, expected=True)
    await hose.pass_time(seconds=6)
    assert again.ledger.time(again.moment()) > 0
    assert not spent(again)
    assert not spent(await opened(hose.hass, expected=True))


@pytest.mark.parametrize("mark", [{"budget_at": "never"}, {}, {"budget_at": None}, 7])
async def test_a_mark_that_says_nothing_harms_nobody(hose: Hose, mark: Any) -> None:
    await used(hose)
    hose.hass_storage[MARK] = {"version": 1, "data": mark}
    assert not spent(await opened(hose.hass, expected=True))


async def test_a_ledger_out_of_a_backup_counts_as_spent(hose: Hose) -> None:
    books = await opened(hose.hass)
    assert await books.async_write(booking(books, "a"))
    await books.async_backup(begins=True)
    assert await books.async_write(booking(books, "b"))
    await books.async_compact()
    copied = hose.ledger.read_bytes()
    await books.async_backup(begins=False)
    await books.async_close()
    assert not spent(await opened(hose.hass, expected=True))
    hose.ledger.write_bytes(copied)
    again = await opened(hose.hass, expected=True)
    assert spent(again)
    assert again.given_ml("p") == 200
    # Once it is known, it is over after a day.
    await hose.pass_time(hours=25)
    assert not spent(await opened(hose.hass, expected=True))
