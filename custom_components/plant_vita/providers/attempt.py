"""Ask one service within its time, its limits and its patience."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from ..model.errors import (
    PlantVitaError,
    ProviderAnswerError,
    ProviderBusyError,
    ProviderDownError,
    ProviderError,
    ProviderPausedError,
    ProviderQuotaError,
    ProviderTimeoutError,
)
from ..model.finding import Advice, Diagnosed, Identified, Outcome, Reply, Task, Voice
from .breaker import Breaker
from .ledger import Ledger, midnight
from .provider import Ask, Balance, Provider, Spec

RETRIES = 2
_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 10.0
_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Seat:
    """A service that was set up: `id` is its own, `daily` the most calls a day (None: no limit)."""

    id: str
    spec: Spec
    provider: Provider
    daily: int | None = None
    options: Mapping[str, str] = field(default_factory=dict)


async def check(seat: Seat) -> Balance:
    """See whether an account can be used, within the service's time. Raises ProviderError."""
    try:
        async with asyncio.timeout(seat.spec.time_limit):
            return await seat.provider.check()
    except TimeoutError:
        late = ProviderTimeoutError("no answer in time")
    raise late


class _Meter:
    """Counts the requests of one question; `billed` is about the try that is under way."""

    def __init__(self, ledger: Ledger, seat: Seat) -> None:
        self._ledger, self._seat = ledger, seat
        self.billed = self.sent = False

    async def bill(self) -> None:
        """Write one down. Raises when there must be none."""
        await self._ledger.call(self._seat.id, self._seat.daily)
        self.billed = self.sent = True


class Attempts:
    """Asks services, and remembers which of them are better left alone."""

    def __init__(
        self, *, ledger: Ledger, now: Callable[[], float], jitter: Callable[[], float]
    ) -> None:
        self._ledger, self._now, self._jitter = ledger, now, jitter
        self._breakers: dict[str, Breaker] = {}

    def forget(self, seat: str) -> None:
        """The service was removed."""
        self._breakers.pop(seat, None)

    async def ask(self, seat: Seat, ask: Ask) -> Voice:
        """Ask with retries; a failure of the service is a voice, too."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        meter = _Meter(self._ledger, seat)
        error: PlantVitaError | None = None
        reply: Reply | None = None
        try:
            reply = await self._guarded(seat, ask, meter)
        except PlantVitaError as failure:
            error = failure
        voice = self._voice(seat, reply, error, loop.time() - begun)
        return replace(voice, sent=meter.sent)

    async def _guarded(self, seat: Seat, ask: Ask, meter: _Meter) -> Reply:
        """Through the breaker, and within the time limit."""
        breaker = self._breakers.setdefault(seat.id, Breaker())
        breaker.enter(self._now())
        try:
            reply = await self._in_time(seat, ask, meter)
            breaker.worked()
        except ProviderDownError, ProviderAnswerError:
            breaker.failed(self._now())
            raise
        except ProviderError as error:
            # Whoever turns one away is there; what our own ledger refused taught nothing.
            if error.args != ("closed",):
                breaker.worked()
            raise
        finally:
            # Whatever else ended it, a bug too: whoever was the probe is it no more.
            breaker.left()
        return reply

    async def _in_time(self, seat: Seat, ask: Ask, meter: _Meter) -> Reply:
        try:
            async with asyncio.timeout(seat.spec.time_limit) as limit:
                return await self._patiently(seat, ask, meter, limit)
        except TimeoutError:
            late = ProviderTimeoutError("no answer in time")
        # Raised here, so that no frame with an address in it hangs on the error.
        raise late

    async def _patiently(
        self, seat: Seat, ask: Ask, meter: _Meter, limit: asyncio.Timeout
    ) -> Reply:
        """Again only what cost nothing, or may be repeated without costing more."""
        tries = 0
        while True:
            meter.billed = False
            try:
                return await seat.provider.answer(ask, meter.bill)
            except ProviderError as failure:
                error = failure
            if error.unbilled and meter.billed:
                await self._ledger.refund(seat.id)
            wait = self._wait(seat.spec, ask, error, tries)
            left = (limit.when() or 0.0) - asyncio.get_running_loop().time()
            if isinstance(error, ProviderQuotaError | ProviderBusyError) and (
                wait is None or wait >= left
            ):
                await self._ledger.close(seat.id, error)
            if wait is None or wait >= left:
                raise error
            _LOGGER.debug("%s: %s, again in %.1f s", seat.spec.kind, error.key, wait)
            await asyncio.sleep(wait)
            tries += 1

    def _wait(self, spec: Spec, ask: Ask, error: ProviderError, tries: int) -> float | None:
        """How long to wait before the next try; None for no more."""
        passing = isinstance(error, ProviderBusyError | ProviderDownError)
        # To look something up twice costs nothing; to let a model think twice does.
        harmless = error.unbilled or (ask.task is Task.ENRICH and not spec.general)
        if tries >= RETRIES or not passing or not harmless:
            return None
        if error.wait_s is not None:
            return error.wait_s if error.wait_s <= _LONGEST_WAIT_S else None
        return _FIRST_WAIT_S * float(1 << tries) * (0.5 + self._jitter())

    def _voice(
        self, seat: Seat, reply: Reply | None, error: PlantVitaError | None, seconds: float
    ) -> Voice:
        again: float | None = None
        if error is None:
            outcome = Outcome.NO_MATCH if reply is None or nothing(reply) else Outcome.ANSWERED
        else:
            outcome = _outcome(error)
            again = self._again_at(seat, error)
            _LOGGER.debug("%s: %s (%s)", seat.spec.kind, outcome, error)
        return Voice(
            seat=seat.id,
            kind=seat.spec.kind,
            outcome=outcome,
            reply=reply,
            seconds=seconds,
            again_at=again,
        )

    def _again_at(self, seat: Seat, error: PlantVitaError) -> float | None:
        if isinstance(error, ProviderPausedError):
            return self._breakers[seat.id].again_at()
        if isinstance(error, ProviderError):
            return None if error.wait_s is None else self._now() + error.wait_s
        return midnight(self._now()) if _outcome(error) is Outcome.LIMIT else None


def _outcome(error: PlantVitaError) -> Outcome:
    known = {outcome.value: outcome for outcome in Outcome}
    return known.get(error.key, Outcome.FAILED)


def nothing(reply: Reply) -> bool:
    """Whether a service looked, and knows no such plant, or no answer."""
    if isinstance(reply, Identified):
        return not reply.candidates
    if isinstance(reply, Advice):
        return not reply.text
    return not isinstance(reply, Diagnosed) and not reply.name
