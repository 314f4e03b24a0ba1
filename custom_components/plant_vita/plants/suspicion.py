"""What looks wrong with the sensors of a plant, or around it, and for how long that is said."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from ..analysis.anomalies import Evidence, anomalies
from ..analysis.drydown import DryDown
from ..analysis.health import Observed
from ..analysis.history import Drivers
from ..analysis.quality import Quality, quality
from ..analysis.series import DAY_S, HOUR_S, MINUTE_S, NOTHING, Series, interval, noise
from ..model.plant import Anomaly, AnomalyKind, Flaw
from ..model.quantity import BY_WIRE, Quantity
from .definition import Input
from .sources import InputState
from .units import POSSIBLE

_PPFD = Quantity(
    key="illuminance",
    wire="",
    unit="μmol/(m² s)",
    minimum=POSSIBLE[Input.LIGHT][0],
    maximum=POSSIBLE[Input.LIGHT][1],
    decimals=1,
)
_KINDS: Final = {
    Input.MOISTURE: BY_WIRE["m"],
    Input.LIGHT: _PPFD,
    Input.TEMPERATURE: BY_WIRE["t"],
    Input.HUMIDITY: BY_WIRE["h"],
    Input.CONDUCTIVITY: BY_WIRE["ec"],
}
# Seen in the past of an input; all else the sources know themselves.
_SEEN = frozenset({Flaw.JUMP, Flaw.FLAT})
_LOOKED_AT_S = 4 * DAY_S
_NOISE_S = 6 * HOUR_S
_DOUBTED_READINGS, _LONGEST_DOUBT_S = 1.5, HOUR_S / 2
# What was seen is said for so long after it was last seen, so that nothing flaps.
_LINGERS: Final = {AnomalyKind.PROBE_OUT: 10 * MINUTE_S, AnomalyKind.LEAK: 6 * HOUR_S}
_LINGER_S = 12 * HOUR_S


@dataclass(frozen=True, kw_only=True, slots=True)
class Suspicion:
    """Something that looked wrong from `since` until `seen`, in Unix seconds."""

    since: float
    seen: float
    value: float


type Suspicions = Mapping[AnomalyKind, Suspicion]


def examined(
    inputs: Mapping[Input, InputState], tracks: Mapping[Input, Series], *, now: float
) -> dict[Input, InputState]:
    """The inputs with what their past says of them: one that never moves, one that just jumped."""
    found = {}
    for one, state in inputs.items():
        flaw = state.flaw
        if flaw is None and not state.stale:
            seen = quality(_KINDS[one], tracks.get(one, NOTHING), now=now).flaw
            flaw = seen if seen in _SEEN else None
        found[one] = replace(state, flaw=flaw)
    return found


def observed(state: InputState, readings: Series, value: float | None, *, now: float) -> Observed:
    """One input as health judges it."""
    recent = readings.between(now - _NOISE_S, now)
    doubted = 0.0
    if state.flaw is Flaw.JUMP and len(recent) > 2:
        doubted = min(_DOUBTED_READINGS * interval(recent), _LONGEST_DOUBT_S)
    return Observed(
        value=value,
        stale=state.stale,
        faulty=state.faulty,
        noise=noise(recent),
        doubted_s=doubted,
    )


def suspected(
    inputs: Mapping[Input, InputState],
    tracks: Mapping[Input, Series],
    drivers: Drivers,
    model: DryDown,
    before: Suspicions,
    *,
    now: float,
) -> dict[AnomalyKind, Suspicion]:
    """What looks wrong now, and what did a while ago."""
    start = now - _LOOKED_AT_S
    soil = inputs.get(Input.MOISTURE)
    flaw = soil.flaw if soil and soil.faulty else Flaw.STALE if soil and soil.stale else None
    evidence = Evidence(
        moisture=tracks.get(Input.MOISTURE, NOTHING).between(start, now),
        temperature=drivers.temperature.between(start, now),
        vpd=drivers.vpd.between(start, now),
        light=drivers.light.between(start, now),
        quality=Quality(flaw=flaw, since=now, age=None),
        model=model,
    )
    found = {
        kind: one
        for kind, one in before.items()
        # A clock that was set back must not make a suspicion last.
        if abs(now - one.seen) < _LINGERS.get(kind, _LINGER_S)
    }
    for one in anomalies(evidence, now=now):
        if one.kind is AnomalyKind.DEAD_PROBE:
            continue
        known = found.get(one.kind)
        since = min(one.since, known.since) if known else one.since
        found[one.kind] = Suspicion(since=since, seen=now, value=one.value)
    return found


def told(suspicions: Suspicions) -> tuple[Anomaly, ...]:
    """As the state of a plant has them."""
    return tuple(
        Anomaly(kind=kind, since=one.since, value=one.value) for kind, one in suspicions.items()
    )


def in_air(inputs: Mapping[Input, InputState], suspicions: Suspicions) -> dict[Input, InputState]:
    """What a probe in the air says is nothing of the soil."""
    if AnomalyKind.PROBE_OUT not in suspicions or Input.MOISTURE not in inputs:
        return dict(inputs)
    return {**inputs, Input.MOISTURE: replace(inputs[Input.MOISTURE], flaw=Flaw.AIR)}


def as_stored(suspicions: Suspicions) -> dict[str, Any]:
    """As JSON types."""
    return {kind: [one.since, one.seen, one.value] for kind, one in suspicions.items()}


def from_stored(stored: Mapping[str, Any]) -> dict[AnomalyKind, Suspicion]:
    """What `as_stored` gave; what is malformed is forgotten, and seen again if it is still so."""
    try:
        return {
            AnomalyKind(kind): Suspicion(since=float(since), seen=float(seen), value=float(value))
            for kind, (since, seen, value) in stored.items()
        }
    except AttributeError, TypeError, ValueError:
        return {}
