"""The tools that change something: a note of care, water after a person's yes, and its end."""

from dataclasses import dataclass
from typing import Any, Final, override

import voluptuous as vol
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers.llm import LLMContext, ToolAnnotations, ToolResult

from ..actions.action import refusal
from ..const import DOMAIN
from ..model.watering import Source, Why
from ..plants.state import Care
from ..watering import wishes
from ..watering.asking import as_answer, key_of
from .consent import Wish, async_get_consent
from .doing import async_outlet, async_stop, async_water, dose_of
from .seen import Seen
from .tools import OF_PLANT, PLANT, OnePlantTool, PlantTool, failed

_CONFIRMATION: Final = "confirmation"
_ML: Final = "ml"


class LogCareTool(OnePlantTool):
    """A person has done something for a plant."""

    name = f"{DOMAIN}__log_care"
    title = "Log care"
    description = (
        "Writes down that the user has just watered, fed, repotted, rotated or cleaned a plant. "
        "Only when the user says so. It gives no water."
    )
    annotations = ToolAnnotations(destructive=False, open_world=False)
    parameters = vol.Schema(
        {
            **OF_PLANT,
            vol.Required("care", description="What was done"): vol.In([str(one) for one in Care]),
        }
    )

    @override
    async def async_of(
        self, hass: HomeAssistant, args: dict[str, Any], seen: Seen, asked: LLMContext
    ) -> ToolResult:
        await hass.services.async_call(
            DOMAIN,
            "log_care",
            {ATTR_DEVICE_ID: seen.device_id, "care": args["care"]},
            blocking=True,
            context=asked.context,
        )
        return ToolResult(data={"logged": args["care"], PLANT: seen.name})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """A call for water of whose message it is known which it is."""

    context: Context
    assistant: str


class WaterTool(OnePlantTool):
    """Water, as a model may give it: with a person's yes, within a fifth of the day's amount."""

    name = f"{DOMAIN}__water_plant"
    title = "Water a plant"
    description = (
        "Waters one plant with its pump. The first call gives no water but a confirmation word: "
        "tell the user the plant and the amount and ask. Only after the user has said yes, call "
        "again with the same plant and that word. Only when the user asks for water."
    )
    annotations = ToolAnnotations(destructive=True, open_world=False)
    parameters = vol.Schema(
        {
            **OF_PLANT,
            vol.Optional(_ML, description="How much, in ml; the plant's dose if left out"): vol.All(
                vol.Coerce(float), vol.Range(min=1, max=wishes.DOSE_ML[1])
            ),
            vol.Optional(_CONFIRMATION, description="The word of the first call"): vol.All(
                str, vol.Length(max=16)
            ),
        }
    )

    @override
    async def async_of(
        self, hass: HomeAssistant, args: dict[str, Any], seen: Seen, asked: LLMContext
    ) -> ToolResult:
        outlet = await async_outlet(hass, seen)
        if outlet.facts is None or not outlet.facts.ai_allowed:
            raise refusal(key_of(Why.AI_OFF))
        if asked.context is None:
            # Without a message nobody could say yes in another one.
            return failed("no_person", "Water is given only in a conversation with a person.")
        who = _Asked(context=asked.context, assistant=asked.assistant)
        if word := args.get(_CONFIRMATION):
            return await self._async_confirmed(hass, word, seen, who)
        ml, others = args.get(_ML, dose_of(seen)), len(outlet.facts.plants) - 1
        answer = self._ask_first(hass, ml, seen, who)
        if others > 0:
            answer.data["other_plants_on_this_pump"] = others
        return answer

    @staticmethod
    def _ask_first(hass: HomeAssistant, ml: float, seen: Seen, who: _Asked) -> ToolResult:
        wish = Wish(plant_id=seen.plant.plant_id, ml=ml)
        word = async_get_consent(hass).ask(wish, who.context, who.assistant)
        return ToolResult(
            data={
                "result": "not_watered_yet",
                "ask_the_user": True,
                PLANT: seen.name,
                _ML: ml,
                _CONFIRMATION: word,
            }
        )

    @staticmethod
    async def _async_confirmed(
        hass: HomeAssistant, word: str, seen: Seen, who: _Asked
    ) -> ToolResult:
        consent = async_get_consent(hass)
        wish = consent.given(word, seen.plant.plant_id, who.context, who.assistant)
        if wish is None:
            return failed("not_confirmed", "The user has to say yes in a message of their own.")
        given = await async_water(hass, seen, Source.AI, wish.ml, who.context)
        return ToolResult(data={PLANT: seen.name, **as_answer(given.result)})


class StopTool(PlantTool):
    """The end of all water; it needs no yes."""

    name = f"{DOMAIN}__stop_watering"
    title = "Stop watering"
    description = "Stops every pump at once."
    annotations = ToolAnnotations(destructive=False, idempotent=True, open_world=False)

    @override
    async def async_answer(
        self, hass: HomeAssistant, args: dict[str, Any], seen: dict[str, Seen], asked: LLMContext
    ) -> ToolResult:
        await async_stop(hass, by="assistant")
        return ToolResult(data={"result": "stopped"})


TOOLS: Final = (LogCareTool, WaterTool, StopTool)
