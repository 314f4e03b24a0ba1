"""W2 to W8 on the firmware's own code, in a world that misbehaves.

And the world itself, with bugs planted.
"""

import contextlib

import pytest

from tests.firmware import waterworld
from tests.firmware.waterworld import World, restore

SEEDS = range(5)


@contextlib.contextmanager
def world(seed: int):
    made = World(seed)
    try:
        yield made
    finally:
        restore(made)


@pytest.mark.parametrize("seed", range(20))
def test_promises_hold(seed):
    with world(seed) as made:
        made.run(1500)
        assert len(made.runs) > 30, "a plan that waters nothing proves nothing"


def no_budget(patch):
    patch.setattr(waterworld.Ledger, "budget_wait", lambda self, ms: 0)


def no_soak(patch):
    patch.setattr(waterworld.Ledger, "soak_wait", lambda self, channel: 0)


def no_memory_of_ids(patch):
    patch.setattr(waterworld.Commands, "_before", lambda self, name: None)


def ids_only_in_ram(patch):
    patch.setattr(waterworld.Ledger, "ran", lambda self, name: False)


def cap_clamped(patch):
    on = waterworld.Pumps.on
    patch.setattr(waterworld.Pumps, "on", lambda self, n, c, ms: on(self, n, c, min(ms, 30_000)))


def cap_forgotten(patch):
    patch.setattr("plantnode.limits.PUMP_MS_MAX", 10**9)
    patch.setattr("plantnode.limits.PUMP_BUDGET_MS", 10**10)


def half_a_day(patch):
    patch.setattr("plantnode.limits.DAY_MS", 43_200_000)


def clock_runs_ahead(patch):
    make = waterworld.Lifetime.__init__

    def ahead(self):
        make(self)
        self.base += 43_200_000

    patch.setattr(waterworld.Lifetime, "__init__", ahead)


def lost_means_empty(patch):
    load = waterworld.Ledger._load

    def lenient(self):
        load(self)
        if self.lost:
            self.bookings = []

    patch.setattr(waterworld.Ledger, "_load", lenient)


def nothing_booked_after_a_stop(patch):
    settle = waterworld.Ledger.settle
    patch.setattr(waterworld.Ledger, "settle", lambda self, booking, ran: settle(self, booking, 0))


def written_afterwards(patch):
    def on(self, name, channel, ms):
        refused = self.refusal(channel, ms)
        if refused:
            return refused
        self.command, self.channel = name, channel
        self.began = waterworld.clock.ticks()
        self.deadline = self.began + ms
        self.timer.init(mode=0, period=ms, callback=self._on_timer)
        self.outputs[channel].on()
        self.booking = self.ledger.book(name, channel, ms)
        return None

    patch.setattr(waterworld.Pumps, "on", on)


def not_written_at_all(patch):
    patch.setattr(waterworld.Ledger, "_save", lambda self: None)


def write_errors_ignored(patch):
    save = waterworld.Ledger._save

    def careless(self):
        with contextlib.suppress(OSError):
            save(self)

    patch.setattr(waterworld.Ledger, "_save", careless)


def no_timer(patch):
    patch.setattr(waterworld.Timer, "init", lambda self, **how: None)


def no_interlock_while_running(patch):
    def poll(self):
        if self.channel is not None and waterworld.clock.ticks() >= self.deadline:
            self.end("timer")

    patch.setattr(waterworld.Pumps, "poll", poll)


def two_at_once(patch):
    refusal = waterworld.Pumps.refusal

    def lenient(self, channel, ms):
        refused = refusal(self, channel, ms)
        return None if refused and refused[0] == "busy" else refused

    patch.setattr(waterworld.Pumps, "refusal", lenient)


def off_does_nothing(patch):
    patch.setattr(waterworld.Commands, "_off", lambda self, name, fields: None)


def few_ids(patch):
    patch.setattr("plantnode.limits.IDS_KEPT", 4)


MUTANTS = [
    no_budget, no_soak, no_memory_of_ids, ids_only_in_ram, cap_clamped, cap_forgotten, half_a_day,
    clock_runs_ahead, lost_means_empty, nothing_booked_after_a_stop, written_afterwards,
    not_written_at_all, write_errors_ignored, no_timer, no_interlock_while_running, two_at_once,
    off_does_nothing, few_ids,
]  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_planted_bugs_are_caught(mutant, seed, monkeypatch):
    with monkeypatch.context() as patch, world(seed) as made:
        mutant(patch)
        made.boot()
        with pytest.raises((AssertionError, TypeError)) as caught:
            made.run(6000)
    assert caught.type is AssertionError, "caught by a slip of the test, not by a promise"
