"""What is said to people in their own language; what they wrote themselves is data in it."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.translation import async_get_translations

from ..const import DOMAIN

LONGEST_NAME: Final = 60


class Words:
    """The texts of one language."""

    def __init__(self, texts: Mapping[str, str], entities: Mapping[str, str]) -> None:
        """Take the texts as Home Assistant has them."""
        self._texts = texts
        self._entities = entities

    def say(self, key: str, **values: Any) -> str:
        """One text; one that is missing never hides that nothing was said."""
        text = self._texts.get(f"component.{DOMAIN}.common.{key}", key)
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text

    def reasons(self, keys: Iterable[str]) -> str:
        """What is wrong, as the entities show it."""
        where = f"component.{DOMAIN}.entity.sensor.problem_reason.state"
        return ", ".join(self._entities.get(f"{where}.{key}", key) for key in keys)


async def async_words(hass: HomeAssistant, language: str) -> Words:
    """The texts of a language, or the English ones where there are none."""
    return Words(
        await async_get_translations(hass, language, "common", [DOMAIN]),
        await async_get_translations(hass, language, "entity", [DOMAIN]),
    )


async def async_said(hass: HomeAssistant, error: HomeAssistantError, language: str | None) -> str:
    """An error in the language of whoever asks."""
    key = f"component.{DOMAIN}.exceptions.{error.translation_key}.message"
    words = await async_get_translations(
        hass, language or hass.config.language, "exceptions", [DOMAIN]
    )
    text = words.get(key) or str(error)
    for name, value in (error.translation_placeholders or {}).items():
        text = text.replace(f"{{{name}}}", value)
    return text


def plain(name: str, longest: int = LONGEST_NAME) -> str:
    """A text on one line, and no longer than names are: it is data, whatever it says."""
    shown = "".join(sign if sign.isprintable() else " " for sign in name)
    return " ".join(shown.split())[:longest]
