"""All that is known of one plant as a plain mapping, to be read in another Home Assistant.

What comes back may have been written by anybody: every figure is checked before anything is done.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any, Final

import numpy as np

from ..analysis import stored as pots
from ..analysis.drydown import DryDown, untaught
from ..analysis.lamps import Source as Lamp
from ..species.thresholds import ThresholdError, checked
from .definition import HELPER_DOMAINS, NUMERIC_DOMAINS, Input, Scale
from .memory import LOG_KEPT
from .state import Care

FORMAT: Final = "plant_vita.plant"
VERSION: Final = 1
# A full profile has some 3,000 values; whoever sends more does not send a plant.
MOST_VALUES: Final = 10_000
LONGEST_TEXT: Final = 200
_MOST_ENTITIES = 20
_POT_CM = (2.0, 200.0)
# A clock that is a little ahead is no reason to refuse.
_AHEAD_S = 300.0
# Emoji are put together with these.
_JOINERS = "\u200c\u200d"


class ProfileError(ValueError):
    """This is no profile: `key` is that of the text that says so, `field` what is wrong in it."""

    def __init__(self, field: str, key: str = "profile_invalid") -> None:
        super().__init__(f"{key}: {field}")
        self.field, self.key = field, key


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Portable:
    """One plant, bound to entities by their ids; times are Unix seconds.

    `helpers` are its pump, grow light and camera, by the names of `HELPER_DOMAINS`; `scales` are
    those of single probes, by their entity ids.
    """

    name: str
    species: str = ""
    outdoors: bool = False
    pot_cm: float | None = None
    inputs: Mapping[Input, tuple[str, ...]] = field(default_factory=dict)
    helpers: Mapping[str, str] = field(default_factory=dict)
    scale: Scale | None = None
    scales: Mapping[str, Scale] = field(default_factory=dict)
    lamp: Lamp = Lamp.SUNLIGHT
    limits: Mapping[str, float] = field(default_factory=dict)
    model: DryDown = field(default_factory=untaught)
    last: Mapping[Care, float] = field(default_factory=dict)
    log: tuple[tuple[float, Care], ...] = ()


def as_mapping(plant: Portable) -> dict[str, Any]:
    """JSON types only; some 10 kB."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": plant.name,
        "species": plant.species,
        "outdoors": plant.outdoors,
        "pot_cm": plant.pot_cm,
        "inputs": {str(one): list(entity_ids) for one, entity_ids in plant.inputs.items()},
        "helpers": dict(plant.helpers),
        "scale": _points(plant.scale) if plant.scale else None,
        "scales": {entity_id: _points(scale) for entity_id, scale in plant.scales.items()},
        "lamp": str(plant.lamp),
        "limits": dict(plant.limits),
        "model": pots.as_stored(plant.model),
        "last": {str(care): at for care, at in plant.last.items()},
        "log": [[at, str(care)] for at, care in plant.log],
    }


def _points(scale: Scale) -> dict[str, float]:
    return {"dry": scale.dry, "wet": scale.wet}


def from_mapping(profile: object, now: float) -> Portable:
    """What `as_mapping` gave; raises `ProfileError` for anything else. Takes a few milliseconds."""
    _check_size(profile)
    if not isinstance(profile, Mapping) or profile.get("format") != FORMAT:
        raise ProfileError("format")
    if profile.get("version") != VERSION or isinstance(profile["version"], bool):
        raise ProfileError("version", "profile_version")
    if profile.keys() - _READERS.keys() - {"format", "version"}:
        # What it is called is not repeated: it may be anything.
        raise ProfileError("profile")
    found = {}
    for name, read in _READERS.items():
        try:
            found[name] = read(profile[name], now)
        except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
            raise ProfileError(name) from error
    return Portable(**found)


def _check_size(profile: object) -> None:
    """Count before looking closer; not by calling itself, for it may be deep."""
    left, values = MOST_VALUES, [profile]
    while values:
        value = values.pop()
        left -= 1
        if isinstance(value, Mapping):
            values += [*value.keys(), *value.values()]
        elif isinstance(value, list | tuple):
            values += value
        if left < len(values) or (isinstance(value, str) and len(value) > LONGEST_TEXT):
            raise ProfileError("profile", "profile_too_large")


def _text(said: object, _now: float) -> str:
    """One line that nobody can take for markup."""
    if not isinstance(said, str):
        raise TypeError
    for sign in said:
        hidden = unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        if sign in "<>" or (hidden and sign not in _JOINERS):
            raise ValueError
    if "](" in said:
        raise ValueError
    return said.strip()


