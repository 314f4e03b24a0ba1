"""The ledger of the house: what it means, and the file that it is in."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import Store

from ..care.ledger import Ledger
from ..const import DOMAIN, LOGGER
from ..model.watering import Anchor, Booking, Damage, Memory, Moment, Settlement
from . import clock
from .ledger_file import Found, LedgerFile, Loaded
from .records import Backup, Kept, Remembered, Totals, as_record, from_record

FILE: Final = f"{DOMAIN}.ledger"
# Beside the ledger: how far it had come, so that one which an older took the place of is noticed.
MARK: Final = f"{DOMAIN}.ledger_mark"
_MARK_SOON_S: Final = 5.0
# Lines in the file before what is old is left out.
_LINES_MAX: Final = 500


class Books:
    """One for the house; `ledger` and the figures are there once it has been loaded."""

    ledger: Ledger

    def __init__(self, hass: HomeAssistant) -> None:
        """Nothing is read before `async_load`."""
        self._hass = hass
        self._file = LedgerFile(Path(hass.config.path(".storage", FILE)))
        self._boot_id = ""
        self._writing = asyncio.Lock()
        self._bookings: dict[str, Booking] = {}
        self._memories: dict[str, Memory] = {}
        self._older: Counter[str] = Counter()
        self._lines = 0
        self._backup = False
        self._reached = 0.0
        self._mark: Store[dict[str, float]] = Store(hass, 1, MARK, atomic_writes=True)
        # What must not be lost, and could not be written: it goes with the next line that can be.
        self._unwritten: tuple[Kept, ...] = ()
        self.on_first_write: Callable[[], None] | None = None

    def moment(self) -> Moment:
        """Now."""
        return clock.moment(self._boot_id)

    def memory(self, pump_id: str) -> Memory:
        """What the arbiter of a pump has to know of the time before the start."""
        return self._memories.get(pump_id, Memory())

    async def async_load(self, *, expected: bool) -> None:
        """Read the file; damaged, gone though `expected`, or older than known: all is spent (W18).

        Who restores a backup, or puts an older file in its place, loses what was given since.
        """
        loaded = await self._hass.async_add_executor_job(self._load)
        now = self.moment()
        kept = [from_record(record) for record in loaded.records]
        self._restore([one for one in kept if one is not None], now)
        is_missing = loaded.found is Found.MISSING and expected
        is_damaged = loaded.found is Found.DAMAGED or None in kept
        is_older = self._backup or self._reached < await self._async_marked()
        if is_missing or is_damaged or is_older:
            LOGGER.error(
                "The ledger of waterings is %s; every budget counts as spent for a day",
                "gone" if is_missing else "damaged" if is_damaged else "an older one",
            )
            # Were it forgotten because the disk is full just now, the first anchor that does get
            # written would make a ledger that looks whole.
            self._unwritten = (self.ledger.damage(now), Backup(open=False))
            await self.async_write()

    async def _async_marked(self) -> float:
        """How far the ledger had come when that was last noted; 0 for what is no mark."""
        try:
            stored = await self._mark.async_load()
            return float(stored["budget_at"]) if stored else 0.0
        except HomeAssistantError, KeyError, TypeError, ValueError:
            return 0.0

    def _load(self) -> Loaded:
        self._boot_id = clock.read_boot_id()
        return self._file.load()

    @callback
    def _restore(self, kept: list[Kept], now: Moment) -> None:
        lines: dict[object, Booking | Settlement | Anchor | Damage] = {}
        for number, one in enumerate(kept):
            match one:
                case Remembered():
                    self._memories[one.pump_id] = one.memory
                case Backup():
                    self._backup = one.open
                case Totals():
                    self._older = Counter(one.ml)
                case Booking():
                    # One that was being written while the file was written anew is there twice.
                    lines[one.booking_id] = one
                    self._bookings[one.booking_id] = one
                case _:
                    lines[number] = one
                    self._settle(one)
            self._reached = max(self._reached, _budget_at(one))
        self._lines = len(kept)
        self.ledger = Ledger.restored(lines.values(), now)

    async def async_write(self, *kept: Kept, owed: bool = False) -> bool:
        """Have these on the disk, synced, before this returns True; one writer at a time.

        What is `owed` has happened already: if it cannot be written now, it is with the next line.
        """
        async with self._writing:
            written = (*self._unwritten, *kept)
            records = [as_record(one) for one in written]
            try:
                await self._hass.async_add_executor_job(self._file.append, *records)
            except OSError as error:
                LOGGER.debug("The ledger of waterings cannot be written: %s", error)
                if owed:
                    pumps = {one.pump_id for one in kept if isinstance(one, Remembered)}
                    self._unwritten = (*_without(pumps, self._unwritten), *kept)
                return False
            self._unwritten = ()
        for one in written:
            self._take(one)
        # A damaged ledger begins anew, perhaps with an earlier time: so the last, not the latest.
        self._reached = max(map(_budget_at, written), default=0.0) or self._reached
        self._mark.async_delay_save(lambda: {"budget_at": self._reached}, _MARK_SOON_S)
        self._lines += len(records)
        if self._lines > _LINES_MAX:
            await self.async_compact()
        if self.on_first_write and any(isinstance(one, Booking) for one in kept):
            first, self.on_first_write = self.on_first_write, None
            first()
        return True

    @callback
    def _take(self, one: Kept) -> None:
        match one:
            case Booking():
                self._bookings[one.booking_id] = one
            case Remembered():
                self._memories[one.pump_id] = one.memory
            case Backup():
                self._backup = one.open
            case _:
                self._settle(one)

    @callback
    def _settle(self, one: object) -> None:
        if isinstance(one, Settlement) and one.booking_id in self._bookings:
            booking = self._bookings[one.booking_id]
            self._bookings[one.booking_id] = replace(booking, settled_ms=one.ms, settled_ml=one.ml)

    async def async_compact(self) -> None:
        """Leave out what no rule looks at any more; the sums of it stay."""
        async with self._writing:
            # Only now: whoever waited for the same lock has written something.
            lines = self.ledger.lines(self.moment())
            live = {one.booking_id for one in lines if isinstance(one, Booking)}
            gone = [one for id_, one in self._bookings.items() if id_ not in live]
            older = self._older.copy()
            for booking in gone:
                older.update(_shares(booking))
            memories = [Remembered(pump_id=id_, memory=m) for id_, m in self._memories.items()]
            backup = [Backup(open=True)] if self._backup else []
            kept = (*lines, Totals(ml=dict(older)), *memories, *backup)
            records = [as_record(one) for one in kept]
            try:
                await self._hass.async_add_executor_job(self._file.compact, records)
            except OSError as error:
                LOGGER.debug("The ledger of waterings cannot be written anew: %s", error)
                return
        self._older, self._lines = older, len(records)
        for booking in gone:
            self._bookings.pop(booking.booking_id, None)

    async def async_backup(self, *, begins: bool) -> None:
        """Note that a backup begins or has ended; what is read from one was never told its end."""
        await self.async_write(Backup(open=begins))

    async def async_keep_time(self) -> None:
        """Note the time: after a start of the machine budgets go on from there (W15)."""
        if self._lines:
            await self.async_write(self.ledger.anchor(self.moment()))

    async def async_close(self) -> None:
        """Note the time for the last time, and let go of the file."""
        await self.async_keep_time()
        await self._hass.async_add_executor_job(self._file.close)

    # --- figures ---------------------------------------------------------------------------------

    def given_ml(self, plant_id: str, since: float | None = None) -> float:
        """How many ml a plant was given, or may have been: ever, or since a Unix time.

        Of water that goes to several plants each has its share.
        """
        counted = [one for one in self._bookings.values() if since is None or one.at.wall >= since]
        ever = 0.0 if since is not None else self._older.get(plant_id, 0.0)
        return ever + sum(_shares(one).get(plant_id, 0.0) for one in counted)

    def waterings(self, plant_id: str) -> list[list[Booking]]:
        """The pulses of each watering that a plant was given, as far as they are kept; in order."""
        found: dict[str, list[Booking]] = {}
        for one in sorted(self._bookings.values(), key=lambda booking: booking.at.wall):
            if plant_id in one.plant_ids and one.counts_ml > 0:
                found.setdefault(one.demand_id, []).append(one)
        return list(found.values())


def _without(pumps: set[str], owed: tuple[Kept, ...]) -> Iterator[Kept]:
    """What is owed but for what is known of these pumps: there is something newer."""
    return (one for one in owed if not (isinstance(one, Remembered) and one.pump_id in pumps))


def _budget_at(kept: Kept) -> float:
    """The budget's own time of a line that has one, else 0."""
    return kept.budget_at if isinstance(kept, Booking | Anchor | Damage) else 0.0


def _shares(booking: Booking) -> dict[str, float]:
    return {id_: booking.counts_ml / len(booking.plant_ids) for id_ in booking.plant_ids}
