"""One pump and its arbiter: hands in events, carries out actions, tells who waits (W9)."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Coroutine
from typing import Any, Final

from homeassistant.core import CALLBACK_TYPE, Context, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

from ..care.arbiter import Arbiter
from ..care.events import (
    Action,
    Asked,
    Book,
    Booked,
    BookFailed,
    Clear,
    Configured,
    Event,
    LinkDown,
    NotSent,
    Raise,
    Remember,
    Send,
    SendOff,
    Settle,
    Stopped,
    Tell,
    Tick,
    WakeAt,
)
from ..model.errors import PlantVitaError
from ..model.watering import (
    Demand,
    Finished,
    Phase,
    PumpFacts,
    PumpStatus,
    Refusal,
    Result,
)
from . import happened, issues
from .books import Books
from .pumps import Pump
from .records import Kept, Remembered

# Who asked is told within this, or that it has to wait for its turn.
PATIENCE_S: Final = 20.0
_RESULTS_KEPT: Final = 16


class Outlet:
    """Keeps its arbiter, and what that knows, while its pump comes and goes."""

    def __init__(self, hass: HomeAssistant, books: Books, pump_id: str) -> None:
        """Nothing is known of the pump."""
        self.pump_id = pump_id
        self.pump: Pump | None = None
        self.facts: PumpFacts | None = None
        # What came last of the demands of the present and the time before, by their ids.
        self.results: OrderedDict[str, Result] = OrderedDict()
        self.last: tuple[float, Demand | None, Refusal | Finished] | None = None
        self.on_end: Callable[[Demand, Finished], None] = _nobody
        self._hass = hass
        self._books = books
        self._arbiter = Arbiter(pump_id, books.ledger, books.memory(pump_id))
        self._events: deque[Event] = deque()
        self._handling = False
        self._wake: CALLBACK_TYPE | None = None
        self._waiting: dict[str, asyncio.Future[Result]] = {}
        self._demands: dict[str, tuple[Demand, Context | None]] = {}
        self._listeners: list[CALLBACK_TYPE] = []
        self._offs: set[asyncio.Task[PlantVitaError | None]] = set()

    @property
    def name(self) -> str:
        """What a person calls the pump."""
        return self.pump.name if self.pump else self.pump_id

    @property
    def status(self) -> PumpStatus:
        """What can be shown of it."""
        return self._arbiter.status(self._books.moment())

    @property
    def may_run(self) -> bool:
        """Whether anything has to be turned off, or sent away."""
        status = self.status
        return status.on is not False or status.phase is not Phase.IDLE or status.queued > 0

    @callback
    def async_listen(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call `listener` when anything of the status, or of what was given, may have changed."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # --- the pump --------------------------------------------------------------------------------

    @callback
    def async_attach(self, pump: Pump) -> None:
        """There is a pump now."""
        self.pump = pump
        pump.async_start(self.async_feed)

    async def async_detach(self) -> None:
        """The pump is taken away: it is turned off first."""
        if (pump := self.pump) is None:
            return
        if self.may_run:
            await self.async_stop(by="unload")
        await pump.async_close()
        if self.pump is pump:
            self.pump = None
            self.async_feed(LinkDown())

    @callback
    def async_configure(self, facts: PumpFacts | None) -> None:
        """Take in how it is set up; None if it is not any more."""
        if facts != self.facts:
            self.facts = facts
            self.async_feed(Configured(facts=facts))

    # --- asking ----------------------------------------------------------------------------------

    async def async_ask(self, demand: Demand, context: Context | None = None) -> Result | None:
        """Ask for water: how it began, or why not; None if it has to wait for its turn.

        `context` is that of whoever asks.
        """
        waiting = self._hass.loop.create_future()
        self._waiting[demand.demand_id] = waiting
        self._demands[demand.demand_id] = demand, context
        self.async_feed(Asked(demand=demand))
        try:
            async with asyncio.timeout(PATIENCE_S):
                result: Result = await waiting
                return result
        except TimeoutError:
            return None
        finally:
            self._waiting.pop(demand.demand_id, None)

    async def async_stop(self, by: str) -> PlantVitaError | None:
        """Stop whatever it does, and whatever waits; returns why the pump could not be told."""
        self.async_feed(Stopped(by=by))
        told = await asyncio.gather(*set(self._offs))
        return next((error for error in told if error is not None), None)

    # --- events and actions ----------------------------------------------------------------------

    @callback
    def async_feed(self, event: Event) -> None:
        """Hand in one event; what it leads to is carried out in order, whoever hands in more."""
        self._events.append(event)
        if self._handling:
            return
        self._handling = True
        try:
            while self._events:
                for action in self._arbiter.handle(self._events.popleft(), self._books.moment()):
                    self._carry_out(action)
        finally:
            self._handling = False
        self._tell_listeners()

    @callback
    def _tell_listeners(self) -> None:
        for listener in list(self._listeners):
            listener()

    @callback
    def _carry_out(self, action: Action) -> None:
        match action:
            case Book():
                self._start(self._async_book(action))
            case Send():
                self._start(self._async_send(action))
            case SendOff():
                self._off()
            case Tell():
                self._told(action.demand_id, action.result)
            case WakeAt():
                self._wake_at(action.steady)
            case _:
                self._note(action)

    @callback
    def _note(self, action: Settle | Remember | Raise | Clear) -> None:
        """What is written down, on the disk or for a person."""
        match action:
            case Settle():
                self._start(self._async_write(action.settlement))
            case Remember():
                kept = Remembered(pump_id=self.pump_id, memory=action.memory)
                self._start(self._async_write(kept))
            case Raise():
                issues.async_raise(self._hass, self, action.trouble, action.cause)
            case Clear():
                issues.async_clear(self._hass, self.pump_id, action.trouble)

    @callback
    def _off(self) -> None:
        if self.pump is not None:
            off = self._start(self.pump.async_off())
            self._offs.add(off)
            off.add_done_callback(self._offs.discard)

    @callback
    def _start[T](self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        return self._hass.async_create_task(work, f"Plant Vita waters with {self.pump_id}")

    async def _async_book(self, action: Book) -> None:
        booking_id = action.booking.booking_id
        # What is not sent runs already: somebody has pressed a button.
        is_safe = await self._books.async_write(action.booking, owed=not action.send)
        if action.send:
            event = Booked if is_safe else BookFailed
            self.async_feed(event(booking_id=booking_id))
        else:
            self._tell_listeners()

    async def _async_send(self, action: Send) -> None:
        if (pump := self.pump) is None:
            self.async_feed(NotSent(booking_id=action.booking_id))
            return
        event = await pump.async_run(action.booking_id, action.ms)
        self.async_feed(event)

    async def _async_write(self, kept: Kept) -> None:
        await self._books.async_write(kept, owed=isinstance(kept, Remembered))
        self._tell_listeners()

    @callback
    def _told(self, demand_id: str, result: Result) -> None:
        self.results[demand_id] = result
        demand, context = self._demands.get(demand_id, (None, None))
        while len(self.results) > _RESULTS_KEPT:
            gone, _ = self.results.popitem(last=False)
            self._demands.pop(gone, None)
        if isinstance(result, Refusal | Finished):
            self.last = (self._books.moment().wall, demand, result)
            if demand is not None:
                happened.async_tell(self._hass, demand, result, context)
        if isinstance(result, Finished) and demand is not None:
            self.on_end(demand, result)
        waiting = self._waiting.get(demand_id)
        if waiting is not None and not waiting.done():
            waiting.set_result(result)

    @callback
    def _wake_at(self, steady: float) -> None:
        if self._wake is not None:
            self._wake()
        delay = max(0.0, steady - self._books.moment().steady)
        self._wake = async_call_later(self._hass, delay, self._async_woken)

    @callback
    def _async_woken(self, _now: object) -> None:
        self._wake = None
        self.async_feed(Tick())

    @callback
    def async_close(self) -> None:
        """No more ticks; called when Home Assistant ends."""
        if self._wake is not None:
            self._wake()
            self._wake = None


def _nobody(_demand: Demand, _result: Finished) -> None:
    """Nobody wants to know."""
