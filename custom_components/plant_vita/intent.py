"""The intents behind the sentences of `voice/`; automations and other assistants may use them."""

from typing import override

import voluptuous as vol
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv, intent
from homeassistant.helpers.importlib import async_import_module

from .voice.listening import ASSIST, SLOT, async_listen
from .voice.sentences import Ask

_DESCRIPTIONS = {
    Ask.STATUS: "Tells how a plant is",
    Ask.THIRSTY: "Tells which plants need water, everywhere or in one area",
    Ask.LAST: "Tells when a plant was last watered",
    Ask.WATER: "Waters a plant with its pump",
    Ask.STOP: "Stops every pump",
    Ask.LOG: "Writes down that somebody has watered a plant",
}
_WITHOUT_PLANT = frozenset({Ask.THIRSTY, Ask.STOP})


class PlantIntent(intent.IntentHandler):
    """One of the intents; the phrase is what was said of the plant or the place."""

    def __init__(self, ask: Ask) -> None:
        """Be this intent."""
        self._ask = ask
        self.intent_type = ask.value
        self.description = _DESCRIPTIONS[ask]

    @property
    @override
    def slot_schema(self) -> dict[vol.Marker, object]:
        phrase = vol.All(cv.string, vol.Length(min=1, max=200))
        if self._ask in _WITHOUT_PLANT:
            return {vol.Optional(SLOT): phrase}
        return {vol.Required(SLOT): phrase}

    @override
    async def async_handle(self, intent_obj: intent.Intent) -> intent.IntentResponse:
        """Do it, and say so; what answers is imported when somebody first speaks."""
        await async_import_module(intent_obj.hass, f"{__package__}.voice.answers")
        from .voice.answers import Question, async_answer  # noqa: PLC0415 - imported already

        slots = self.async_validate_slots(intent_obj.slots)
        told = await async_answer(
            intent_obj.hass,
            self._ask,
            Question(
                phrase=slots[SLOT]["value"] if SLOT in slots else "",
                language=intent_obj.language,
                assistant=intent_obj.assistant or ASSIST,
                context=intent_obj.context,
            ),
        )
        response = intent_obj.create_response()
        response.async_set_speech(told.text)
        response.async_set_speech_slots({"plants": list(told.plants)})
        return response


async def async_setup_intents(hass: HomeAssistant) -> None:
    """Offer the intents, and listen for their sentences."""
    for ask in Ask:
        intent.async_register(hass, PlantIntent(ask))
    async_listen(hass)