def _name(said: object, now: float) -> str:
    if not (name := _text(said, now)):
        raise ValueError
    return name


def _bool(said: object, _now: float) -> bool:
    if not isinstance(said, bool):
        raise TypeError
    return said


def _number(said: object, low: float, high: float) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float):
        raise TypeError
    if not (low <= said <= high and isfinite(said)):
        raise ValueError
    return float(said)


def _pot(said: object, _now: float) -> float | None:
    return None if said is None else _number(said, *_POT_CM)


def _entity(said: object, domains: tuple[str, ...]) -> str:
    """An entity id as Home Assistant makes them, of something that can be bound there."""
    if not isinstance(said, str):
        raise TypeError
    domain, dot, name = said.partition(".")
    if domain not in domains or not dot or not name.isascii():
        raise ValueError
    if not name.replace("_", "a").isalnum() or name != name.lower():
        raise ValueError
    return said


def _inputs(said: Any, _now: float) -> dict[Input, tuple[str, ...]]:
    found = {}
    for one, entity_ids in said.items():
        if not isinstance(entity_ids, list | tuple) or len(entity_ids) > _MOST_ENTITIES:
            raise ValueError
        if entity_ids:
            found[Input(one)] = tuple(_entity(each, NUMERIC_DOMAINS) for each in entity_ids)
    return found


def _helpers(said: Any, _now: float) -> dict[str, str]:
    return {str(name): _entity(each, HELPER_DOMAINS[name]) for name, each in said.items()}


def _scale(said: Any, _now: float) -> Scale | None:
    return None if said is None else _two_points(said)


def _scales(said: Any, _now: float) -> dict[str, Scale]:
    if len(said) > _MOST_ENTITIES:
        raise ValueError
    return {_entity(one, NUMERIC_DOMAINS): _two_points(scale) for one, scale in said.items()}


def _lamp(said: Any, _now: float) -> Lamp:
    return Lamp(said)


def _two_points(said: Any) -> Scale:
    dry, wet = (_number(said[end], -1e9, 1e9) for end in ("dry", "wet"))
    if dry == wet:
        raise ValueError
    return Scale(dry=dry, wet=wet)


def _limits(said: Any, _now: float) -> dict[str, float]:
    limits = {str(key): _number(number, -1e6, 1e6) for key, number in said.items()}
    try:
        return dict(checked(limits))
    except ThresholdError as error:
        raise ValueError from error


def _model(said: Any, now: float) -> DryDown:
    model = pots.from_stored(said)
    if model is None or not _may_be_learnt(model):
        raise ValueError
    # Another clock may have been ahead; nothing would be learnt until then.
    return replace(model, until=min(model.until, now))


def _may_be_learnt(model: DryDown) -> bool:
    """Whether a pot can have taught this: sums of squares, and figures of this world."""
    sums = np.abs(np.concatenate((model.gram.ravel(), model.moment.ravel())))
    errors = model.errors[np.isfinite(model.errors)]
    limits = np.array([model.low, model.high])
    least = np.linalg.eigvalsh(model.gram).min()
    return bool(
        sums.max() <= 1e5
        and least >= -1e-3 * (1.0 + sums.max())
        and (model.days >= 0).all()
        and (model.days <= 1e4).all()
        and (np.isnan(limits) | ((limits >= -50) & (limits <= 150))).all()
        and np.abs(model.usual).max() <= 1e6
        and (model.seen >= 0).all()
        and (model.seen <= 1e6).all()
        and (np.abs(errors) <= 1e6).all()
        and max(model.rated, *model.misses) <= 1e6
    )


def _last(said: Any, now: float) -> dict[Care, float]:
    return {Care(care): _number(at, 0.0, now + _AHEAD_S) for care, at in said.items()}


def _log(said: Any, now: float) -> tuple[tuple[float, Care], ...]:
    if not isinstance(said, list | tuple) or len(said) > LOG_KEPT:
        raise ValueError
    return tuple(sorted((_number(at, 0.0, now + _AHEAD_S), Care(care)) for at, care in said))


_READERS: Final[Mapping[str, Callable[[Any, float], Any]]] = {
    "name": _name,
    "species": _text,
    "outdoors": _bool,
    "pot_cm": _pot,
    "inputs": _inputs,
    "helpers": _helpers,
    "scale": _scale,
    "scales": _scales,
    "lamp": _lamp,
    "limits": _limits,
    "model": _model,
    "last": _last,
    "log": _log,
}
