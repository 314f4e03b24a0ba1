"""What can be wrong with a plant, as keys that have a text in every language."""

from collections.abc import Iterable, Mapping
from typing import Final

from ..model.plant import Anomaly, AnomalyKind, Health, Status
from .definition import Input
from .sources import InputState

WATER_OVERDUE: Final = "water_overdue"
DRY: Final = "moisture_too_low"

# What a person should look at first comes first.
REASONS: Final = (
    AnomalyKind.LEAK.value,
    "temperature_too_low",
    "temperature_too_high",
    DRY,
    WATER_OVERDUE,
    "moisture_too_high",
    AnomalyKind.PROBE_OUT.value,
    "moisture_faulty",
    "moisture_stale",
    AnomalyKind.DRAINAGE_BLOCKED.value,
    AnomalyKind.HEATING_NEAR.value,
    "dli_too_low",
    "dli_too_high",
    "humidity_too_low",
    "humidity_too_high",
    "conductivity_too_low",
    "conductivity_too_high",
    "temperature_faulty",
    "temperature_stale",
    "light_faulty",
    "light_stale",
    "humidity_faulty",
    "humidity_stale",
    "conductivity_faulty",
    "conductivity_stale",
)
_RANK = {reason: rank for rank, reason in enumerate(REASONS)}
_BAD = frozenset({Status.TOO_LOW, Status.TOO_HIGH})
# Said of the input itself.
_OF_SENSORS = frozenset({AnomalyKind.DEAD_PROBE})


def reasons(
    health: Health | None,
    inputs: Mapping[Input, InputState],
    suspected: Iterable[Anomaly],
    *,
    overdue: bool,
) -> tuple[str, ...]:
    """Everything that is wrong, the most urgent first."""
    kinds = {one.kind for one in suspected} - _OF_SENSORS
    found = {kind.value for kind in kinds}
    factors = health.factors if health else ()
    found |= {f"{one.measure}_{one.status}" for one in factors if one.status in _BAD}
    for one, state in inputs.items():
        if state.faulty:
            # A probe in the air has its own word.
            if not (one is Input.MOISTURE and AnomalyKind.PROBE_OUT in kinds):
                found.add(f"{one}_faulty")
        elif state.stale:
            found.add(f"{one}_stale")
    if overdue:
        found.add(WATER_OVERDUE)
    return tuple(sorted(found, key=_RANK.__getitem__))
