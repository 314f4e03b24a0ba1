"""Names that more than one room of the house uses."""

import logging
from enum import StrEnum

DOMAIN = "plant_vita"
LOGGER = logging.getLogger(__package__)
MANUFACTURER = "Plant Vita"


class EntryKind(StrEnum):
    """What a config entry stands for (`entry.data["kind"]`)."""

    NODE = "node"


CONF_KIND = "kind"
CONF_NODE = "node"
CONF_CODE = "code"

# Options of a node entry.
CONF_CHANNEL = "channel"
CONF_CHANNELS = "channels"
CONF_MEDIAN = "median"
CONF_DEAD_BAND = "dead_band"
CONF_HEARTBEAT = "heartbeat"
CONF_EVERY = "every"
CONF_PULSES = "pulses"
CONF_LEVELS = "levels"

DEFAULT_PULSE_S = 5
# A plant needs its night: a light that nobody turns off ends by itself.
DEFAULT_LIGHT_S = 16 * 3600
