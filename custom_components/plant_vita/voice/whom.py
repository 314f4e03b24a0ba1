"""Which plants a phrase is about: one by its name, or all that stand somewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..species.folding import folded
from .naming import EXACT, SURE, meant
from .seen import Seen
from .sentences import LANGUAGES

_ENGLISH: Final = "en"


@dataclass(frozen=True, kw_only=True, slots=True)
class Whom:
    """The plants that may be meant; `together` if all of them are, `sure` if nothing is guessed."""

    plants: tuple[Seen, ...]
    together: bool = False
    sure: bool = True


def whom(phrase: str, seen: Mapping[str, Seen], language: str) -> Whom:
    """Find the plants: "basil", "the basil in the kitchen", "the plants in the kitchen"."""
    code = language.partition("-")[0].lower()
    words = LANGUAGES.get(code, LANGUAGES[_ENGLISH])
    articles, links = frozenset(words.articles.split()), frozenset(words.links.split())
    said = _without(folded(phrase).split(), articles)
    whole = _by_name(said, seen)
    if whole.plants and (whole.sure or len(whole.plants) == 1) and not whole.together:
        exact = meant(" ".join(said), {id_: one.called for id_, one in seen.items()})
        if exact.score == EXACT:
            return whole
    if all(word in articles | links for word in said):
        return Whom(plants=())
    left, place = _place(said, seen, links)
    if place is None:
        return Whom(plants=()) if _is_group(said, words.plants) else whole
    there = {id_: one for id_, one in seen.items() if place in _folded_areas(one)}
    if not left or _is_group(_without(left, articles), words.plants):
        return Whom(plants=tuple(there.values()), together=True)
    return _by_name(_without(left, articles), there)


def at_place(phrase: str, seen: Mapping[str, Seen], language: str) -> tuple[Seen, ...] | None:
    """The plants that stand in the place of a phrase; None for no place that is known."""
    words = LANGUAGES.get(language.partition("-")[0].lower(), LANGUAGES[_ENGLISH])
    _, place = _place(folded(phrase).split(), seen, frozenset(words.links.split()))
    if place is None:
        return None
    return tuple(one for one in seen.values() if place in _folded_areas(one))


def _by_name(said: list[str], seen: Mapping[str, Seen]) -> Whom:
    found = meant(" ".join(said), {id_: one.called for id_, one in seen.items()})
    return Whom(plants=tuple(seen[id_] for id_ in found.plant_ids), sure=found.score >= SURE)


def _place(
    said: list[str], seen: Mapping[str, Seen], links: frozenset[str]
) -> tuple[list[str], str | None]:
    """What is left of the words without the place at their end, and the place, if there is one."""
    places = {area for one in seen.values() for area in _folded_areas(one)}
    for area in sorted(places, key=len, reverse=True):
        words = area.split()
        if words and said[-len(words) :] == words:
            left = said[: -len(words)]
            while left and left[-1] in links:
                left = left[:-1]
            return left, area
    return said, None


def _folded_areas(seen: Seen) -> tuple[str, ...]:
    return tuple(folded(area) for area in seen.areas)


def _is_group(said: list[str], plants: str) -> bool:
    return bool(said) and all(word in plants.split() for word in said)


def _without(said: list[str], articles: frozenset[str]) -> list[str]:
    """Without the articles before the name; a name that is an article stays."""
    while len(said) > 1 and said[0] in articles:
        said = said[1:]
    return said
