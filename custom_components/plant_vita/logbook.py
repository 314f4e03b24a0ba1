"""The logbook: each watering with who asked for it and what came in between, and what photos told.

It calls the descriptions in a thread of the recorder.
"""

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
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.translation import async_get_cached_translations
from homeassistant.util.event_type import EventType

from .actions.wording import plain
from .const import DOMAIN, MANUFACTURER
from .model.finding import Task
from .photos.announcing import EVENTS
from .watering.happened import EVENT_WATERING

_GIVEN: Final = "mdi:watering-can"
_NOT_GIVEN: Final = "mdi:water-off"
_DIAGNOSED: Final = "mdi:stethoscope"
_IDENTIFIED: Final = "mdi:image-search"

type Describe = Callable[[LazyEventPartialState], dict[str, Any]]


@callback
def async_describe_events(
    hass: HomeAssistant, async_describe_event: Callable[[str, EventType[Any] | str, Describe], None]
) -> None:
    """Say what our events mean, in the language of the house."""

    @callback
    def watered(event: LazyEventPartialState) -> dict[str, Any]:
        told, words = event.data, _Words(hass)
        source, ml = words.common(f"logbook_by_{told['source']}"), told["ml"]
        # Not a drop: then what kept it is all there is to say.
        key = "logbook_refused" if told["why"] and not ml else "logbook_given"
        message = words.common(key).format(ml=f"{ml:g}", source=source)
        if told["why"]:
            message = f"{message} {words.reason(told['why'], told['placeholders'])}"
        return _entry(event, told["plant"], message, _GIVEN if ml else _NOT_GIVEN)

    @callback
    def diagnosed(event: LazyEventPartialState) -> dict[str, Any]:
        found = next(iter(event.data["findings"]), None)
        key = "logbook_nothing_ails" if found is None else "logbook_ails"
        message = _Words(hass).common(key)
        if found is not None:
            sure = round(found["confidence"] * 100)
            message = message.format(what=plain(found["name"]), sure=sure)
        return _entry(event, _name(hass, event), message, _DIAGNOSED)

    @callback
    def identified(event: LazyEventPartialState) -> dict[str, Any]:
        species = event.data["species"]
        message = _Words(hass).common("logbook_is" if species else "logbook_unknown")
        if species:
            sure = round((event.data["confidence"] or 0) * 100)
            message = message.format(species=plain(species), sure=sure)
        return _entry(event, _name(hass, event), message, _IDENTIFIED)

    async_describe_event(DOMAIN, EVENT_WATERING, watered)
    async_describe_event(DOMAIN, EVENTS[Task.DIAGNOSE], diagnosed)
    async_describe_event(DOMAIN, EVENTS[Task.IDENTIFY], identified)


def _entry(event: LazyEventPartialState, name: str, message: str, icon: str) -> dict[str, Any]:
    return {
        LOGBOOK_ENTRY_NAME: name,
        LOGBOOK_ENTRY_MESSAGE: message,
        LOGBOOK_ENTRY_ICON: icon,
        LOGBOOK_ENTRY_CONTEXT_ID: event.context_id,
    }


def _name(hass: HomeAssistant, event: LazyEventPartialState) -> str:
    """What the plant is called; a photo may be of none, or of one that is gone."""
    device = dr.async_get(hass).async_get(event.data["device_id"] or "")
    return (device and (device.name_by_user or device.name)) or MANUFACTURER


class _Words:
    """The texts, which are loaded as long as the integration is."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass

    def common(self, key: str) -> str:
        return self._text("common", key)

    def reason(self, key: str, placeholders: dict[str, str]) -> str:
        return self._text("exceptions", f"{key}.message").format(**placeholders)

    def _text(self, category: str, key: str) -> str:
        language = self._hass.config.language
        texts = async_get_cached_translations(self._hass, language, category, DOMAIN)
        return texts.get(f"component.{DOMAIN}.{category}.{key}", key)
