from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from custom_components.plant_vita.analysis.anomalies import Evidence, anomalies
from custom_components.plant_vita.analysis.quality import Quality
from custom_components.plant_vita.analysis.series import DAY_S, HOUR_S, Series, series
from custom_components.plant_vita.model.plant import Anomaly, AnomalyKind, Flaw
from tests.analysis.pots import pot, taught
from tests.analysis.readings import NOW, readings

MINUTES = NOW - 300 * np.arange(4 * 288)[::-1]  # every five minutes for four days
HOURS = (MINUTES - MINUTES[0]) / 3600
MODEL = taught(pot(60))


def over_time(values: object) -> Series:
    return series(MINUTES, np.broadcast_to(np.asarray(values, float), MINUTES.shape))


def kinds(**evidence: object) -> list[AnomalyKind]:
    return [found.kind for found in anomalies(Evidence(**evidence), now=NOW)]


def drying() -> np.ndarray:
    return 12 + 40 * np.exp(-0.12 * HOURS / 24)


DAYLIGHT = np.maximum(0, np.sin(HOURS / 24 * 2 * np.pi)) * 370


def test_nothing_is_wrong() -> None:
    assert kinds() == []
    assert (
        kinds(
            moisture=over_time(drying()),
            temperature=over_time(21 + 3 * np.sin(HOURS / 24 * 2 * np.pi)),
            vpd=over_time(1.0),
            light=over_time(DAYLIGHT),
            quality=Quality(flaw=None, since=None, age=0.0),
            model=MODEL,
        )
        == []
    )


def test_a_leak() -> None:
    values = drying()
    values[-120:] -= np.linspace(0, 18, 120)  # ten hours
    assert kinds(moisture=over_time(values), model=MODEL) == [AnomalyKind.LEAK]
    assert kinds(moisture=over_time(values)) == []  # nobody knows how this pot dries
    young = replace(MODEL, days=np.array([3.0, 0.0]))
    assert kinds(moisture=over_time(values), model=young) == []


def test_a_probe_that_was_moved_is_no_leak() -> None:
    values = drying()
    values[-60:] -= 18
    assert kinds(moisture=over_time(values), model=MODEL) == []


@pytest.mark.parametrize("seed", range(6))
def test_sixty_days_of_a_noisy_pot_raise_no_suspicion(seed: int) -> None:
    whole = pot(60, noise=1.0, rate=0.08 + 0.02 * seed, every=4 + seed)
    for day in range(20, 60):
        now = float(whole.times[0]) + day * DAY_S
        evidence = Evidence(moisture=whole.between(now - 4 * DAY_S, now), model=MODEL)
        assert anomalies(evidence, now=now) == ()


def test_what_drains_after_a_watering_is_no_leak() -> None:
    since = np.maximum(HOURS - 84, 0)
    values = 25 + (HOURS >= 84) * (28 * (1 - np.exp(-since * 4)) - 20 * (1 - np.exp(-since / 3)))
    assert kinds(moisture=over_time(values), model=MODEL) == []


@pytest.mark.parametrize("flaw", [Flaw.OPEN, Flaw.SHORT, Flaw.FLAT, Flaw.STALE, Flaw.OUT_OF_RANGE])
def test_a_dead_probe(flaw: Flaw) -> None:
    quality = Quality(flaw=flaw, since=NOW - 7000, age=7000.0)
    found = anomalies(Evidence(quality=quality), now=NOW)
    assert found == (Anomaly(kind=AnomalyKind.DEAD_PROBE, since=NOW - 7000, value=7000.0),)


@pytest.mark.parametrize("flaw", [None, Flaw.JUMP, Flaw.MISSING])
def test_a_probe_that_lives(flaw: Flaw | None) -> None:
    assert kinds(quality=Quality(flaw=flaw, since=None, age=1.0)) == []


def test_a_probe_out_of_the_soil() -> None:
    values = drying()
    values[-1] = 1.0
    (alone,) = anomalies(Evidence(moisture=over_time(values)), now=NOW + 450)
    assert alone.kind is AnomalyKind.PROBE_OUT
    assert anomalies(Evidence(moisture=over_time(values)), now=NOW + 449) == ()
    values[-10:] = 1.0
    (found,) = anomalies(Evidence(moisture=over_time(values), model=MODEL), now=NOW)
    assert found.kind is AnomalyKind.PROBE_OUT
    assert found.since == MINUTES[-10]
    values[-1] = 30.0  # back again
    assert kinds(moisture=over_time(values)) == []


def test_a_plant_that_dried_to_nothing_is_not_a_probe_in_the_air() -> None:
    assert kinds(moisture=over_time(np.maximum(0.5, 20 - HOURS * 0.25))) == []


def test_wet_feet() -> None:
    standing = over_time(54 + 0.2 * np.sin(HOURS))
    assert kinds(moisture=standing, model=MODEL) == [AnomalyKind.DRAINAGE_BLOCKED]
    assert kinds(moisture=over_time(30 + 0.2 * np.sin(HOURS)), model=MODEL) == []
    assert kinds(moisture=over_time(56 - HOURS / 20), model=MODEL) == []
    assert kinds(moisture=standing.between(NOW - 2 * DAY_S, NOW), model=MODEL) == []


def test_a_heater_in_the_dark() -> None:
    night = DAYLIGHT < 9
    warmth = 20 + 6.0 * (((HOURS * 60) % 180 < 60) & night)
    found = kinds(temperature=over_time(warmth), light=over_time(DAYLIGHT))
    assert found == [AnomalyKind.HEATING_NEAR]
    # The sun may warm as it likes.
    sunny = 20 + 6.0 * (((HOURS * 60) % 180 < 60) & ~night)
    assert kinds(temperature=over_time(sunny), light=over_time(DAYLIGHT)) == []


def test_hot_dry_air_without_bright_light() -> None:
    hot = {"temperature": over_time(33.0), "vpd": over_time(3.0)}
    assert kinds(**hot) == [AnomalyKind.HEATING_NEAR]
    assert kinds(**hot, light=over_time(370)) == []
    assert kinds(temperature=over_time(33.0), vpd=over_time(1.0)) == []


def test_old_readings_accuse_nobody() -> None:
    values = drying()
    values[-120:] -= np.linspace(0, 18, 120)
    evidence = Evidence(moisture=over_time(values), temperature=over_time(33.0), model=MODEL)
    assert anomalies(evidence, now=NOW + 3 * DAY_S) == ()
    assert anomalies(evidence, now=NOW - 30 * HOUR_S - 3 * DAY_S) == ()


@settings(max_examples=60, deadline=None)
@given(readings(-50, 150, most=200), readings())
def test_any_readings(moisture: Series, other: Series) -> None:
    evidence = Evidence(moisture=moisture, temperature=other, vpd=other, light=other, model=MODEL)
    for found in anomalies(evidence, now=NOW):
        assert found.since <= NOW
        assert np.isfinite(found.value)
