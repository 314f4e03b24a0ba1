"""The model itself: looks whether it is asked as the integrations of real models need it."""

import asyncio
from typing import Any, override

from homeassistant.components.ai_task import (
    AITaskEntity,
    AITaskEntityFeature,
    GenDataTask,
    GenDataTaskResult,
)
from homeassistant.components.conversation import AssistantContent, ChatLog
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

JPEG = b"\xff\xd8\xff"
REPLIES: dict[str, Any] = {
    "candidates": {
        "plant": 0.98,
        "candidates": [{"name": "Monstera deliciosa", "confidence": 0.85}],
        "explanation": "The leaves have holes beside the midrib.",
    },
    "troubles": {
        "plant": 0.98,
        "healthy": 0.4,
        "troubles": [
            {
                "name": "Overwatering",
                "confidence": 0.5,
                "cause": "over_watered",
                "severity": "moderate",
                "prevention": ["Let the upper centimetres dry before the next watering."],
            }
        ],
        "explanation": "Lower leaves are yellow and soft.",
    },
    "answer": {"known": True, "answer": "Wait until the upper three centimetres are dry."},
    "known": {"known": True, "watering": "When the upper 3 cm are dry.", "light": "Bright shade."},
}


class LabModel(AITaskEntity):
    """Answers with `replies`, by a field of the structure that was asked for.

    `pictures` is how many JPEG files came with each question, `questions` what was asked. `fails`
    is raised instead of an answer; with `silent` there is none at all.
    """

    _attr_name = "Lab model"
    _attr_unique_id = "lab_model"
    _attr_supported_features = (
        AITaskEntityFeature.GENERATE_DATA | AITaskEntityFeature.SUPPORT_ATTACHMENTS
    )

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self.replies = dict(REPLIES)
        self.questions: list[str] = []
        self.pictures: list[int] = []
        self.tools: list[Any] = []
        self.fails: Exception | None = None
        self.silent = False

    @override
    async def _async_generate_data(self, task: GenDataTask, chat_log: ChatLog) -> GenDataTaskResult:
        self.questions.append(task.instructions)
        self.tools.append(chat_log.llm_api or task.llm_api)
        self.pictures.append(await self.hass.async_add_executor_job(_pictures, task))
        if self.silent:
            await asyncio.Event().wait()
        if self.fails is not None:
            raise self.fails
        fields = {str(name) for name in task.structure.schema} if task.structure else set()
        reply = next((self.replies[name] for name in self.replies if name in fields), None)
        chat_log.async_add_assistant_content_without_tools(
            AssistantContent(agent_id=self.entity_id, content=str(reply))
        )
        return GenDataTaskResult(conversation_id=chat_log.conversation_id, data=reply)


def _pictures(task: GenDataTask) -> int:
    """How many pictures there are to read. Raises HomeAssistantError for what is none."""
    attached = task.attachments or []
    for one in attached:
        if one.mime_type != "image/jpeg" or not one.path.read_bytes().startswith(JPEG):
            raise HomeAssistantError(f"{one.media_content_id} is no JPEG")
    return len(attached)


async def async_setup_entry(
    _: HomeAssistant, __: ConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Bring in the model."""
    async_add_entities([LabModel()])
