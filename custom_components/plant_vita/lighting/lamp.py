"""One lamp and the plants under it: looks every ten minutes or sooner, and does what is decided."""

import asyncio
import math
import time
from datetime import datetime
from enum import StrEnum

from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    HomeAssistant,
    callback,
)
from homeassistant.helpers.event import async_call_later, async_track_state_change_event
from homeassistant.util import dt as dt_util

from ..care import custody as custodies
from ..care.automatic import Mode
from ..care.custody import Custody, Order
from ..care.grow_light import (
    LEAST_RUN_S,
    LampFacts,
    LightDecision,
    Need,
    Shine,
    dusk_after,
    night_ends,
)
from ..const import LOGGER
from .needs import step_at
from .outlook import Outlook, Under, async_days_ahead, async_outlooks
from .register import Register
from .sockets import Socket, shown

_LEAST_WAIT_S = 5.0
_AGAIN_S = 60.0


class Standing(StrEnum):
    """How a plant and its lamp stand; the words of `care.grow_light.Dark` are among them."""

    OFF = "off"  # it is not lit by itself
    SHINES = "shines"
    WOULD_SHINE = "would_shine"  # but only advice is wanted
    BY_HAND = "by_hand"  # somebody has switched it on
    SWITCHED_OFF = "switched_off"  # somebody has, until the next night
    NIGHT = "night"
    ENOUGH = "enough"
    FULL = "full"
    LATER = "later"
    NO_LAMP = "no_lamp"  # it does not exist, or may move water
    UNAVAILABLE = "unavailable"
    NO_ANSWER = "no_answer"  # it was told, and does not do it
    NOT_WRITTEN = "not_written"  # the disk refuses to note whose it is


