"""A person's yes to the water that a model wants to give.

A model that asks for water gets nothing but a word. The word is worth something only in a later
message of the same person: a model cannot ask and answer by itself in one go.
"""

import time
from dataclasses import dataclass
from secrets import token_hex
from typing import Final

from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers.singleton import singleton
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

VALID_S: Final = 300.0
_MOST: Final = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """So much water, in ml, for one plant."""

    plant_id: str
    ml: float


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    wish: Wish
    context_id: str
    user_id: str | None
    assistant: str
    until: float


class Consent:
    """What was asked and not answered yet; only the latest few, and not for long."""

    def __init__(self) -> None:
        """Nothing was asked."""
        self._asked: dict[str, _Asked] = {}

    def ask(self, wish: Wish, context: Context, assistant: str) -> str:
        """A word that stands for this wish."""
        word = token_hex(4)
        self._asked[word] = _Asked(
            wish=wish,
            context_id=context.id,
            user_id=context.user_id,
            assistant=assistant,
            until=time.time() + VALID_S,
        )
        while len(self._asked) > _MOST:
            del self._asked[next(iter(self._asked))]
        return word

    def given(self, word: str, plant_id: str, context: Context, assistant: str) -> Wish | None:
        """The wish, once, if a person has said something since; None for anything else."""
        asked = self._asked.get(word)
        # The same message again: the word stays, the person may still answer.
        if asked is None or asked.context_id == context.id:
            return None
        del self._asked[word]
        fits = (
            asked.wish.plant_id == plant_id
            and asked.user_id == context.user_id
            and asked.assistant == assistant
            and time.time() <= asked.until
        )
        return asked.wish if fits else None


DATA_CONSENT: HassKey[Consent] = HassKey(f"{DOMAIN}_consent")


@singleton(DATA_CONSENT)
def async_get_consent(hass: HomeAssistant) -> Consent:
    """The one of this Home Assistant."""
    return Consent()
