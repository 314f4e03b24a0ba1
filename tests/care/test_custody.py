"""Whose a lamp is, alone and over days with people, power cuts and lamps that do not listen."""

from dataclasses import dataclass, field, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from custom_components.plant_vita.care.custody import (
    SETTLE_S,
    Custody,
    Order,
    awake,
    given_up,
    order,
    shows,
    told_off,
    told_on,
    unseen,
)
from custom_components.plant_vita.care.grow_light import (
    LampFacts,
    LightFacts,
    dusk_after,
    light,
    need,
    night_ends,
)
from custom_components.plant_vita.care.quiet import Hours

NOW, REST = 1000.0, 9000.0
OFF = Custody(on=False)
OURS = replace(told_on(OFF, NOW - 600), on=True)
THEIRS = Custody(on=True)


def seen(before: Custody, *, on: bool | None, by_hand: bool | None = None) -> Custody:
    return shows(before, on=on, now=NOW, rest=REST, by_hand=by_hand)


def test_what_is_done_with_a_lamp() -> None:
    assert order(OFF, wanted=True, now=NOW) is Order.ON
    assert order(OFF, wanted=False, now=NOW) is Order.NOTHING
    assert order(OURS, wanted=True, now=NOW) is Order.ON
    assert order(OURS, wanted=False, now=NOW) is Order.OFF


@pytest.mark.parametrize("wanted", [True, False])
def test_what_somebody_has_switched_on_is_left_alone(*, wanted: bool) -> None:
    assert order(THEIRS, wanted=wanted, now=NOW) is Order.NOTHING


@pytest.mark.parametrize("wanted", [True, False])
def test_what_nobody_can_see_is_left_alone(*, wanted: bool) -> None:
    assert order(replace(OURS, on=None), wanted=wanted, now=NOW) is Order.NOTHING


def test_switched_off_by_somebody_it_rests_until_the_night() -> None:
    resting = seen(OURS, on=False)
    assert (resting.ours, resting.rests_until) == (False, REST)
    assert order(resting, wanted=True, now=REST - 1) is Order.NOTHING
    assert order(resting, wanted=True, now=REST) is Order.ON
    assert order(awake(resting), wanted=True, now=NOW) is Order.ON
    assert seen(THEIRS, on=False).rests(NOW)


def test_what_goes_off_because_we_wanted_that_does_not_rest() -> None:
    let_go = told_off(OURS)
    assert order(let_go, wanted=False, now=NOW) is Order.OFF, "until it shows that it is off"
    over = seen(let_go, on=False)
    assert (over.ours, over.letting_go, over.rests(NOW)) == (False, False, False)


@pytest.mark.parametrize(
    ("told_ago", "by_hand", "rests"),
    [
        (SETTLE_S - 1, None, False),  # it still shows what it was before
        (SETTLE_S, None, True),
        (SETTLE_S - 1, True, True),
        (600, False, False),  # the node says that its time was over
    ],
)
def test_whether_a_hand_was_on_it(told_ago: float, by_hand: bool | None, *, rests: bool) -> None:
    lit = replace(told_on(OFF, NOW - told_ago), on=True)
    after = seen(lit, on=False, by_hand=by_hand)
    assert (after.rests(NOW), after.ours) == (rests, not rests)


def test_a_power_cut_is_nobodys_hand() -> None:
    back = seen(seen(OURS, on=None), on=False)
    assert (back.ours, back.rests(NOW)) == (True, False)
    assert seen(seen(OURS, on=None), on=True).ours


def test_one_that_does_not_listen_is_told() -> None:
    deaf = told_on(OFF, NOW)
    assert not deaf.silent(NOW + SETTLE_S - 1)
    assert deaf.silent(NOW + SETTLE_S)
    assert told_on(deaf, NOW + 600).silent(NOW + 600), "however often it is told"
    assert told_off(OURS).silent(NOW)
    assert not OURS.silent(NOW)
    assert not THEIRS.silent(NOW)


def test_one_that_is_slow_to_go_on_is_told_twice_to_be_off() -> None:
    slow = told_off(told_on(OFF, NOW))
    assert slow.ours
    assert order(seen(slow, on=True), wanted=False, now=NOW) is Order.OFF
    assert not told_off(slow).ours


def test_what_could_not_be_written_down_is_not_ours() -> None:
    assert not given_up(told_on(OFF, NOW)).ours


def test_a_restart_knows_whose_it_is_but_not_what_it_does() -> None:
    after = unseen(seen(OURS, on=False))
    assert (after.on, after.rests(NOW)) == (None, True)
    assert unseen(OURS).ours


