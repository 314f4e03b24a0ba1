"""Readings on their way to the disk, and the confirmations that follow them."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval

from ..const import DOMAIN, LOGGER
from ..coordinator import LATE_MS
from ..model.errors import LinkError, StoreError
from ..model.node import Reading, Value
from ..node.received import Received
from ..node.session import NodeSession
from ..protocol.handshake import CloseCode
from ..protocol.messages import ReadingSet
from . import issues
from .journal import Journal, Kept, journal_line
from .statistics import LateReadings, async_recorded

# One sync of the disk serves every node that has spoken within this time.
BATCH_S = 0.2
RETRY_S = 15.0
# While the disk is full, so many messages wait in memory; the rest waits in the nodes.
WAITING_MAX = 50_000
HOUSEKEEPING = timedelta(seconds=20)


@dataclass(slots=True)
class _Waiting:
    """What is on its way to the disk: its lines, their first number by node and boot, late sets."""

    lines: list[bytes] = field(default_factory=list)
    first: dict[tuple[str, str], int] = field(default_factory=dict)
    late: list[Kept] = field(default_factory=list)

    def then(self, newer: _Waiting) -> _Waiting:
        """Both, this one first."""
        return _Waiting(self.lines + newer.lines, newer.first | self.first, self.late + newer.late)


class Inbox:
    """Keeps readings, confirms them when they are safe, and hands late ones to the statistics."""

    def __init__(self, hass: HomeAssistant, kind_of: Callable[[str, int], str | None]) -> None:
        """Nothing is read before `async_start`; `kind_of` knows the kind of a node's channel."""
        folder = Path(hass.config.path(".storage", DOMAIN))
        self._hass = hass
        self._journal = Journal(folder)
        self._late = LateReadings(hass, folder / "late.json", kind_of)
        self._received: dict[str, Received] = {}
        self._waiting = _Waiting()
        self._confirmations: dict[tuple[NodeSession, str], int] = {}
        self._flushing: asyncio.Task[None] | None = None
        self._disk = asyncio.Lock()
        self._hurry = asyncio.Event()
        self._written_since_turn = False
        self._failed = False
        self._keeping_house = False
        self._stop: Callable[[], None] | None = None

    async def async_start(self) -> None:
        """Take over what an earlier run left behind, and begin the housekeeping."""
        left = await self._hass.async_add_executor_job(self._journal.load)
        self._received = {
            hardware_id: Received(left.highest.get(hardware_id), left.latest.get(hardware_id))
            for hardware_id in left.highest | left.latest
        }
        await self._late.async_load()
        # Their states may have died with Home Assistant before the recorder had them.
        self._late.add(left.kept)
        self._written_since_turn = bool(left.kept)
        self._stop = async_track_time_interval(
            self._hass, self._async_housekeeping, HOUSEKEEPING, name="Plant Vita journal"
        )

    async def async_stop(self) -> None:
        """Write what is left and close the files."""
        if self._stop:
            self._stop()
        if self._flushing:
            # It may be waiting for a disk that never comes back. It is not cancelled: what is being
            # written would be written by nobody, or after the end.
            self._hurry.set()
            await asyncio.wait([self._flushing])
        await self._async_write()
        await self._hass.async_add_executor_job(self._journal.close)

    def received(self, hardware_id: str) -> Received:
        """What has been received of a node, also before the last restart."""
        if (known := self._received.get(hardware_id)) is None:
            known = self._received[hardware_id] = Received()
        return known

    @callback
    def forget(self, hardware_id: str) -> None:
        """An unpaired node is a stranger."""
        self._received.pop(hardware_id, None)
        self._late.forget(hardware_id)

    @callback
    def keep(
        self, session: NodeSession, boot: str, sets: tuple[ReadingSet, ...], now: float
    ) -> None:
        """Put new `sets` on the way to the disk; the node is told when they are there."""
        hardware_id = session.info.hardware_id
        received = self.received(hardware_id)
        if sets and self._failed and len(self._waiting.lines) >= WAITING_MAX:
            # The node still has them, and sends them again when it comes back.
            received.take_back(boot, sets[0].number - 1)
            self._hass.async_create_background_task(
                session.close(CloseCode.GOING_AWAY), f"Plant Vita inbox full: {hardware_id}"
            )
            return
        if sets:
            self._waiting.lines.append(journal_line(hardware_id, boot, now, sets))
            self._waiting.first.setdefault((hardware_id, boot), sets[0].number)
            if late := [
                (one.number, one.age_ms, one.values) for one in sets if one.age_ms > LATE_MS
            ]:
                self._waiting.late.append(
                    Kept(hardware_id=hardware_id, boot=boot, received_at=now, sets=late)
                )
        # Duplicates are confirmed again: the first confirmation may have been lost.
        self._confirmations[session, boot] = received.highest(boot)
        if self._flushing is None:
            self._flushing = self._hass.async_create_background_task(
                self._async_flush(), "Plant Vita inbox", eager_start=False
            )

    @callback
    def overtaken(self, hardware_id: str, moment: float, values: dict[int, Value]) -> None:
        """Let values that never became state find their place in the statistics."""
        self._late.add_values(hardware_id, moment, values)

    async def _async_flush(self) -> None:
        try:
            while self._confirmations:
                await self._async_pause(RETRY_S if self._failed else BATCH_S)
                confirmations, self._confirmations = self._confirmations, {}
                if not await self._async_write():
                    # Nothing is confirmed that is not safe; newer numbers win.
                    self._confirmations = confirmations | self._confirmations
                    if self._hurry.is_set():
                        return
                    continue
                for (session, boot), number in confirmations.items():
                    with suppress(LinkError):
                        await session.confirm(boot, number)
        finally:
            self._flushing = None

    async def _async_pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._hurry.wait()

    async def _async_write(self) -> bool:
        async with self._disk:
            # Taken only now: whoever has the disk finds here everything that is not yet on it.
            waiting, self._waiting = self._waiting, _Waiting()
            if not waiting.lines:
                return True
            try:
                await self._hass.async_add_executor_job(self._journal.append, waiting.lines)
            except OSError as error:
                self._waiting = waiting.then(self._waiting)
                self._complain(error)
                return False
            self._written_since_turn = True
        if self._failed:
            LOGGER.info("Readings can be written again")
            issues.async_clear_disk(self._hass)
        self._failed = False
        self._late.add(waiting.late)
        return True

    def _complain(self, error: OSError) -> None:
        if not self._failed:
            LOGGER.error(
                "Readings can't be written (%s); the nodes keep them until they can", error
            )
            issues.async_raise_disk(self._hass, error)
        self._failed = True

    async def _async_housekeeping(self, _now: datetime) -> None:
        if self._keeping_house:
            # The recorder takes longer than our rhythm. Two at once would drop a segment that one
            # of them has not yet saved elsewhere.
            return
        self._keeping_house = True
        try:
            if self._written_since_turn:
                await self._async_turn_segment()
            await self._late.async_settle()
        except StoreError as error:
            LOGGER.debug("Not saved, and so not forgotten: %s", error)
        finally:
            self._keeping_house = False

    async def _async_turn_segment(self) -> None:
        """Begin a new segment and drop the older ones once everything in them is elsewhere."""
        try:
            async with self._disk:
                self._written_since_turn = False
                await self._hass.async_add_executor_job(
                    self._journal.start_segment, self._safe_numbers(), self._latest()
                )
            await self._late.async_save()
            await async_recorded(self._hass)
            async with self._disk:
                await self._hass.async_add_executor_job(self._journal.drop_older)
        except (OSError, StoreError) as error:
            self._written_since_turn = True
            LOGGER.debug("Journal segment kept: %s", error)

    def _safe_numbers(self) -> dict[str, dict[str, int]]:
        """The highest number of each boot that is in the journal, for whoever has the disk.

        A number that is only on its way there would make the node's next try a duplicate after a
        crash: it would be confirmed, and be nowhere.
        """
        numbers = {
            hardware_id: received.snapshot() for hardware_id, received in self._received.items()
        }
        for (hardware_id, boot), first in self._waiting.first.items():
            boots = numbers.get(hardware_id, {})
            if boot in boots:
                boots[boot] = min(boots[boot], first - 1)
        return numbers

    def _latest(self) -> dict[str, dict[int, Reading]]:
        return {hardware_id: known.latest for hardware_id, known in self._received.items()}
