"""What passes a channel's filter: little, soon enough, and nearer the truth than what came in."""

import random
from itertools import pairwise

import pytest

from firmware.simulator.instruments import Noise
from firmware.simulator.pot import PLANTS, Pot
from firmware.simulator.weather import Indoors
from tests.firmware import rig, under_micropython

rig.plantnode()
from plantnode.filter import DEFAULTS, Filter, median  # noqa: E402

MINUTE = 60_000


def told(kind, values, *, every=MINUTE, **tuning):
    channel = Filter(kind, tuning)
    passed = [channel.add(value, number * every) for number, value in enumerate(values)]
    return [(number, value) for number, value in enumerate(passed) if value is not None]


def test_median_of_odd_and_even():
    assert median([3, 1, 2]) == 2
    assert median([4, 1, 2, 3]) == 2.5


def test_first_value_is_told_at_once():
    assert told("m", [41.234]) == [(0, 41.2)]


def test_a_spike_is_nobodys_business():
    assert told("m", [40, 40, 40, 99, 40, 40, 0, 40]) == [(0, 40)]


def test_a_move_smaller_than_the_band_is_not_told_until_the_heartbeat():
    rows = told("m", [40.0] * 5 + [40.9] * 60)
    assert rows == [(0, 40.0), (30, 40.9), (60, 40.9)]


def test_a_step_is_told_when_half_the_window_has_seen_it():
    assert told("m", [40] * 15 + [60] * 15, hb=86_400) == [(0, 40), (22, 60)]


def test_one_and_two_missed_readings_are_no_news():
    assert told("t", [20, "silent", 20, "silent", "silent", 20]) == [(0, 20)]


def test_three_missed_readings_are_and_so_is_the_first_number_afterwards():
    rows = told("t", [20, "silent", "silent", "silent", "silent", 21.0])
    assert rows == [(0, 20), (3, "silent"), (5, 21.0)]


def test_another_reason_is_news_and_a_lasting_one_has_a_heartbeat():
    rows = told("m", ["open", "open", "short"] + ["short"] * 40)
    assert rows == [(0, "open"), (2, "short"), (32, "short")]


def test_old_readings_do_not_speak_after_a_fault():
    rows = told("m", [40] * 15 + ["open"] * 3 + [70])
    assert rows[-1] == (18, 70)


def test_leak_and_tank_pass_at_once_and_only_when_they_change():
    assert told("leak", [0, 0, 1, 1, 0], every=500) == [(0, 0), (2, 1), (4, 0)]


def test_light_moves_in_proportion():
    assert told("lx", [0, 15, 30], med=1) == [(0, 0), (2, 30)]
    assert told("lx", [10_000, 10_300, 10_600], med=1) == [(0, 10_000), (2, 10_600)]


def test_tuning_is_in_force_at_once():
    channel = Filter("m")
    for number in range(15):
        channel.add(40, number)
    channel.configure({"med": 1, "db": 0.1})
    assert channel.add(40.2, 15) == 40.2
    channel.configure({"med": 1, "db": 0.1, "hb": 1})
    assert channel.add(40.2, 1100) == 40.2


def test_tuning_replaces_what_was_said_before():
    channel = Filter("m", {"med": 3, "db": 0.5, "hb": 60})
    channel.configure({"db": 0.2})
    assert (channel.med, channel.db, channel.hb) == (15, 0.2, 1800)
    channel.configure({})
    assert (channel.med, channel.db, channel.hb) == (15, 1.0, 1800)


@pytest.mark.parametrize("kind", DEFAULTS)
def test_defaults_are_ones_the_protocol_allows(kind):
    window, band, heartbeat, _ = DEFAULTS[kind]
    assert window % 2 == 1
    assert 1 <= window <= 31
    assert band >= 0
    assert heartbeat <= 3600


def pot_trace(days=13, seed=7):
    """A basil pot, minute by minute: what is so, and what its probe says; watered twice."""
    dice = random.Random(seed)
    noise, pot, room = Noise(dice), Pot(PLANTS["basil"]), Indoors(6)
    truth, raw = [], []
    for minute in range(days * 1440):
        if minute % (4 * 1440) == 2 * 1440:
            pot.pour(250)
        pot.step(60, room.at(minute * 60))
        truth.append(pot.felt())
        raw.append(min(100.0, max(0.0, pot.felt() + noise.sample(minute * 60))))
    return truth, raw


def known(rows, length):
    """What Home Assistant believes at every minute, from the rows it was told."""
    believed, place = [], dict(rows)
    for number in range(length):
        believed.append(place.get(number, believed[-1] if believed else 0))
    return believed


def mean_error(values, truth):
    return sum(abs(a - b) for a, b in zip(values, truth, strict=True)) / len(truth)


def test_thirteen_days_of_a_pot_write_a_tenth_and_are_nearer_the_truth():
    truth, raw = pot_trace()
    rounded = [round(value, 1) for value in raw]
    raw_rows = sum(1 for one, other in pairwise(rounded) if one != other)
    rows = told("m", raw)
    believed = known(rows, len(truth))
    assert raw_rows >= 10 * len(rows)
    assert mean_error(believed, truth) < 0.6 * mean_error(raw, truth)


def test_micropython_tells_the_same():
    _, raw = pot_trace(days=1)
    source = f"""
from plantnode.filter import Filter
channel = Filter("m")
result = [channel.add(value, 60_000 * at) for at, value in enumerate({raw!r})]
"""
    assert len([value for value in under_micropython.both(source) if value is not None]) > 40
