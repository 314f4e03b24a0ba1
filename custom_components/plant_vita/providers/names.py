"""Scientific names as several services write them, made comparable.

Article H.3 of the International Code of Nomenclature for algae, fungi, and plants has the spelling
of hybrids: a multiplication sign, for which an x stands on most keyboards.
"""

import re
from dataclasses import dataclass
from typing import override

from .plain import plain_name

_WORD = re.compile(r"[^\W\d_][\w-]*[\w]|[^\W\d_]", re.UNICODE)
_CROSS = frozenset({"×", "x", "X", "✕"})
_RANKS = frozenset({"subsp", "ssp", "var", "subvar", "f", "fo", "cv", "convar"})
_NONE = frozenset({"sp", "spp", "species", "indet", "cf", "aff"})
_QUOTED = re.compile("['‘’\"“”].*?['‘’\"“”]")


@dataclass(frozen=True, slots=True)
class ScientificName:
    """Genus and epithet; `epithet` is "" where only the genus is known."""

    genus: str
    epithet: str
    hybrid: bool

    @property
    def key(self) -> str:
        """What two spellings of one name have in common."""
        return f"{self.genus} {self.epithet}".strip().casefold()

    @override
    def __str__(self) -> str:
        cross = "× " if self.hybrid and self.epithet else ""
        return f"{self.genus} {cross}{self.epithet}".strip()


def parse_name(text: str) -> ScientificName | None:
    """Genus and epithet of "Citrus x limon (L.) Osbeck"; authors, ranks and cultivars drop.

    None if it does not begin with a word. A name in capitals alone is taken as a name.
    """
    tokens = _QUOTED.sub(" ", text).split()
    hybrid = False
    words: list[str] = []
    for raw in tokens:
        token = raw.strip(".,;:()[]")
        if raw in _CROSS or (raw[:1] in "×✕" and not token[1:]):
            hybrid = True
            continue
        if token[:1] in {"×", "✕"}:
            hybrid, token = True, token[1:]
        if not _WORD.fullmatch(token):
            break
        words.append(token)
        if len(words) == 2:
            break
    if not words:
        return None
    genus = words[0].capitalize()
    second = words[1] if len(words) > 1 else ""
    if second.casefold() in _NONE | _RANKS or _is_author(second, words[0]):
        second = ""
    return ScientificName(genus=genus, epithet=second.lower(), hybrid=hybrid)


def _is_author(second: str, first: str) -> bool:
    """An author begins with a capital, an epithet does not, unless all of the name is capitals."""
    return second[:1].isupper() and not (second.isupper() and first.isupper() and len(second) > 2)


def searched(text: str) -> str:
    """What to type into a database's search to find a species: genus and epithet alone."""
    name = parse_name(text)
    return plain_name(f"{name.genus} {name.epithet}" if name else text)
