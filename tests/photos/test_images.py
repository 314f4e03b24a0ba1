"""Photos are had from wherever Home Assistant has them, and from nowhere else."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from homeassistant.components import image, media_source
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError, Unauthorized, UnknownUser
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.plant_vita.model.errors import PhotoTooLargeError
from custom_components.plant_vita.photos.images import async_bytes_of
from tests.photos.accounts import House, house_fixture, picture

house = house_fixture()
NOBODY = Context()


async def refused(house: House, source: str, context: Context = NOBODY) -> str | None:
    with pytest.raises(HomeAssistantError) as raised:
        await async_bytes_of(house.hass, context, source)
    return raised.value.translation_key


async def test_a_file_that_may_be_read(house: House) -> None:
    assert await async_bytes_of(house.hass, NOBODY, house.photo()) == picture()


async def test_a_file_elsewhere_and_a_link_to_it(house: House) -> None:
    path = Path(house.photo())
    secret = house.folder / "secrets.yaml"
    secret.write_text("api_key: x")
    link = path.with_name("link.jpg")
    link.symlink_to(secret)
    for name in (str(secret), str(link), f"{path.parent}/../secrets.yaml"):
        assert await refused(house, name) == "photo_forbidden"


async def test_what_is_no_file_and_what_is_too_large(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(house.photo())
    pipe = path.with_name("pipe.jpg")
    os.mkfifo(pipe)
    for name in (str(pipe), str(path.parent), str(path.with_name("gone.jpg"))):
        assert await refused(house, name) == "photo_unavailable"
    module = "custom_components.plant_vita.photos.images.MAX_BYTES"
    monkeypatch.setattr(module, len(picture()) - 1)
    with pytest.raises(PhotoTooLargeError):
        await async_bytes_of(house.hass, NOBODY, str(path))


class Window(image.ImageEntity):
    entity_id = "image.window"
    _attr_unique_id = "window"

    async def async_image(self) -> bytes:
        return picture()


async def windowed(house: House) -> None:
    assert await async_setup_component(house.hass, "image", {})
    await house.hass.data["image"].async_add_entities([Window(house.hass)])


@pytest.mark.parametrize("source", ["image.window", "media-source://image/image.window"])
async def test_an_entity_shows_what_it_sees_now(house: House, source: str) -> None:
    assert await refused(house, source) == "photo_unavailable"
    await windowed(house)
    assert await async_bytes_of(house.hass, NOBODY, source) == picture()
    assert await refused(house, "image.door") == "photo_unavailable"
    assert await refused(house, "light.lamp") == "photo_unavailable"


async def test_only_whoever_may_see_an_entity(house: House) -> None:
    await windowed(house)
    with pytest.raises(UnknownUser):
        await async_bytes_of(house.hass, Context(user_id="gone"), "image.window")
    user = MockUser().add_to_hass(house.hass)
    user.mock_policy({"entities": {"entity_ids": {"image.other": True}}})
    with pytest.raises(Unauthorized):
        await async_bytes_of(house.hass, Context(user_id=user.id), "image.window")
    user.mock_policy({"entities": {"entity_ids": {"image.window": True}}})
    seen = await async_bytes_of(house.hass, Context(user_id=user.id), "image.window")
    assert seen == picture()


async def test_the_media_library(house: House) -> None:
    path = Path(house.photo())
    wanted = "media-source://media_source/local/plant.jpg"
    assert await refused(house, wanted) == "photo_unavailable"
    house.hass.config.media_dirs = {"local": str(path.parent)}
    assert await async_setup_component(house.hass, "media_source", {})
    assert await async_bytes_of(house.hass, NOBODY, wanted) == picture()
    assert await refused(house, "media-source://nobody/x") == "photo_unavailable"


async def test_a_medium_on_another_machine_is_not_fetched(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await async_setup_component(house.hass, "media_source", {})

    async def elsewhere(*_: Any) -> Any:
        return SimpleNamespace(path=None, url="http://elsewhere/x.jpg")

    monkeypatch.setattr(media_source, "async_resolve_media", elsewhere)
    assert await refused(house, "media-source://somewhere/x") == "photo_unavailable"
