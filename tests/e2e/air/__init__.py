"""A Bluetooth proxy that only listens, inside a Home Assistant of a test.

What is on the air there is told to it by the action `air.tell`: an address and bytes in hex.
"""

from habluetooth import BaseHaRemoteScanner
from homeassistant.components import bluetooth
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

CONFIG_SCHEMA = cv.empty_config_schema("air")


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """Listen."""
    scanner = BaseHaRemoteScanner("E0:E1:E2:E3:E4:E5", "air", None, connectable=False)
    scanner.async_setup()
    bluetooth.async_register_scanner(hass, scanner)

    @callback
    def tell(call: ServiceCall) -> None:
        scanner._async_on_raw_advertisement(
            call.data["address"],
            -60,
            bytes.fromhex(call.data["raw"]),
            {},
            bluetooth.MONOTONIC_TIME(),
        )

    hass.services.async_register("air", "tell", tell)
    return True
