"""What looks wrong with sensors and around a plant."""

import json

import numpy as np
import pytest

from custom_components.plant_vita.analysis.drydown import untaught
from custom_components.plant_vita.analysis.history import Drivers
from custom_components.plant_vita.analysis.series import Series, series
from custom_components.plant_vita.model.plant import AnomalyKind, Flaw
from custom_components.plant_vita.plants.definition import Input
from custom_components.plant_vita.plants.sources import InputState
from custom_components.plant_vita.plants.suspicion import (
    Suspicion,
    as_stored,
    examined,
    from_stored,
    in_air,
    observed,
    suspected,
)

HOUR, DAY = 3600.0, 86_400.0
NOW = 20_614 * DAY
HEARD = InputState(value=30.0, measured_at=NOW, stale=False, fresh=1, sources=1)


def every(minutes: float, values: object) -> Series:
    numbers = np.asarray(values, float)
    return series(NOW - 60 * minutes * np.arange(len(numbers))[::-1], numbers)


def test_one_that_never_moves_and_one_that_just_jumped() -> None:
    flat = every(60, np.full(24 * 3, 21.3))
    jumped = every(10, [30.0] * 20 + [12.0])
    alive = every(60, 21.3 + np.sin(np.arange(72)))
    inputs = dict.fromkeys((Input.TEMPERATURE, Input.MOISTURE, Input.HUMIDITY), HEARD)
    found = examined(
        inputs,
        {Input.TEMPERATURE: flat, Input.MOISTURE: jumped, Input.HUMIDITY: alive},
        now=NOW,
    )
    assert found[Input.TEMPERATURE].flaw is Flaw.FLAT
    assert (found[Input.MOISTURE].flaw, found[Input.MOISTURE].believed) == (Flaw.JUMP, True)
    assert found[Input.HUMIDITY].flaw is None


def test_light_may_stand_still() -> None:
    found = examined({Input.LIGHT: HEARD}, {Input.LIGHT: every(60, np.zeros(400))}, now=NOW)
    assert found[Input.LIGHT].flaw is None


def test_a_jump_waits_for_the_next_report_of_a_slow_sensor() -> None:
    doubted = InputState(value=12.0, measured_at=NOW, stale=False, flaw=Flaw.JUMP)
    slow, quick = every(10, [30.0] * 20 + [12.0]), every(1, [30.0] * 20 + [12.0])
    assert observed(doubted, slow, 12.0, now=NOW).doubted_s == 900
    assert observed(doubted, quick, 12.0, now=NOW).doubted_s == 90
    assert observed(HEARD, slow, 12.0, now=NOW).doubted_s == 0


def test_how_much_it_wavers() -> None:
    rough = 30 + np.random.default_rng(1).normal(0, 2, 360)
    assert observed(HEARD, every(1, rough), 30.0, now=NOW).noise == pytest.approx(2, rel=0.2)


def pulled(minutes: int) -> Series:
    return every(1, [30.0] * 120 + [0.5] * (minutes + 1))


def test_a_probe_that_was_pulled_out_is_told_after_four_minutes() -> None:
    inputs = {Input.MOISTURE: HEARD}
    for minutes, kinds in ((3, set()), (4, {AnomalyKind.PROBE_OUT})):
        tracks = {Input.MOISTURE: pulled(minutes)}
        found = suspected(inputs, tracks, Drivers(), untaught(), {}, now=NOW)
        assert set(found) == kinds
    assert in_air(inputs, found)[Input.MOISTURE].flaw is Flaw.AIR
    assert in_air(inputs, {}) == inputs


def test_what_was_seen_lingers_for_a_while() -> None:
    before = {
        AnomalyKind.LEAK: Suspicion(since=NOW - DAY, seen=NOW - 5 * HOUR, value=9.0),
        AnomalyKind.HEATING_NEAR: Suspicion(since=NOW - DAY, seen=NOW - 13 * HOUR, value=3.0),
    }
    found = suspected({}, {}, Drivers(), untaught(), before, now=NOW)
    assert found == {AnomalyKind.LEAK: before[AnomalyKind.LEAK]}
    again = from_stored(json.loads(json.dumps(as_stored(found))))
    assert again == found
    assert suspected({}, {}, Drivers(), untaught(), again, now=NOW + 2 * HOUR) == {}


def test_what_lasts_keeps_its_beginning() -> None:
    times = NOW - 300 * np.arange(4 * 288)[::-1]
    drivers = Drivers(
        temperature=series(times, np.full(len(times), 33.0)),
        vpd=series(times, np.full(len(times), 3.0)),
    )
    before = {AnomalyKind.HEATING_NEAR: Suspicion(since=NOW - 9 * DAY, seen=NOW - 600, value=33.0)}
    found = suspected({}, {}, drivers, untaught(), before, now=NOW)
    assert found[AnomalyKind.HEATING_NEAR] == Suspicion(since=NOW - 9 * DAY, seen=NOW, value=33.0)


@pytest.mark.parametrize("stored", [{"leak": 1}, {"flood": [1, 2, 3]}, [], {"leak": [1, 2, "x"]}])
def test_what_is_malformed_is_forgotten(stored: object) -> None:
    assert from_stored(stored) == {}  # type: ignore[arg-type]