# --- days on end -------------------------------------------------------------------------------

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = Hours(start=time(21, 30), end=time(6))
STEP = 600.0


@dataclass
class World:
    """A lamp on a shelf, somebody with a hand, and whoever looks every ten minutes."""

    now: float
    target: float
    ppfd: float
    lit: bool = False
    by_person: bool = False
    away: bool = False
    deaf: bool = False
    dli: float = 0.0
    custody: Custody = field(default_factory=Custody)
    on_disk: Custody = field(default_factory=Custody)
    hands_off_until: float = 0.0

    @property
    def facts(self) -> LampFacts:
        plant = LightFacts(dli=self.dli, target=self.target, most=20.0, ppfd=self.ppfd, night=NIGHT)
        return LampFacts(zone=BERLIN, needs=(need(plant),))

    def see(self) -> None:
        on = None if self.away else self.lit
        if on != self.custody.on:
            night = night_ends(self.facts, self.now) > self.now
            rest = self.now if night else dusk_after(self.facts, self.now)
            self.custody = shows(self.custody, on=on, now=self.now, rest=rest, by_hand=None)

    def look(self) -> None:
        self.see()
        decision = light(self.facts, self.now, is_on=self.custody.on is True)
        match order(self.custody, wanted=decision.on, now=self.now):
            case Order.ON:
                self.custody = told_on(self.custody, self.now)
                self.on_disk = self.custody
                assert not NIGHT.hold(self.now, BERLIN), "never in its night"
                assert self.dli <= 20.0, "never above what it can bear"
                assert self.now >= self.hands_off_until, "never against a hand"
                assert not (self.lit and self.by_person), "never what somebody has switched on"
                if not self.deaf and not self.away:
                    self.lit, self.by_person = True, False
            case Order.OFF:
                assert not (self.lit and self.by_person), "never what somebody has switched on"
                self.custody = told_off(self.custody)
                if not self.deaf and not self.away:
                    self.lit = False
        self.see()
        self.on_disk = self.custody
        if self.lit and not self.by_person:
            assert self.on_disk.ours, "never on without an owner"
            if not (self.deaf or self.away):
                assert not NIGHT.hold(self.now, BERLIN)

    def happen(self, what: str) -> None:
        match what:
            case "hand on" if not self.lit:
                self.lit = True
                # One that we have told to be on may have been late.
                self.by_person = not self.custody.ours
            case "hand off" if self.lit and not self.away:
                self.lit = False
                # One that we have told to be off may have been late, too.
                if not NIGHT.hold(self.now, BERLIN) and not self.custody.letting_go:
                    self.hands_off_until = dusk_after(self.facts, self.now)
            case "away":
                self.away = True
            case "back":
                self.away = self.deaf = False
            case "deaf":
                self.deaf = True
            case "killed":
                self.custody = unseen(replace(self.on_disk, letting_go=False))
        self.see()

    def pass_time(self) -> None:
        before = dusk_after(self.facts, self.now)
        self.dli += self.ppfd * STEP / 1e6 if self.lit else 0.0
        self.now += STEP
        if self.now >= before:
            self.dli = 0.0


EVENTS = st.sampled_from(["hand on", "hand off", "away", "back", "deaf", "killed"])


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 364),
    st.floats(1, 18),
    st.floats(20, 800),
    st.dictionaries(st.integers(0, 3 * 144), EVENTS, max_size=12),
)
def test_days_of_a_year_with_people_power_cuts_and_kills(
    day: int, target: float, ppfd: float, events: dict[int, str]
) -> None:
    start = datetime(2026, 1, 1, tzinfo=BERLIN).timestamp() + day * 86_400
    world = World(now=start, target=target, ppfd=ppfd)
    for step in range(3 * 144):
        # Between two looks, and seen at once.
        world.now += 60
        world.happen(events.get(step, ""))
        world.now -= 60
        world.look()
        world.pass_time()


def test_without_anybody_the_plant_has_its_light_every_day(*, full_campaign: bool) -> None:
    # Around the changes of the clocks, or all the year.
    for month, day, days in ((1, 1, 365),) if full_campaign else ((3, 24, 14), (10, 20, 14)):
        begin = datetime(2026, month, day, 6, tzinfo=BERLIN).timestamp()
        world, had = World(now=begin, target=6.0, ppfd=200.0), []
        for _ in range(days * 144):
            world.look()
            before = world.dli
            world.pass_time()
            if world.dli == 0.0 < before:
                had.append(before)
        assert len(had) >= days - 1
        assert all(5.88 <= dli <= 6.12 for dli in had)