class Lamp:
    """Is told of its plants by the garden, which keeps it as long as any of them is under it."""

    def __init__(self, hass: HomeAssistant, register: Register, reference: str) -> None:
        """Nothing is switched before `async_follow`."""
        self.socket: Socket | None = None
        self.under: Under = {}
        self.outlooks: dict[str, Outlook] = {}
        self._hass = hass
        self._register = register
        self._record = register.record(reference)
        self._listeners: list[CALLBACK_TYPE] = []
        self._unlisten: CALLBACK_TYPE | None = None
        self._wake: CALLBACK_TYPE | None = None
        self._due = 0.0
        self._acting = asyncio.Lock()
        self._kept: object = None
        self._refused_by_disk = False
        self._switched_on_at: float | None = None
        self._closed = False

    @callback
    def async_listen(self, listener: CALLBACK_TYPE) -> None:
        """Call `listener` when anything that is shown may have changed."""
        self._listeners.append(listener)

    @property
    def custody(self) -> Custody:
        """Whose it is, and what it shows."""
        return self._record.custody

    # --- what it is and who stands under it ------------------------------------------------------

    @callback
    def async_follow(self, socket: Socket | None, under: Under) -> None:
        """Take in what a person has set, and look anew at once."""
        self.under = under
        before = self.socket.entity_id if self.socket else None
        self.socket = socket
        if (now := socket.entity_id if socket else None) != before:
            self._async_listen_to(now)
            self._async_see()
        self._look_in(0.0)

    @callback
    def _async_listen_to(self, entity_id: str | None) -> None:
        if self._unlisten is not None:
            self._unlisten()
        self._unlisten = (
            None
            if entity_id is None
            else async_track_state_change_event(self._hass, entity_id, self._async_changed)
        )

    @callback
    def async_begin_anew(self) -> None:
        """A person wants it to be automatic now: what was switched off before does not count."""
        self._record.custody = custodies.awake(self.custody)
        self._look_in(0.0)

    # --- seeing ----------------------------------------------------------------------------------

    @callback
    def _async_changed(self, _event: Event[EventStateChangedData]) -> None:
        before = self.custody
        self._async_see()
        is_as_told = self.custody.ours and self.custody.on
        if self.custody != before and not is_as_told:
            self._look_in(0.0)

    @callback
    def _async_see(self) -> None:
        """Take in what it shows."""
        now, before = time.time(), self.custody
        on = shown(self._hass, self.socket.entity_id) if self.socket else None
        if on == before.on:
            return
        self._record.custody = custodies.shows(
            before,
            on=on,
            now=now,
            rest=self._rest_until(now),
            by_hand=self.socket.by_hand if self.socket else None,
        )
        if on:
            self._record.begin(now)
            self._switched_on_at = now if before.on is False else None
        else:
            self._record.end(now)
        self._tell()

    def _rest_until(self, now: float) -> float:
        """Until when it stays off that somebody switches off: the next night; not at all in one.

        What is done with a lamp that nobody switches by itself means nothing for later.
        """
        if not any(wishes.automatic is Mode.ON for _, wishes in self.under.values()):
            return now
        nights = LampFacts(
            zone=dt_util.get_default_time_zone(),
            needs=tuple(Need(night=wishes.night) for _, wishes in self.under.values()),
        )
        return now if night_ends(nights, now) > now else dusk_after(nights, now)

    @callback
    def _learn(self, now: float) -> None:
        """See what the lamp gives each plant, from when it was last switched on."""
        start = self._switched_on_at
        run = next((one for one in self._record.shone(now) if one.start == start), None)
        if run is None:
            return
        for plant_id, (plant, _) in self.under.items():
            is_known = run.start in self._record.steps.get(plant_id, {})
            if not is_known and (step := step_at(plant, run)) is not None:
                self._record.keep_step(plant_id, run.start, step)

    # --- looking and doing -----------------------------------------------------------------------

    @callback
    def _look_in(self, seconds: float) -> None:
        """Look no later than that."""
        due = self._hass.loop.time() + seconds
        if self._closed or (self._wake is not None and self._due <= due):
            return
        self._sleep()
        self._due, self._wake = due, async_call_later(self._hass, seconds, self._async_woken)

    @callback
    def _sleep(self) -> None:
        if self._wake is not None:
            self._wake()
            self._wake = None

    async def _async_woken(self, _now: datetime) -> None:
        self._wake = None
        await self.async_look()

    async def async_look(self) -> None:
        """Decide, and do it; never raises, and looks again in time whatever happens."""
        async with self._acting:
            if self._closed:
                return
            self._look_in(LEAST_RUN_S)
            now = time.time()
            self._async_see()
            self._learn(now)
            is_on = self.custody.on is True
            decision, self.outlooks = await async_outlooks(
                self._hass, self.under, self._record, now, is_on=is_on
            )
            until = min((one.decision.until for one in self.outlooks.values()), default=math.inf)
            self._look_in(max(until - now, _LEAST_WAIT_S))
            await self._async_do(decision, now)
            await self._async_keep()
        self._tell()

    async def _async_do(self, decision: LightDecision | None, now: float) -> None:
        wanted = decision is not None and decision.on
        match custodies.order(self.custody, wanted=wanted, now=now):
            case Order.ON if decision is not None:
                await self._async_on(decision.dusk - now)
            case Order.OFF:
                await self._async_off()

    async def _async_on(self, seconds: float) -> None:
        """Write down that it is ours, then tell it; one that is switched off meanwhile stays so."""
        if (socket := self.socket) is None:
            return
        was_ours = self.custody.ours
        self._record.custody = custodies.told_on(self.custody, time.time())
        if not was_ours and not await self._register.async_save():
            self._record.custody = custodies.given_up(self.custody)
            self._refused_by_disk = True
            return
        self._refused_by_disk = False
        if self.custody.ours and not await socket.async_on(seconds):
            self._not_taken(socket)
        self._async_see()
        if not self.custody.ours:
            # Somebody has switched it off while it was being told: they have the last word.
            await socket.async_off()

    async def _async_off(self) -> None:
        if (socket := self.socket) is None:
            return
        self._record.custody = custodies.told_off(self.custody)
        if not await socket.async_off():
            self._not_taken(socket)
        self._async_see()

    @callback
    def _not_taken(self, socket: Socket) -> None:
        LOGGER.debug("%s could not be told; once more in a minute", socket.entity_id)
        self._look_in(_AGAIN_S)

    async def _async_keep(self) -> None:
        """Write down what has changed; while it shines also how long it has by now."""
        custody = self.custody
        worth = (custody.ours, custody.rests_until, custody.on)
        if worth != self._kept or custody.on:
            self._kept = worth if await self._register.async_save() else None

    async def async_close(self, *, gone: bool = False) -> None:
        """Look no more; who calls has the register saved. Ends in time.

        A lamp of ours that would shine for ever is switched off, and any if its plants are `gone`.
        """
        self._closed = True
        self._sleep()
        async with self._acting:
            bounded = self.socket is not None and self.socket.bounded
            if self.custody.ours and (gone or not bounded):
                await self._async_off()
            self._async_listen_to(None)
            self._record.end(time.time())
            self._record.custody = custodies.unseen(self.custody)

    # --- what is shown ---------------------------------------------------------------------------

    def standing(self, plant_id: str) -> Standing:
        """How it stands with one of its plants."""
        custody, mode = self.custody, self.under[plant_id][1].automatic
        if mode is Mode.OFF:
            return Standing.OFF
        if self.socket is None:
            return Standing.NO_LAMP
        if custody.on is None:
            return Standing.UNAVAILABLE
        if custody.silent(time.time()):
            return Standing.NO_ANSWER
        if custody.on:
            return Standing.SHINES if custody.ours else Standing.BY_HAND
        return self._dark(plant_id, mode)

    def _dark(self, plant_id: str, mode: Mode) -> Standing:
        if mode is Mode.ON and self.custody.rests(time.time()):
            return Standing.SWITCHED_OFF
        outlook = self.outlooks.get(plant_id)
        if outlook is not None and outlook.decision.why is not None:
            return Standing(outlook.decision.why)
        if outlook is not None and mode is Mode.ADVICE:
            return Standing.WOULD_SHINE
        return Standing.NOT_WRITTEN if self._refused_by_disk else Standing.LATER

    async def async_days(self, plant_id: str, now: float, count: int) -> tuple[Shine, ...]:
        """When it will shine in so many days; not at all for a plant that is not to be lit."""
        if self.under[plant_id][1].automatic is Mode.OFF:
            return ()
        return await async_days_ahead(self._hass, self.under, self._record, now, count=count)

    @callback
    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener()
