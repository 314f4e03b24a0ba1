from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from custom_components.plant_vita.care.grow_light import (
    Dark,
    LampFacts,
    LightFacts,
    Price,
    Shine,
    dusk_after,
    hours,
    learnt_ppfd,
    light,
    missing_s,
    need,
    night_ends,
    unseen,
)
from custom_components.plant_vita.care.quiet import Hours

HOUR = 3600.0
DAWN = datetime(2026, 11, 21, 6, tzinfo=UTC).timestamp()
NOON, DUSK = DAWN + 6 * HOUR, DAWN + 16 * HOUR
NIGHT = Hours(start=time(22), end=time(6))


def fern(**other) -> LightFacts:
    """A plant that lacks 3.6 mol: five hours of a lamp of 200 µmol/(m² s)."""
    facts = LightFacts(dli=1.4, coming=1.0, target=6.0, most=10.0, ppfd=200.0, night=NIGHT)
    return replace(facts, **other)


def shelf(*plants: LightFacts, zone=UTC, liked=None, prices=(), **other) -> LampFacts:
    """A lamp over these plants, else over one that is as said."""
    needs = tuple(need(one) for one in plants or [fern(**other)])
    return LampFacts(zone=zone, needs=needs, liked=liked, prices=prices)


def dear(*prices: float, start: float = DAWN) -> tuple[Price, ...]:
    """One price an hour."""
    return tuple(
        Price(start=start + n * HOUR, end=start + (n + 1) * HOUR, price=price)
        for n, price in enumerate(prices)
    )


def test_how_long_the_lamp_has_to_shine() -> None:
    assert missing_s(shelf()) == pytest.approx(5 * HOUR)
    assert missing_s(shelf(coming=5.0)) == 0.0
    assert missing_s(shelf(target=12.0, most=4.2)) == pytest.approx(2.5 * HOUR)
    assert missing_s(shelf(ppfd=3.0)) == 0.0
    assert missing_s(LampFacts(zone=UTC, needs=())) == 0.0


def test_without_prices_the_end_of_the_day_is_lit() -> None:
    assert hours(shelf(), NOON) == (Shine(start=DUSK - 5 * HOUR, end=DUSK),)


def test_the_cheapest_hours_are_taken_first() -> None:
    prices = dear(9, 9, 1, 9, 2, 2, 9, 9, 3, *[9] * 7)
    assert hours(shelf(prices=prices), DAWN) == (
        Shine(start=DAWN + 2 * HOUR, end=DAWN + 3 * HOUR),
        Shine(start=DAWN + 4 * HOUR, end=DAWN + 6 * HOUR),
        Shine(start=DAWN + 8 * HOUR, end=DAWN + 9 * HOUR),
        Shine(start=DUSK - HOUR, end=DUSK),
    )


def test_a_negative_price_is_cheap_and_an_unknown_one_dear() -> None:
    prices = dear(0.4, -0.1)
    shines = hours(shelf(prices=prices, dli=4.28), DAWN)
    assert shines == (Shine(start=DAWN + HOUR, end=DAWN + 2 * HOUR),)


def test_hours_that_a_person_likes_come_before_cheap_ones() -> None:
    liked = Hours(start=time(8), end=time(10))
    shines = hours(shelf(prices=dear(*[1] * 16), liked=liked, dli=3.56), DAWN)
    assert shines == (Shine(start=DAWN + 2 * HOUR, end=DAWN + 4 * HOUR),)


def test_never_in_the_night_of_the_plant_however_much_is_missing() -> None:
    late = DUSK - HOUR
    assert hours(shelf(dli=0.0), late) == (Shine(start=late, end=DUSK),)
    assert hours(shelf(dli=0.0), DUSK) == ()
    night = light(shelf(dli=0.0), DUSK, is_on=True)
    assert (night.on, night.why, night.until) == (False, Dark.NIGHT, DUSK + 8 * HOUR)


def test_a_cheap_night_tempts_nobody() -> None:
    prices = dear(*[5] * 16, *[0] * 8)
    assert all(shine.end <= DUSK for shine in hours(shelf(prices=prices, dli=0.0), DAWN))


def test_switching_now_or_later() -> None:
    later = light(shelf(), NOON, is_on=False)
    assert (later.on, later.why, later.until) == (False, Dark.LATER, NOON + 600)
    assert light(shelf(), DUSK - 5 * HOUR, is_on=False).on
    enough = light(shelf(dli=6.0), NOON, is_on=True)
    assert (enough.on, enough.why) == (False, Dark.ENOUGH)
    assert light(shelf(dli=0.0), DUSK - 300, is_on=False).why is Dark.NIGHT


