"""Ask several services at once, and make one finding of what they say.

Nobody waits for anybody but the slowest that was asked, nobody's failure is anybody else's, and
nothing is paid for twice.
"""

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from ..model.errors import AllFailedError, NotAskedError
from ..model.finding import Diagnosed, Facts, Finding, Identified, Outcome, Reply, Task, Voice
from .attempt import Attempts, Seat, nothing
from .cache import Cache, group_of, key_of
from .ledger import Ledger, Storage
from .merge import merge_candidates, merge_troubles
from .provider import Ask

_LOGGER = logging.getLogger(__name__)


class Stage(StrEnum):
    """How far an inquiry has come; the first two are the caller's own."""

    QUEUED = "queued"
    PREPARED = "prepared"
    ASKED = "asked"
    ANSWERED = "answered"
    MERGED = "merged"


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """One step; `seat` and `kind` are empty where it is about all, `outcome` None until known."""

    stage: Stage
    seat: str = ""
    kind: str = ""
    outcome: Outcome | None = None


type Watcher = Callable[[Progress], None]


class Panel:
    """All services that were set up.

    `now` gives Unix seconds, `jitter` a random number 0–1. Call `open` before anything else, and
    `close` at the end.
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        answers: Storage,
        now: Callable[[], float],
        jitter: Callable[[], float],
    ) -> None:
        self._ledger, self._answers, self._now = ledger, answers, now
        self._cache = Cache()
        self._attempts = Attempts(ledger=ledger, now=now, jitter=jitter)
        self._seats: dict[str, Seat] = {}
        self._flights: dict[str, asyncio.Task[Voice]] = {}
        self._saving: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Read what was kept."""
        await self._ledger.load()
        self._cache.restore(await self._answers.load(), self._now())

    async def close(self) -> None:
        """End what is under way, keep what was learnt, and let go of the providers."""
        tasks: set[asyncio.Task[Voice] | asyncio.Task[None]] = set(self._flights.values())
        for task in tasks:
            task.cancel()
        if self._saving is not None:
            tasks.add(self._saving)
        if tasks:
            await asyncio.wait(tasks)
        for seat in list(self._seats):
            await self.unseat(seat)
        await self._answers.save(self._cache.as_stored(self._now()))

    def seat(self, seat: Seat) -> None:
        """Let a service take part, in the place of the one with the same id."""
        self._seats[seat.id] = seat

    async def unseat(self, seat_id: str) -> None:
        """Let a service go; its calls stay counted, or removing it would renew its limit."""
        if (seat := self._seats.pop(seat_id, None)) is not None:
            self._attempts.forget(seat_id)
            await seat.provider.close()

    def seats_for(self, task: Task) -> tuple[Seat, ...]:
        """Who can be asked this."""
        return tuple(seat for seat in self._seats.values() if task in seat.spec.tasks)

    async def ask(
        self, ask: Ask, *, only: Collection[str] | None = None, watch: Watcher | None = None
    ) -> Finding:
        """Ask everybody who can be asked this, or `only` these seats.

        Raises NotAskedError if there is none, and AllFailedError if none answered. `watch` is told
        of every step, and must not wait.
        """
        finding = await self.hear(ask, only=only, watch=watch)
        if not finding.voices:
            raise NotAskedError(f"nobody to {ask.task}")
        if all(voice.reply is None for voice in finding.voices):
            raise AllFailedError([voice.outcome for voice in finding.voices])
        return finding

    async def hear(
        self, ask: Ask, *, only: Collection[str] | None = None, watch: Watcher | None = None
    ) -> Finding:
        """Ask as `ask` does, for whoever can do without an answer: the voices tell what failed."""
        seats = [s for s in self.seats_for(ask.task) if only is None or s.id in only]
        async with asyncio.TaskGroup() as group:
            voices = [group.create_task(self._hear(seat, ask, watch)) for seat in seats]
        finding = self._merged(ask, tuple(voice.result() for voice in voices), seats)
        _tell(watch, Progress(stage=Stage.MERGED))
        if watch is not None:
            # What was told last is heard before the answer is.
            await asyncio.sleep(0)
        return finding

    async def _hear(self, seat: Seat, ask: Ask, watch: Watcher | None) -> Voice:
        """One service's voice, from the cache, from who asks the same just now, or from itself."""
        about = Progress(stage=Stage.ASKED, seat=seat.id, kind=seat.spec.kind)
        _tell(watch, about)
        begun = asyncio.get_running_loop().time()
        group = group_of(seat.spec, ask, dict(seat.options))
        if (reply := self._cache.find(group, ask.photos, self._now())) is not None:
            voice = _remembered(seat, reply)
        else:
            voice = await self._flown(seat, ask, group)
        seconds = asyncio.get_running_loop().time() - begun
        _tell(watch, replace(about, stage=Stage.ANSWERED, outcome=voice.outcome))
        return replace(voice, seconds=seconds)

    async def _flown(self, seat: Seat, ask: Ask, group: str) -> Voice:
        """Wait for the one request that is under way for this, starting it if there is none."""
        key = f"{seat.id}:{key_of(group, ask.photos)}"
        flight = self._flights.get(key)
        if flight is None:
            flight = asyncio.create_task(self._fly(seat, ask, group))
            self._flights[key] = flight
            flight.add_done_callback(lambda _: self._flights.pop(key, None))
        # Not awaited itself: who gives up waiting must not end it for the others, and it is paid.
        await asyncio.wait({flight})
        failed = Voice(seat=seat.id, kind=seat.spec.kind, outcome=Outcome.FAILED)
        if flight.cancelled():
            return failed
        if (bug := flight.exception()) is not None:
            # Its text may hold anything that the service wrote.
            where = bug.__traceback__
            while where is not None and where.tb_next is not None:
                where = where.tb_next
            place = "" if where is None else f"{where.tb_frame.f_code.co_qualname}"
            _LOGGER.error("%s: unexpected %s in %s", seat.spec.kind, type(bug).__name__, place)
            return failed
        return flight.result()

    async def _fly(self, seat: Seat, ask: Ask, group: str) -> Voice:
        voice = await self._attempts.ask(seat, ask)
        if voice.reply is not None:
            self._cache.keep(group, ask, voice.reply, self._now())
            if self._saving is None or self._saving.done():
                self._saving = asyncio.create_task(self._save())
        return voice

    async def _save(self) -> None:
        # Several answers come at once, or nearly so.
        await asyncio.sleep(0.1)
        await self._answers.save(self._cache.as_stored(self._now()))

    def _merged(self, ask: Ask, voices: tuple[Voice, ...], seats: list[Seat]) -> Finding:
        specs = {seat.spec.kind: seat.spec for seat in seats}
        candidates, species = merge_candidates(voices, specs)
        troubles, healthy = merge_troubles(voices, specs)
        replies = [voice.reply for voice in voices]
        plants = [
            reply.plant
            for reply in replies
            if isinstance(reply, Identified | Diagnosed) and reply.plant is not None
        ]
        return Finding(
            task=ask.task,
            at=self._now(),
            voices=voices,
            species=species,
            candidates=candidates,
            troubles=troubles,
            healthy=healthy,
            plant=sum(plants) / len(plants) if plants else None,
            facts=tuple(r for r in replies if isinstance(r, Facts) and r.name),
        )


def _remembered(seat: Seat, reply: Reply) -> Voice:
    outcome = Outcome.NO_MATCH if nothing(reply) else Outcome.ANSWERED
    return Voice(seat=seat.id, kind=seat.spec.kind, outcome=outcome, reply=reply, cached=True)


def _tell(watch: Watcher | None, progress: Progress) -> None:
    """Tell a watcher in the loop's own time: one that fails must not fail the inquiry."""
    if watch is not None:
        asyncio.get_running_loop().call_soon(watch, progress)
