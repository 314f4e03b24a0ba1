"""One photo that somebody asks about in a browser, and everything they are told on the way.

The answer is words: nothing that is said here reaches a pump.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant, ServiceResponse, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util.json import JsonValueType

from ..const import DOMAIN
from ..model.errors import PhotoError
from ..model.finding import Outcome, Task
from ..plants.coordinator import PlantCoordinator
from .asking import translated
from .diagnosing import async_diagnose
from .identifying import async_identify
from .proposals import async_proposals
from .uploads import async_bytes_of_upload

# Longer than the slowest service may take, with the photo's turn to be decoded before it.
WITHIN_S: Final = 240.0

_ANSWERS: Final = frozenset({Outcome.ANSWERED, Outcome.NO_MATCH})


class Inquiry:
    """What a connection asked with one message (`plants.asking`), about a plant if there is one."""

    def __init__(
        self,
        hass: HomeAssistant,
        connection: ActiveConnection,
        msg: dict[str, Any],
        plant: PlantCoordinator | None,
    ) -> None:
        self._hass, self._connection, self._msg, self._plant = hass, connection, msg, plant
        self._words: Mapping[str, str] = {}

    async def async_answer(self) -> None:
        """Tell everything, up to the answer or the error that there is instead."""
        language = self._msg["language"]
        self._words = await async_get_translations(self._hass, language, "exceptions", [DOMAIN])
        try:
            async with asyncio.timeout(WITHIN_S):
                answer = await self._async_asked()
        except PhotoError as error:
            self._failed(error.key)
        except HomeAssistantError as error:
            self._failed(error.translation_key or "", error.translation_placeholders, str(error))
        except TimeoutError:
            self._failed("providers_failed")
        else:
            self._send("result", **(answer or {}))

    async def _async_asked(self) -> ServiceResponse:
        file_id = self._msg.get("file_id")
        # Taken first, whatever is wrong with the rest: an upload must not be left lying about.
        photos = [] if file_id is None else [await async_bytes_of_upload(self._hass, file_id)]
        if self._msg["task"] is Task.IDENTIFY:
            return await self._async_identified(photos)
        return await self._async_diagnosed(photos)

    async def _async_identified(self, photos: list[bytes]) -> ServiceResponse:
        if not photos:
            raise translated("photo_one")
        language = self._msg["language"]
        answer = await async_identify(
            self._hass,
            self._connection.context(self._msg),
            photos,
            language=language[:2],
            progress=self._progress,
            plant_id=self._plant.plant_id if self._plant else None,
        )
        catalogue = await async_proposals(self._hass, _named(answer), language)
        return {**(answer or {}), "catalogue": catalogue}

    async def _async_diagnosed(self, photos: list[bytes]) -> ServiceResponse:
        if self._plant is None:
            raise translated("not_a_plant")
        return await async_diagnose(
            self._hass,
            self._connection.context(self._msg),
            self._plant,
            photos,
            language=self._msg["language"][:2],
            answer=self._msg.get("answer"),
            progress=self._progress,
        )

    @callback
    def _progress(self, service: str, state: str) -> None:
        failed = state in Outcome and state not in _ANSWERS
        message = self._said(state) if failed else None
        self._send("progress", service=service, state=state, message=message)

    @callback
    def _failed(
        self, key: str, placeholders: Mapping[str, str] | None = None, message: str = ""
    ) -> None:
        self._send("error", key=key, message=self._said(key, placeholders) or message)

    def _said(self, key: str, placeholders: Mapping[str, str] | None = None) -> str:
        text = self._words.get(f"component.{DOMAIN}.exceptions.{key}.message", "")
        return text.format(**placeholders or {})

    @callback
    def _send(self, kind: str, **more: Any) -> None:
        self._connection.send_event(self._msg["id"], {"type": kind, **more})


def _named(answer: ServiceResponse) -> list[str]:
    """The scientific names of the candidates."""
    candidates: JsonValueType = (answer or {}).get("candidates")
    there = candidates if isinstance(candidates, list) else []
    return [str(one["name"]) for one in there if isinstance(one, dict)]
