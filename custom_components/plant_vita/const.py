"""Names that more than one room of the house uses."""

import logging
from enum import StrEnum

DOMAIN = "plant_vita"
LOGGER = logging.getLogger(__package__)
MANUFACTURER = "Plant Vita"


class EntryKind(StrEnum):
    """What a config entry stands for (`entry.data["kind"]`)."""

    ARCHIVE = "archive"
    GARDEN = "garden"
    NODE = "node"
    PROVIDER = "provider"


CONF_KIND = "kind"
CONF_NODE = "node"
CONF_CODE = "code"
# The make of the adapter that a node on a cable has, `VID:PID`; its port is `CONF_DEVICE`.
CONF_ADAPTER = "adapter"

# What is typed for a network node on its cable; none of it is kept.
CONF_SSID = "ssid"
CONF_PASSWORD = "password"  # noqa: S105 - the name of a field
CONF_URL = "url"

# What is typed for the wiring of a node; the node keeps it.
CONF_SLOT = "slot"
CONF_PLACE = "place"
CONF_LABEL = "label"

# What is kept of an account with a cloud service.
CONF_SERVICE = "service"
CONF_SECRETS = "secrets"
CONF_BASE_URL = "base_url"
CONF_DAILY = "daily"
CONF_CHOICES = "choices"

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