def test_it_is_not_switched_on_for_a_few_minutes_but_finishes_them() -> None:
    nearly = shelf(dli=4.94)  # 300 s
    few = light(nearly, DUSK - 300, is_on=False)
    assert (few.on, few.why) == (False, Dark.ENOUGH)
    assert light(nearly, DUSK - 300, is_on=True).on


def test_the_lamp_is_learnt_from_its_steps() -> None:
    assert learnt_ppfd([(10, 200), (50, 245)]) is None
    assert learnt_ppfd([(10, 200), (50, 245), (0, 190), (100, 1500)]) == 192.5
    assert learnt_ppfd([(10, 11), (50, 51), (0, 1)]) is None
    assert learnt_ppfd([(0, 90_000)] * 5) is None


def test_a_sensor_that_does_not_see_the_lamp_is_found_out() -> None:
    assert not unseen([(10, 11), (50, 51)])
    assert unseen([(10, 11), (50, 51), (0, 1)])
    assert not unseen([(10, 200), (50, 51), (0, 190)])


def test_the_neediest_is_served_as_far_as_all_can_bear_it() -> None:
    shade = fern(target=2.0, most=3.4)  # bears 1 mol more: 5000 s
    assert missing_s(shelf(fern(), shade)) == pytest.approx(5000)
    full = light(shelf(fern(), fern(target=1.0, most=2.0)), NOON, is_on=True)
    assert (full.on, full.why) == (False, Dark.FULL)
    idle = need(shade).unasked
    assert (idle.wanted_s, idle.bearable_s) == (0.0, pytest.approx(5000))


def test_of_several_plants_none_has_its_night_cut() -> None:
    early = fern(night=Hours(start=time(18), end=time(4)))
    late = fern(night=Hours(start=time(23), end=time(8)))
    both = shelf(early, late)
    assert light(both, DAWN, is_on=False).until == DAWN + 2 * HOUR
    shines = hours(both, NOON)
    assert shines[-1].end == NOON + 6 * HOUR == dusk_after(both, NOON)
    assert night_ends(both, NOON + 6 * HOUR) == DAWN + 22 * HOUR
    assert night_ends(both, NOON) == NOON


def test_without_night_hours_a_day_still_ends() -> None:
    always = shelf(night=Hours(start=time(22), end=time(22)))
    assert hours(always, NOON) == (Shine(start=DUSK - 5 * HOUR, end=DUSK),)
    assert light(always, DUSK, is_on=False).why is Dark.LATER


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
@pytest.mark.parametrize("edge", [time(1, 30), time(2), time(2, 30), time(3), time(22)])
def test_a_change_of_the_clocks_cuts_no_night(day, edge) -> None:
    night = Hours(start=edge, end=time((edge.hour + 8) % 24))
    lamp = shelf(zone=BERLIN, night=night, dli=0.0, target=40.0, most=60.0)
    now = datetime.fromisoformat(f"{day}T00:10:00+01:00").timestamp()
    for minute in range(36 * 60):
        at = now + 60 * minute
        decision = light(lamp, at, is_on=True)
        assert decision.on is not night.hold(at, BERLIN)
        if decision.on:
            # Whoever is told until when has not a second of the night in it.
            assert not night.hold(min(decision.until, decision.dusk) - 1, BERLIN)


levels = st.floats(0, 40)


@given(levels, levels, st.floats(5, 1500), st.lists(st.floats(-1, 3), max_size=40))
def test_a_day_by_the_plan_gives_the_target_and_never_more_than_is_good(
    dli, target, ppfd, prices
) -> None:
    facts = fern(dli=dli, coming=0.0, target=target, ppfd=ppfd)
    now, on = DAWN, False
    while now < DUSK:
        decision = light(shelf(facts, prices=dear(*prices)), now, is_on=on)
        on = decision.on
        step = min(decision.until, DUSK) - now
        assert step > 0
        if on:
            facts = replace(facts, dli=facts.dli + ppfd * step / 1e6)
        now += step
    could = dli + ppfd * 16 * HOUR / 1e6
    wanted = min(target, facts.most)
    assert facts.dli <= max(dli, wanted) + 1e-6
    # What would take less than ten minutes is left.
    assert facts.dli >= min(could, wanted) - ppfd * 600 / 1e6 - 1e-6
