"""What a browser has sent is taken once, and bounded."""

from pathlib import Path

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.plant_vita.model.errors import PhotoTooLargeError
from custom_components.plant_vita.photos import images
from custom_components.plant_vita.photos.uploads import async_bytes_of_upload
from tests.photos.accounts import upload


async def test_an_upload_is_gone_once_it_is_taken(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, socket_enabled: None
) -> None:
    assert await async_setup_component(hass, "file_upload", {})
    file_id = await upload(await hass_client(), b"a photo")
    assert await async_bytes_of_upload(hass, file_id) == b"a photo"
    with pytest.raises(HomeAssistantError) as raised:
        await async_bytes_of_upload(hass, file_id)
    assert raised.value.translation_key == "photo_unavailable"


async def test_what_is_too_large_is_removed_all_the_same(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    socket_enabled: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert await async_setup_component(hass, "file_upload", {})
    monkeypatch.setattr(images, "MAX_BYTES", 6)
    file_id = await upload(await hass_client(), b"a photo")
    folder: Path = hass.data["file_upload"].file_dir(file_id)
    assert folder.exists()  # noqa: ASYNC240 - a folder of this test
    with pytest.raises(PhotoTooLargeError):
        await async_bytes_of_upload(hass, file_id)
    assert not folder.exists()  # noqa: ASYNC240 - a folder of this test


@pytest.mark.parametrize("file_id", ["", "../../secrets.yaml", "0" * 32])
async def test_nothing_else_is_read(hass: HomeAssistant, file_id: str) -> None:
    with pytest.raises(HomeAssistantError) as raised:
        await async_bytes_of_upload(hass, file_id)
    assert raised.value.translation_key == "photo_unavailable"
