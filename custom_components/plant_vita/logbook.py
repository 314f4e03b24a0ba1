"""Waterings in the logbook: how much, who asked for it, and what came in between."""

from collections.abc import Callable
from typing import Any, Final

from homeassistant.components.logbook import (
    LOGBOOK_ENTRY_CONTEXT_ID,
    LOGBOOK_ENTRY_ICON,
    LOGBOOK_ENTRY_MESSAGE,
    LOGBOOK_ENTRY_NAME,
    LazyEventPartialState,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.translation import async_get_cached_translations
from homeassistant.util.event_type import EventType

from .const import DOMAIN
from .watering.happened import EVENT_WATERING

_GIVEN: Final = "mdi:watering-can"
_NOT_GIVEN: Final = "mdi:water-off"

type Describe = Callable[[LazyEventPartialState], dict[str, Any]]


@callback
def async_describe_events(
    hass: HomeAssistant, async_describe_event: Callable[[str, EventType[Any] | str, Describe], None]
) -> None:
    """Say what our events mean, in the language of the house."""

    @callback
    def describe(event: LazyEventPartialState) -> dict[str, Any]:
        told, words = event.data, _Words(hass)
        source, ml = words.source(told["source"]), told["ml"]
        # Not a drop: then what kept it is all there is to say.
        key = "logbook_refused" if told["why"] and not ml else "logbook_given"
        message = words.common(key).format(ml=f"{ml:g}", source=source)
        if told["why"]:
            message = f"{message} {words.reason(told['why'], told['placeholders'])}"
        return {
            LOGBOOK_ENTRY_NAME: told["plant"],
            LOGBOOK_ENTRY_MESSAGE: message,
            LOGBOOK_ENTRY_ICON: _GIVEN if ml else _NOT_GIVEN,
            LOGBOOK_ENTRY_CONTEXT_ID: event.context_id,
        }

    async_describe_event(DOMAIN, EVENT_WATERING, describe)


class _Words:
    """The texts, which are loaded as long as the integration is."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass

    def common(self, key: str) -> str:
        return self._text("common", key)

    def source(self, source: str) -> str:
        return self._text("common", f"logbook_by_{source}")

    def reason(self, key: str, placeholders: dict[str, str]) -> str:
        return self._text("exceptions", f"{key}.message").format(**placeholders)

    def _text(self, category: str, key: str) -> str:
        language = self._hass.config.language
        texts = async_get_cached_translations(self._hass, language, category, DOMAIN)
        return texts.get(f"component.{DOMAIN}.{category}.{key}", key)
