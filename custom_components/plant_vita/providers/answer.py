"""Read what a service answered as strictly as it is documented.

Every look into an answer goes through here, so that an answer of another shape is one error, said
once, wherever the shape differs.
"""

import json
import math
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from ..model.errors import ProviderAnswerError
from .plain import is_name, plain

_MOST = 100  # entries of a list that are looked at


class Answer:
    """A JSON value and the path to it; the path is named in errors, the value never is."""

    __slots__ = ("path", "value")

    def __init__(self, value: object, path: str = "$") -> None:
        self.value: Any = value
        self.path = path

    def __getitem__(self, key: str) -> Answer:
        """A member that must be there."""
        if not isinstance(self.value, dict) or self.value.get(key) is None:
            raise self._wrong(f"has no {key}")
        return Answer(self.value[key], f"{self.path}.{key}")

    def get(self, key: str) -> Answer | None:
        """A member that may be missing or null."""
        if not isinstance(self.value, dict):
            raise self._wrong("is no object")
        found = self.value.get(key)
        return None if found is None else Answer(found, f"{self.path}.{key}")

    def items(self, most: int = _MOST) -> Iterator[Answer]:
        """The first entries of a list."""
        if not isinstance(self.value, list):
            raise self._wrong("is no list")
        for k, entry in enumerate(self.value[:most]):
            yield Answer(entry, f"{self.path}[{k}]")

    def string(self) -> str:
        """A text as it is: for words that are compared, not shown."""
        if not isinstance(self.value, str):
            raise self._wrong("is no text")
        return str(self.value)

    def text(self, limit: int = 500) -> str:
        """A text made plain, to be shown."""
        return plain(self.string(), limit)

    def name(self) -> str:
        """The name of a species or a disease."""
        found = self.string().strip()
        if not is_name(found):
            raise self._wrong("is no name")
        return found

    def word[T: StrEnum](self, words: type[T]) -> T:
        """One of some words."""
        found = self.string()
        if found not in set(words):
            raise self._wrong("is none of the words there are")
        return words(found)

    def identity(self) -> str:
        """An id that may be a number or a short word."""
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            return str(self.value)
        found = self.string()
        if not 0 < len(found) <= 100 or not all(s.isalnum() or s in "-_:." for s in found):
            raise self._wrong("is no id")
        return found

    def number(self) -> float:
        """A finite number."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self._wrong("is no number")
        found = float(self.value) if abs(self.value) < 1e15 else math.inf
        if not math.isfinite(found):
            raise self._wrong("is no finite number")
        return found

    def share(self) -> float:
        """A probability, 0–1; services round their sums, so a little more is still 1."""
        found = self.number()
        if not -0.01 <= found <= 1.01:
            raise self._wrong("is no probability")
        return min(1.0, max(0.0, found))

    def flag(self) -> bool:
        """True or false, of which some services make 1 and 0."""
        if self.value not in (True, False):
            raise self._wrong("is neither true nor false")
        return bool(self.value)

    def texts(self, most: int = 10) -> tuple[str, ...]:
        """A list of texts, or one alone; the empty ones are left out."""
        entries = self.items(most) if isinstance(self.value, list) else iter((self,))
        return tuple(text for text in (entry.text() for entry in entries) if text)

    def _wrong(self, how: str) -> ProviderAnswerError:
        return ProviderAnswerError(f"{self.path} {how}")


def parsed(body: bytes | str) -> Answer:
    """The JSON of a body. Raises ProviderAnswerError, without a word of the body."""
    failure = ""
    try:
        return Answer(json.loads(body, parse_constant=_no_constant))
    except (ValueError, RecursionError) as error:
        failure = type(error).__name__
    raise ProviderAnswerError(f"no JSON: {failure}")


def _no_constant(word: str) -> None:
    raise ValueError(word)
