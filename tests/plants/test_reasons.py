"""What is wrong, and in which order it is said."""

from custom_components.plant_vita.model.plant import (
    Anomaly,
    AnomalyKind,
    Factor,
    Flaw,
    Health,
    Status,
)
from custom_components.plant_vita.model.species import Measure
from custom_components.plant_vita.plants.definition import Input
from custom_components.plant_vita.plants.reasons import REASONS, reasons
from custom_components.plant_vita.plants.sources import InputState


def health(**status: Status) -> Health:
    factors = tuple(
        Factor(measure=Measure(name), status=one, score=None, value=1.0)
        for name, one in status.items()
    )
    return Health(score=50, factors=factors, limiting=None, problem=True, complete=True)


def saw(kind: AnomalyKind) -> Anomaly:
    return Anomaly(kind=kind, since=0.0, value=1.0)


def test_the_most_urgent_comes_first() -> None:
    found = reasons(
        health(humidity=Status.TOO_LOW, temperature=Status.TOO_LOW, moisture=Status.LOW),
        {Input.LIGHT: InputState(stale=True), Input.TEMPERATURE: InputState(stale=False)},
        [saw(AnomalyKind.HEATING_NEAR), saw(AnomalyKind.LEAK)],
        overdue=True,
    )
    assert found == (
        "leak",
        "temperature_too_low",
        "water_overdue",
        "heating_near",
        "humidity_too_low",
        "light_stale",
    )


def test_a_sensor_at_fault_is_not_called_silent_as_well() -> None:
    inputs = {Input.MOISTURE: InputState(stale=True, flaw=Flaw.OPEN)}
    assert reasons(None, inputs, [saw(AnomalyKind.DEAD_PROBE)], overdue=False) == (
        "moisture_faulty",
    )


def test_a_probe_in_the_air_has_its_own_word() -> None:
    inputs = {Input.MOISTURE: InputState(stale=False, flaw=Flaw.AIR)}
    found = reasons(None, inputs, [saw(AnomalyKind.PROBE_OUT)], overdue=False)
    assert found == ("probe_out_of_soil",)


def test_everything_that_can_be_wrong_has_its_place() -> None:
    every = health(**dict.fromkeys(Measure, Status.TOO_LOW))
    assert len(reasons(every, {}, [], overdue=False)) == len(Measure)
    kinds = [saw(kind) for kind in AnomalyKind]
    assert len(reasons(None, {}, kinds, overdue=False)) == len(kinds) - 1
    stale = {one: InputState(stale=True) for one in Input}
    faulty = {one: InputState(flaw=Flaw.FLAT) for one in Input}
    for inputs in (stale, faulty):
        assert len(reasons(None, inputs, [], overdue=False)) == len(Input)
    assert len(set(REASONS)) == len(REASONS)
