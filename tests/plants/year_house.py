"""A Home Assistant that lives through the scripted year, and what is checked at every step."""

import copy
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any

import numpy as np
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.plant_vita.const import DOMAIN

from .growing import Growing
from .year_garden import FEED_DAYS, NEW_PROBE, REPLACED_AT, WATER_DAYS, Garden
from .year_world import BERLIN, DAY, HOUR, STEP_S, UNAVAILABLE, Pot, moment_of, step_of

UNKNOWN = {"unknown", "unavailable"}
HEALTHY = 80


class Ends(Enum):
    """How Home Assistant ends."""

    STOP = "stopped"
    KILL = "killed"


class Returns(Enum):
    """What the sensors are when it is back."""

    ABSENT = "not there yet"
    UNAVAILABLE = "unavailable"
    RESTORED = "as they were"


@dataclass(frozen=True, kw_only=True)
class Restart:
    """At a step, off for so many steps; the sensors speak again so many steps after the start."""

    at: int
    off: int
    ends: Ends
    returns: Returns
    mute: int


@dataclass(frozen=True, kw_only=True)
class WrongClock:
    """The wall clock is so many steps ahead (or behind) for a while; no other clock is."""

    at: int
    lasts: int
    ahead: int


class House:
    """Home Assistant with the garden in it; `wrong` is everything that must not have been."""

    def __init__(self, growing: Growing, garden: Garden) -> None:
        self.growing, self.hass, self.garden = growing, growing.hass, garden
        self.wrong: list[str] = []
        self.step = 0
        self._opened = 0
        self.restarted = 0
        self.replaced = False
        self.ids: dict[str, str] = {}
        self._bad_for: dict[tuple[str, str], int] = Counter()
        self._problem: dict[str, str] = {}
        self._changes: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._cared: dict[tuple[str, str], int] = {}
        self._mute_until = 0
        self._ahead = 0
        self._jumps: Counter[str] = Counter()
        self.alarms: Counter[str] = Counter()
        self.quiet: Counter[str] = Counter()

    # --- time ------------------------------------------------------------------------------------

    async def open(self, step: int) -> None:
        """Make the garden at this step, and start."""
        self.step = self._opened = step
        self.growing.freezer.move_to(moment_of(step).astimezone(dt_util.UTC))
        await self.hass.config.async_set_time_zone(str(BERLIN))
        self.hass.config.latitude = 52.5
        self.hass.bus.async_listen(EVENT_STATE_CHANGED, self._heard)
        pots = self.garden.pots
        if step > step_of(REPLACED_AT):
            self._pot("Fern").data["moisture"] = [NEW_PROBE]
        await self.growing.grow(*({"title": pot.name, **pot.data} for pot in pots))
        self.ids = {sub.title: key for key, sub in self.growing.entry.subentries.items()}

    async def live(
        self, until: int, restarts: Sequence[Restart], clocks: Sequence[WrongClock] = ()
    ) -> None:
        """Live on to a step."""
        due = sorted((one for one in restarts if self.step <= one.at < until), key=lambda r: r.at)
        while self.step < until:
            if due and self.step >= due[0].at:
                await self._restart(due.pop(0))
            else:
                wrong = [one.ahead for one in clocks if 0 <= self.step - one.at < one.lasts]
                await self._pass(self.step + 1, next(iter(wrong), 0))
                await self._world()
            if not self._ahead:
                await self._check()

    async def _pass(self, step: int, ahead: int) -> None:
        self.step = step
        self.growing.freezer.move_to(moment_of(step + ahead).astimezone(dt_util.UTC))
        # Timers do not follow the wall clock; in this test they do, and so have to be helped.
        late = max(self._ahead - ahead, 0) * STEP_S
        if ahead > self._ahead:
            # Hours are gone in which nobody has spoken: until somebody does, nothing is believed.
            self._jumps[moment_of(step).date().isoformat()] += 2
        self._ahead = ahead
        async_fire_time_changed(self.hass, dt_util.utcnow() + timedelta(seconds=late))
        await self.hass.async_block_till_done(wait_background_tasks=True)

    async def off_until(self, step: int) -> None:
        """Off for weeks; nobody expects anything to be known after that."""
        await self.growing.stop()
        self._vanish()
        self.step = step
        self.growing.freezer.move_to(moment_of(step).astimezone(dt_util.UTC))
        await self.growing.start()
        self._bad_for.clear()

    # --- the world -------------------------------------------------------------------------------

    async def _world(self) -> None:
        for pot in self.garden.pots:
            for sensor in pot.sensors:
                self._speak(sensor.entity_id, float(sensor.says[self.step]), sensor.unit)
            if told := pot.told.get(self.step):
                self._cared[pot.name, told] = self.step
                target = {"entity_id": self._entity(pot, "button", told)}
                await self.hass.services.async_call("button", "press", target, blocking=True)
        if self.step == step_of(REPLACED_AT):
            await self._replace_probe()
        await self.hass.async_block_till_done()

    def _speak(self, entity_id: str, said: float, unit: str | None) -> None:
        if np.isnan(said) or self.step < self._mute_until:
            return
        word = "unavailable" if said == UNAVAILABLE else f"{said:g}"
        self.growing.say(entity_id, word, unit)

    async def _replace_probe(self) -> None:
        """A person binds the fern to its new probe, in the forms."""
        flow: Any = await self.growing.entry.start_subentry_reconfigure_flow(
            self.hass, self.ids["Fern"]
        )
        manager = self.hass.config_entries.subentries
        await manager.async_configure(flow["flow_id"], {"name": "Fern", "outdoors": False})
        said = {"moisture": [NEW_PROBE]}
        before = self._shown(self._pot("Fern"))
        self.replaced = True
        await manager.async_configure(flow["flow_id"], said)
        await self.hass.async_block_till_done()
        after = self._shown(self._pot("Fern"))
        for key in ("last_watered", "next_feeding", "last_fed"):
            if before[key] != after[key]:
                self._complain(self._pot("Fern"), f"new probe: {key} {before[key]} → {after[key]}")

    # --- restarts --------------------------------------------------------------------------------

    async def _restart(self, restart: Restart) -> None:
        before = {pot.name: self._shown(pot) for pot in self.garden.pots}
        kept = copy.deepcopy(self.growing.hass_storage)
        words = {
            sensor.entity_id: self.hass.states.get(sensor.entity_id)
            for pot in self.garden.pots
            for sensor in pot.sensors
        }
        self.restarted += 1
        await self.growing.stop()
        if restart.ends is Ends.KILL:
            # As a power cut leaves the disk: what stopping wrote was never written.
            self.growing.hass_storage.clear()
            self.growing.hass_storage.update(kept)
            self._bad_for.clear()
        self._vanish()
        self.step += restart.off
        self.growing.freezer.move_to(moment_of(self.step).astimezone(dt_util.UTC))
        for entity_id, word in words.items():
            if word is not None and restart.returns is not Returns.ABSENT:
                mute = restart.returns is Returns.UNAVAILABLE
                attributes = {} if mute else word.attributes
                self.hass.states.async_set(
                    entity_id, "unavailable" if mute else word.state, attributes
                )
        self._mute_until = self.step + restart.mute
        await self.growing.start()
        for pot in self.garden.pots:
            after = self._shown(pot)
            for key, was in before[pot.name].items():
                if was not in UNKNOWN and after.get(key, "unavailable") in UNKNOWN:
                    self._complain(pot, f"{restart}: {key} was {was}, is {after.get(key)}")

    def _vanish(self) -> None:
        for pot in self.garden.pots:
            for sensor in pot.sensors:
                self.hass.states.async_remove(sensor.entity_id)

    # --- what is shown ---------------------------------------------------------------------------

    def _pot(self, name: str) -> Pot:
        return next(pot for pot in self.garden.pots if pot.name == name)

    def _entity(self, pot: Pot, platform: str, key: str) -> str:
        entity_id = self.growing.entity_id(self.ids[pot.name], platform, key)
        assert entity_id is not None, (pot.name, key)
        return entity_id

    def _shown(self, pot: Pot) -> dict[str, str]:
        """The states of all sensors of a plant by their keys; events and buttons tell nothing."""
        plant_id = self.ids[pot.name]
        found = er.async_entries_for_config_entry(
            er.async_get(self.hass), self.growing.entry.entry_id
        )
        return {
            known.unique_id.removeprefix(f"{plant_id}_"): state.state
            for known in found
            if known.config_subentry_id == plant_id
            and known.domain in {"sensor", "binary_sensor", "number"}
            and (state := self.hass.states.get(known.entity_id))
        }

    @callback
    def _heard(self, event: Event[EventStateChangedData]) -> None:
        """Follow each plant's problem; while it is unavailable it is what it was."""
        new = event.data["new_state"]
        if new is None or new.state == "unavailable" or not new.entity_id.startswith("binary_"):
            return
        known = er.async_get(self.hass).async_get(new.entity_id)
        if known is None or known.platform != DOMAIN or "plant_problem" not in known.unique_id:
            return
        before = self._problem.get(new.entity_id)
        self._problem[new.entity_id] = new.state
        # How often a sensor speaks is not known at first.
        if before not in {None, "unknown", new.state} and self.step > self._opened + 6 * HOUR:
            day = dt_util.now().date().isoformat()
            reasons = ",".join(new.attributes["reasons"])
            self._changes[new.entity_id, day].append(f"{dt_util.now():%H:%M} {new.state} {reasons}")

    # --- checks ----------------------------------------------------------------------------------

    def _complain(self, pot: Pot, what: str) -> None:
        self.wrong.append(f"{moment_of(self.step):%m-%d %H:%M} {pot.name}: {what}")

    async def _check(self) -> None:
        for pot in self.garden.pots:
            shown = self._shown(pot)
            self._check_ok(pot, shown)
            self._check_forecast(pot, shown)
        if moment_of(self.step).strftime("%H:%M") in {"12:00", "00:20", "23:40"}:
            await self._check_chores()

    def _check_ok(self, pot: Pot, shown: dict[str, str]) -> None:
        """Nothing that is wrong for longer than it may go unnoticed looks well."""
        health = shown.get("health", "unknown")
        well = shown["plant_problem"] == "off" or (
            health not in UNKNOWN and float(health) >= HEALTHY
        )
        bad = False
        for trouble in pot.troubles:
            now = bool(trouble.bad[self.step])
            bad = bad or now
            self._bad_for[pot.name, trouble.name] += 1
            if not now:
                self._bad_for[pot.name, trouble.name] = 0
            lasted = self._bad_for[pot.name, trouble.name]
            if well and lasted > trouble.allowed + max(self._mute_until - self.step, 0):
                self._complain(
                    pot,
                    f"{trouble.name} for {lasted} steps, but health {health},"
                    f" problem {shown['plant_problem']}",
                )
        self.alarms[pot.name] += shown["plant_problem"] == "on" and not bad
        self.quiet[pot.name] += not bad

    def _check_forecast(self, pot: Pot, shown: dict[str, str]) -> None:
        if "days_to_dry" not in shown:
            return
        state = self.hass.states.get(self._entity(pot, "sensor", "days_to_dry"))
        assert state is not None
        median = None if state.state in UNKNOWN else float(state.state)
        ends = [state.attributes.get("earliest"), median, state.attributes.get("latest")]
        known = [one for one in ends if one is not None]
        if known != sorted(known) or any(one < 0 for one in known):
            self._complain(pot, f"days to dry {ends}")

    async def _check_chores(self) -> None:
        """What is due by the calendar is due so many days after the day it was done."""
        now = moment_of(self.step)
        items: Any = await self.hass.services.async_call(
            "todo", "get_items", {}, target={"entity_id": self._list("todo", "chores")},
            blocking=True, return_response=True,
        )  # fmt: skip
        ((_, said),) = items.items()
        listed = {item["uid"]: date.fromisoformat(item["due"]) for item in said["items"]}
        events: Any = await self.hass.services.async_call(
            "calendar", "get_events",
            {"start_date_time": now.isoformat(), "end_date_time": now + timedelta(days=60)},
            target={"entity_id": self._list("calendar", "care")}, blocking=True,
            return_response=True,
        )  # fmt: skip
        ((_, calendar),) = events.items()
        for (name, care), step in self._cared.items():
            pot = self._pot(name)
            if care == "watered" and "moisture" in pot.data:
                continue
            days = WATER_DAYS if care == "watered" else FEED_DAYS
            due = moment_of(step).date() + timedelta(days=days)
            on_list = listed.get(f"{self.ids[name]}_{care}")
            if on_list != (due if due <= now.date() + timedelta(days=7) else None):
                self._complain(pot, f"{care} on {moment_of(step)}, due {due}, listed {on_list}")
            first = max(due, now.date())
            summary = {"watered": "Water", "fed": "Feed"}[care]
            starts = [
                event["start"]
                for event in calendar["events"]
                if event["summary"].startswith(summary) and name in event["summary"]
            ]
            wanted = first.isoformat()
            if first < (now + timedelta(days=60)).date() and (not starts or starts[0] != wanted):
                self._complain(pot, f"{care} due {due}, calendar {starts[:2]}")

    def _list(self, platform: str, key: str) -> str:
        entry_id = self.growing.entry.entry_id
        found = self.growing.entity_id(entry_id, platform, key)
        assert found is not None, key
        return found

    def flapping(self) -> list[str]:
        """The days on which the problem of a plant changed more often than twice, or than truly."""
        found = []
        for pot in self.garden.pots:
            entity_id = self._entity(pot, "binary_sensor", "plant_problem")
            for (which, day), changes in self._changes.items():
                true = true_changes(pot, day)
                if which == entity_id and len(changes) > max(2, true) + self._jumps[day]:
                    found.append(f"{day} {pot.name}: {changes}, {true} true changes")
        return found


def true_changes(pot: Pot, day: str) -> int:
    """How often the plant truly became better or worse on a local day, or just before it."""
    first = step_of(f"{day} 00:00")
    wrong = np.any([trouble.edge for trouble in pot.troubles], axis=0)
    seen = wrong[max(first - 2 * HOUR, 0) : first + DAY + HOUR]
    return int(np.count_nonzero(seen[1:] != seen[:-1]))
