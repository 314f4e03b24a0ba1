"""A photo that a browser has just sent, through Home Assistant's own upload."""

from typing import Final

from homeassistant.components.file_upload import process_uploaded_file
from homeassistant.core import HomeAssistant

from .images import read, unavailable

# Its real name would be a random id, which tells nobody anything.
_NAME: Final = "upload"


async def async_bytes_of_upload(hass: HomeAssistant, file_id: str) -> bytes:
    """Take the bytes of an upload, which is gone afterwards.

    Raises PhotoError for what is too large, HomeAssistantError with a translation for what is not
    there or cannot be read.
    """
    return await hass.async_add_executor_job(_take, hass, file_id)


def _take(hass: HomeAssistant, file_id: str) -> bytes:
    try:
        with process_uploaded_file(hass, file_id) as path:
            return read(path, _NAME)
    except (ValueError, OSError) as error:
        raise unavailable(_NAME) from error
