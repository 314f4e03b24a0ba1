"""The models that Home Assistant has by its AI Task integration, for the panel to ask.

They are asked for data of a structure and given no tools: whatever a picture or a name makes a
model say, there is nothing that it could call.
"""

from collections.abc import Mapping
from typing import Any, Final, override

import voluptuous as vol
from homeassistant.const import ATTR_FRIENDLY_NAME, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.importlib import async_import_module
from homeassistant.helpers.selector import selector

from ..model.errors import (
    ProviderAnswerError,
    ProviderBlindError,
    ProviderDownError,
    ProviderError,
)
from ..model.photo import Photo
from ..providers.provider import Models
from .attachments import JPEG, async_attached

AI_TASK: Final = "ai_task"
TASK_NAME: Final = "Plant Vita"
# AITaskEntityFeature of Home Assistant: GENERATE_DATA and SUPPORT_ATTACHMENTS.
_NEEDED: Final = 1 | 2
# What an integration of somebody else's trips over when its model writes something unexpected.
_MISSHAPEN: Final = (
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    vol.Invalid,
)


class HouseModels(Models):
    """The AI Task entities of this Home Assistant."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass

    @override
    def check(self, entity: str) -> str:
        state = self._hass.states.get(self._entity_id(entity))
        if state is None or state.state == STATE_UNAVAILABLE:
            raise ProviderDownError("the model is not there", unbilled=True)
        if state.attributes.get("supported_features", 0) & _NEEDED != _NEEDED:
            raise ProviderBlindError("the model takes no pictures", unbilled=True)
        return str(state.attributes.get(ATTR_FRIENDLY_NAME, state.entity_id))

    @override
    async def generate(
        self,
        entity: str,
        instructions: str,
        schema: Mapping[str, Any],
        photos: tuple[Photo, ...],
    ) -> object:
        # An entity of it exists, so this is imported already.
        ai_task = await async_import_module(self._hass, f"homeassistant.components.{AI_TASK}")
        failure: ProviderError
        try:
            async with async_attached(self._hass, photos) as media:
                result = await ai_task.async_generate_data(
                    self._hass,
                    task_name=TASK_NAME,
                    entity_id=self._entity_id(entity),
                    instructions=instructions,
                    structure=structure_of(schema),
                    attachments=[
                        {"media_content_id": one, "media_content_type": JPEG} for one in media
                    ],
                )
            found: object = result.data
        except HomeAssistantError:
            failure = ProviderDownError("the model failed")
        except _MISSHAPEN as error:
            failure = ProviderAnswerError(f"the model failed: {type(error).__name__}")
        else:
            return found
        # Raised here, so that nothing that the model wrote hangs on the error.
        raise failure

    def _entity_id(self, reference: str) -> str:
        """An entity keeps its id in the registry when it is renamed."""
        return er.async_resolve_entity_id(er.async_get(self._hass), reference) or reference


def structure_of(schema: Mapping[str, Any]) -> vol.Schema:
    """A schema of `providers.inquiry` as Home Assistant wants it: fields with selectors."""
    required = schema["required"]
    return vol.Schema(
        {
            (vol.Required if name in required else vol.Optional)(name): selector(_selector(member))
            for name, member in schema["properties"].items()
        }
    )


def _selector(member: Mapping[str, Any]) -> dict[str, Any]:
    match member:
        case {"type": "STRING", "enum": words}:
            return {"select": {"options": list(words)}}
        case {"type": "STRING"}:
            return {"text": {}}
        case {"type": "NUMBER"}:
            # Every number in there is a probability.
            return {"number": {"min": 0, "max": 1, "step": "any", "mode": "box"}}
        case {"type": "BOOLEAN"}:
            return {"boolean": {}}
        case {"type": "ARRAY", "items": {"type": "STRING"}}:
            return {"text": {"multiple": True}}
        case {"type": "ARRAY", "items": {"properties": fields, "required": required}}:
            return {
                "object": {
                    "multiple": True,
                    "fields": {
                        name: {"required": name in required, "selector": _selector(one)}
                        for name, one in fields.items()
                    },
                }
            }
        case _:
            raise ValueError(f"nothing is known of {member}")
