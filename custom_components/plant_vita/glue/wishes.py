"""What a person has set for the outputs and inputs of a node, kept in the options of its entry."""

from typing import Any

from homeassistant.core import HomeAssistant, callback

from ..const import (
    CONF_CHANNELS,
    CONF_DEAD_BAND,
    CONF_EVERY,
    CONF_HEARTBEAT,
    CONF_LEVELS,
    CONF_MEDIAN,
    CONF_PULSES,
    DEFAULT_LIGHT_S,
    DEFAULT_PULSE_S,
)
from ..coordinator import PlantVitaConfigEntry

_FULL_LEVEL = 100

# Our name for a filter setting → the protocol's.
_FILTER_WORDS = {CONF_MEDIAN: "med", CONF_DEAD_BAND: "db", CONF_HEARTBEAT: "hb"}


def pulse_ms(entry: PlantVitaConfigEntry, index: int) -> int:
    """How long the switch of this pump lets it run, in milliseconds."""
    return round(pulse_s(entry, index) * 1000)


def pulse_s(entry: PlantVitaConfigEntry, index: int) -> float:
    """The same in seconds."""
    return float(_of(entry, CONF_PULSES, index, DEFAULT_PULSE_S))


def light_ms() -> int:
    """After how long a light that was switched on ends by itself, in milliseconds."""
    return DEFAULT_LIGHT_S * 1000


def level(entry: PlantVitaConfigEntry, index: int) -> int:
    """The level at which this light is switched on, in percent."""
    return int(_of(entry, CONF_LEVELS, index, _FULL_LEVEL))


def _of(entry: PlantVitaConfigEntry, what: str, index: int, default: float) -> Any:
    return entry.options.get(what, {}).get(str(index), default)


@callback
def async_set(
    hass: HomeAssistant, entry: PlantVitaConfigEntry, what: str, index: int, value: float
) -> None:
    """Remember a wish for one channel."""
    chosen = {**entry.options.get(what, {}), str(index): value}
    hass.config_entries.async_update_entry(entry, options={**entry.options, what: chosen})


def filters(entry: PlantVitaConfigEntry) -> dict[int, dict[str, float | int | str]]:
    """What a person has set, by channel, in the protocol's words; {} is the node's own filter."""
    return {
        int(index): {_FILTER_WORDS[name]: value for name, value in chosen.items()}
        for index, chosen in entry.options.get(CONF_CHANNELS, {}).items()
    }


def rhythm(entry: PlantVitaConfigEntry) -> int | None:
    """How often the node is to be heard at least, in seconds; None for its own choice."""
    every: int | None = entry.options.get(CONF_EVERY)
    return every
