"""Which plant somebody means who types or speaks with mistakes.

Two plants that fit nearly alike are both found: whoever asks has to ask back, not to guess.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ..species.distance import letter_positions, typing_distance
from ..species.folding import folded

LONGEST: Final = 80  # letters; what is longer is no name, and only costs time
EXACT: Final = 1.0
SURE: Final = 0.93
"""From here on a plant may be watered without asking back."""
_SPECIES: Final = 0.98
_SOUNDS: Final = 0.96
_PART: Final = 0.95
_PART_HEARD: Final = 0.9
_TYPED: Final = 0.9
_NEAR: Final = 0.04
# Letters that are spoken alike in most of the languages of the house.
_SPOKEN: Final = (
    ("ph", "f"),
    ("th", "t"),
    ("ck", "k"),
    ("qu", "k"),
    ("x", "ks"),
    ("c", "k"),
    ("z", "s"),
    ("y", "i"),
    ("v", "f"),
    ("w", "f"),
)
_TWICE = re.compile(r"(.)\1+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Called:
    """What a plant is called: `own` names a person gave it, `kinds` are those of its species."""

    own: tuple[str, ...]
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Meant:
    """The plants that may be meant, the best first, and how well the best fits (0–1)."""

    plant_ids: tuple[str, ...]
    score: float


def meant(said: str, called: Mapping[str, Called]) -> Meant:
    """The plants that `said` may mean; more than one where they fit alike, none where none does."""
    phrase = folded(said[:LONGEST])
    scores = {plant_id: _score(phrase, one) for plant_id, one in called.items()} if phrase else {}
    best = max(scores.values(), default=0.0)
    if best == 0:
        return Meant(plant_ids=(), score=0.0)
    # Who says a name as it is means that plant, however like another one's is.
    least = best if best == EXACT else best - _NEAR
    found = sorted(
        (id_ for id_, one in scores.items() if one >= least), key=lambda id_: -scores[id_]
    )
    return Meant(plant_ids=tuple(found), score=best)


def sounding(text: str) -> str:
    """`text` as it is about spoken: words that sound alike are the same."""
    spoken = folded(text).replace(" ", "")
    for written, heard in _SPOKEN:
        spoken = spoken.replace(written, heard)
    return _TWICE.sub(r"\1", spoken)


def _score(phrase: str, called: Called) -> float:
    own = max((_likeness(phrase, name) for name in called.own), default=0.0)
    kind = max((_likeness(phrase, name) for name in called.kinds), default=0.0)
    return max(own, kind * _SPECIES)


def _likeness(phrase: str, name: str) -> float:
    """1 for the same, 0 for something else."""
    known = folded(name[:LONGEST])
    if not known:
        return 0.0
    if phrase == known or phrase.replace(" ", "") == known.replace(" ", ""):
        return EXACT
    if sounding(phrase) == sounding(known):
        return _SOUNDS
    words, wanted = known.split(), phrase.split()
    if len(wanted) < len(words) and (part := _part(wanted, words)):
        return part
    return _typed(phrase, known)


def _part(wanted: Iterable[str], words: Iterable[str]) -> float:
    """What it is worth that only some words of a name are said, in any order."""
    if set(wanted) <= set(words):
        return _PART
    heard = {sounding(one) for one in words}
    return _PART_HEARD if all(sounding(one) in heard for one in wanted) else 0.0


def _typed(phrase: str, known: str) -> float:
    """What is left of 0.9 or, for a long name with one mistake, of certainty."""
    mistakes, _ = typing_distance(letter_positions(phrase), len(phrase), known)
    longest = max(len(phrase), len(known))
    allowed = 0 if longest < 4 else 1 if longest < 6 else 2 if longest < 10 else 3
    if mistakes > allowed:
        return 0.0
    # Of six letters one may be wrong and the word is still no other.
    return SURE if mistakes == 1 and longest >= 6 else _TYPED * (1 - mistakes / longest)
