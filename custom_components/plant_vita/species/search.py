"""Find a species by what a person types: with mistakes, without accents, not yet finished.

No well-kept library for this comes with Home Assistant, and some five thousand short names need
little: names and their words are found by the groups of three letters they share with the query,
and the best of those are compared letter by letter.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from ..model.species import Species
from .distance import letter_positions, typing_distance
from .folding import folded

LONGEST_QUERY = 80  # letters; what is longer was not typed, and only costs time
_CANDIDATES = 40  # terms compared letter by letter for each word of the query
_SHORT = 6  # letters of a word that one mistake may change beyond recognition
_WORDS = 8  # words of a query that are looked at
_PREFIX = 0.92  # what a name is worth of which only the beginning was typed
_PART = 0.9  # and one of which only some words were
_OWN_LANGUAGE, _SCIENTIFIC, _PLACE = 0.03, 0.01, 0.001
_GOOD_ENOUGH = 0.55


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """A species found, by which of its names, and how well: 1 or a little more is exact."""

    species: Species
    name: str
    score: float


@dataclass(frozen=True, slots=True)
class _Name:
    """One spelling of a species' name, with the languages it is used in ("" is Latin).

    `place` is 0 for the most usual name in one of them, 1 for the next, and so on.
    """

    species: int
    text: str
    length: int
    place: int
    languages: frozenset[str]


class SpeciesIndex:
    """The names of some species, ready to be searched.

    Species that come earlier win where two fit equally well. Building takes some 50 ms for the
    whole catalogue; searching changes nothing, so that several threads may search at once.
    """

    def __init__(self, species: Iterable[Species]) -> None:
        self._species = tuple(species)
        self._names: list[_Name] = []
        self._terms: list[str] = []
        self._whole: list[list[int]] = []  # for each term the names it is
        self._part: list[list[int]] = []  # and those it is a word of
        self._ids: dict[str, int] = {}
        self._grams: dict[str, list[int]] = {}
        for index, one in enumerate(self._species):
            for spelling, (text, place, languages) in _spellings(one).items():
                name = _Name(index, text, len(spelling), place, frozenset(languages))
                self._add(spelling, name)
        for term, index in self._ids.items():
            for gram in _grams(term):
                self._grams.setdefault(gram, []).append(index)

    def __len__(self) -> int:
        """How many species can be found."""
        return len(self._species)

    def _add(self, spelling: str, name: _Name) -> None:
        number = len(self._names)
        self._names.append(name)
        words = spelling.split()
        self._whole[self._term("".join(words))].append(number)
        if len(words) > 1:
            for word in set(words):
                self._part[self._term(word)].append(number)

    def _term(self, term: str) -> int:
        index = self._ids.setdefault(term, len(self._terms))
        if index == len(self._terms):
            self._terms.append(term)
            self._whole.append([])
            self._part.append([])
        return index

    def search(self, query: str, language: str = "en", limit: int = 10) -> tuple[Match, ...]:
        """The best matches for `query`, at most `limit`, each species once, the best first.

        Names in `language` ("de", "de-AT", …) come before equally good ones. Nothing is found
        for a query without letters or digits.
        """
        words = folded(query[:LONGEST_QUERY]).split()[:_WORDS]
        if not words:
            return ()
        scores = self._by_words(words)
        joined = "".join(words)
        for term, fit in self._similar(joined):
            for number in self._whole[term]:
                scores[number] = max(fit, scores.get(number, 0))
        return self._best(scores, language.partition("-")[0].lower(), limit)

    def _best(self, scores: dict[int, float], language: str, limit: int) -> tuple[Match, ...]:
        best: dict[int, tuple[float, int]] = {}
        for number, fit in scores.items():
            if fit < _GOOD_ENOUGH:
                continue
            name = self._names[number]
            found = (_score(name, fit, language), -number)
            if found > best.get(name.species, (0, 0)):
                best[name.species] = found
        order = sorted(best, key=lambda index: (-best[index][0], index))[: max(limit, 0)]
        return tuple(
            Match(
                species=self._species[index],
                name=self._names[-best[index][1]].text,
                score=best[index][0],
            )
            for index in order
        )

    def _by_words(self, words: list[str]) -> dict[int, float]:
        """How well each name fits word by word, in whatever order the words come."""
        total = sum(map(len, words))
        fits: dict[int, float] = {}
        for word in words:
            best: dict[int, float] = {}
            for term, fit in self._similar(word):
                for number in chain(self._part[term], self._whole[term]):
                    if fit > best.get(number, 0):
                        best[number] = fit
            for number, fit in best.items():
                fits[number] = fits.get(number, 0) + fit * len(word) / total
        for number, fit in fits.items():
            covered = min(total / self._names[number].length, 1)
            fits[number] = fit * (_PART + (1 - _PART) * covered * covered)
        return fits

    def _similar(self, word: str) -> Iterator[tuple[int, float]]:
        """The terms most like `word`, with a figure from 0 to 1 (the same)."""
        terms, length = self._terms, len(word)
        grams = _grams(word)[0 if length <= _SHORT else 1 :]
        counts = Counter(chain.from_iterable(self._grams.get(gram, ()) for gram in grams))
        least = _least(counts)
        # Of terms that share equally many groups of letters, the one nearest in length.
        ranked = sorted(
            (abs(len(terms[term]) - length) - 4 * count, term)
            for term, count in counts.items()
            if count >= least
        )
        places = letter_positions(word)
        for _, term in ranked[:_CANDIDATES]:
            text = terms[term]
            whole, start = typing_distance(places, length, text)
            fit = 1 - whole / max(length, len(text))
            if start * 4 <= length:
                fit = max(fit, (1 - start / length) * _PREFIX)
            yield term, fit


def _score(name: _Name, fit: float, language: str) -> float:
    """What `name` is worth to somebody who speaks `language`."""
    if language in name.languages:
        bonus = _OWN_LANGUAGE
    else:
        bonus = _SCIENTIFIC if "" in name.languages else 0
    # Of two plants of one name, the one whose usual name it is.
    return fit + bonus - (_PLACE * name.place if fit >= 1 else 0)


def _spellings(species: Species) -> dict[str, tuple[str, int, set[str]]]:
    """Each spelling that can be told from the others: its text, place and languages."""
    found: dict[str, tuple[str, int, set[str]]] = {}
    latin = (species.scientific_name, *species.synonyms)
    for language, names in chain([("", latin)], species.names.items()):
        for place, text in enumerate(names):
            spelling = folded(text)
            if spelling:
                found.setdefault(spelling, (text, place, set()))[2].add(language)
    return found


def _least(counts: Counter[int]) -> int:
    """The count that enough terms reach to be the candidates: what is below need not be sorted."""
    enough = 0
    for count, terms in sorted(Counter(counts.values()).items(), reverse=True):
        enough += terms
        if enough >= _CANDIDATES:
            return count
    return 1


def _grams(term: str) -> list[str]:
    """The first letter of `term`, and the groups of three with its beginning and its end.

    The first letter is for words so short that one mistake touches all their groups, or just
    begun.
    """
    padded = f"^{term}$"
    groups = [padded[place : place + 3] for place in range(len(padded) - 2)]
    return list(dict.fromkeys([padded[:2], *groups]))
