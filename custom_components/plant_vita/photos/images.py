"""A photo's bytes, from wherever Home Assistant has one."""

from pathlib import Path
from typing import Final

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized, UnknownUser
from homeassistant.helpers.importlib import async_import_module

from ..const import DOMAIN
from ..model.errors import PhotoTooLargeError
from ..vision.header import MAX_BYTES

MEDIA: Final = "media-source://"
_MAKERS: Final = ("camera", "image")


def label(source: str | bytes) -> str:
    """Where a photo came from; of a path only that it was one: it may name a person."""
    if isinstance(source, bytes):
        return "upload"
    if source.startswith(MEDIA):
        return "media"
    return "file" if source.startswith("/") else source


async def async_bytes_of(hass: HomeAssistant, context: Context, source: str) -> bytes:
    """The bytes of an entity, a media source id or a file that Home Assistant may read.

    Raises PhotoError for what is too large, HomeAssistantError with a translation for what cannot
    be had, Unauthorized for what this person must not see.
    """
    if source.startswith(MEDIA):
        domain, _, rest = source.removeprefix(MEDIA).partition("/")
        if domain not in _MAKERS:
            return await _async_of_media(hass, source)
        source = rest
    if source.startswith("/"):
        return await _async_of_file(hass, source)
    return await _async_of_entity(hass, context, source)


async def _async_of_entity(hass: HomeAssistant, context: Context, entity_id: str) -> bytes:
    domain = entity_id.partition(".")[0]
    if domain not in _MAKERS or domain not in hass.config.components:
        raise unavailable(entity_id)
    await _async_check_may_see(hass, context, entity_id)
    # An entity of it exists, so this is imported already.
    component = await async_import_module(hass, f"homeassistant.components.{domain}")
    try:
        picture = await component.async_get_image(hass, entity_id)
    except HomeAssistantError as error:
        raise unavailable(entity_id) from error
    return bytes(picture.content)


async def _async_check_may_see(hass: HomeAssistant, context: Context, entity_id: str) -> None:
    if context.user_id is None:
        return
    user = await hass.auth.async_get_user(context.user_id)
    if user is None:
        raise UnknownUser(context=context, permission=POLICY_READ)
    if not user.permissions.check_entity(entity_id, POLICY_READ):
        raise Unauthorized(context=context, entity_id=entity_id, permission=POLICY_READ)


async def _async_of_media(hass: HomeAssistant, media_id: str) -> bytes:
    if "media_source" not in hass.config.components:
        raise unavailable(media_id)
    component = await async_import_module(hass, "homeassistant.components.media_source")
    try:
        found = await component.async_resolve_media(hass, media_id, None)
    except HomeAssistantError as error:
        raise unavailable(media_id) from error
    if found.path is None:
        # Nothing is fetched from elsewhere in a person's name.
        raise unavailable(media_id)
    return await hass.async_add_executor_job(read, found.path, media_id)


async def _async_of_file(hass: HomeAssistant, path: str) -> bytes:
    def _allowed() -> bytes:
        resolved = Path(path).resolve()
        if not hass.config.is_allowed_path(str(resolved)):
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="photo_forbidden")
        return read(resolved, path)

    return await hass.async_add_executor_job(_allowed)


def read(path: Path, name: str) -> bytes:
    """A file's bytes, at most as much as is decoded; call it in a thread.

    A pipe or a device is no file, and would never end. Raises PhotoTooLargeError, and
    HomeAssistantError with a translation for what cannot be read; `name` is what it is called then.
    """
    try:
        if not path.is_file():
            raise unavailable(name)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise unavailable(name) from error
    if len(data) > MAX_BYTES:
        raise PhotoTooLargeError(f"more than {MAX_BYTES} bytes")
    return data


def unavailable(name: str) -> HomeAssistantError:
    """What is said of a photo that cannot be had."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="photo_unavailable",
        translation_placeholders={"name": name},
    )
