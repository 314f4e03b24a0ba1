"""Home Assistant sets up a stored entry only if its integration has a flow."""

from homeassistant.config_entries import ConfigFlow


class ProbeFlow(ConfigFlow, domain="bench_probe"):
    """Never shown."""

    VERSION = 1
