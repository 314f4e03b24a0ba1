"""The tools that read, one class for each; texts are for models, so they are English."""

from typing import Any, Final, override

import voluptuous as vol
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.llm import LLMContext, Tool, ToolAnnotations, ToolInput, ToolResult
from homeassistant.util import dt as dt_util

from ..actions.history import MEASURES
from ..actions.species import ANSWERS, ATTR_ANSWER, ATTR_LATEST
from ..actions.wording import async_said, plain
from ..const import DOMAIN
from . import told
from .naming import meant
from .seen import Seen, async_seen

PLANT: Final = "plant"
MOST_DAYS: Final = 31
READS: Final = ToolAnnotations(read_only=True, destructive=False, idempotent=True, open_world=False)
OF_PLANT: Final = {
    vol.Required(PLANT, description="The plant's name, as garden_overview gives it"): vol.All(
        cv.string, vol.Length(min=1, max=80)
    )
}


class PlantTool(Tool):
    """A tool that answers from what the assistant may see."""

    integration = DOMAIN
    annotations = READS

    @override
    async def async_call(
        self, hass: HomeAssistant, tool_input: ToolInput, llm_context: LLMContext
    ) -> ToolResult:
        """Answer; what cannot be is an answer, too."""
        try:
            args: dict[str, Any] = self.parameters(tool_input.tool_args)
        except vol.Invalid as error:
            return failed("invalid_arguments", plain(str(error)))
        seen = await async_seen(hass, llm_context.assistant, llm_context.language)
        try:
            return await self.async_answer(hass, args, seen, llm_context)
        except HomeAssistantError as error:
            message = await async_said(hass, error, llm_context.language)
            return failed(error.translation_key or "failed", message)

    async def async_answer(
        self, hass: HomeAssistant, args: dict[str, Any], seen: dict[str, Seen], asked: LLMContext
    ) -> ToolResult:
        """Answer a call whose arguments are sound."""
        raise NotImplementedError


class OnePlantTool(PlantTool):
    """A tool about one plant, which has to be clear."""

    @override
    async def async_answer(
        self, hass: HomeAssistant, args: dict[str, Any], seen: dict[str, Seen], asked: LLMContext
    ) -> ToolResult:
        found = meant(args[PLANT], {id_: one.called for id_, one in seen.items()})
        if len(found.plant_ids) != 1:
            return unclear([seen[id_] for id_ in found.plant_ids])
        return await self.async_of(hass, args, seen[found.plant_ids[0]], asked)

    async def async_of(
        self, hass: HomeAssistant, args: dict[str, Any], seen: Seen, asked: LLMContext
    ) -> ToolResult:
        """Answer for the plant that is meant."""
        raise NotImplementedError


def failed(error: str, message: str, **more: Any) -> ToolResult:
    """Nothing was done, and why."""
    return ToolResult(data={"error": error, "message": message, **more}, error=True)


def unclear(found: list[Seen]) -> ToolResult:
    """Several plants may be meant, or none."""
    if not found:
        return failed("unknown_plant", "No plant of this name. garden_overview has the names.")
    return failed(
        "ambiguous",
        "Ask the user which of these is meant.",
        plants=[{PLANT: one.name, "areas": [plain(area) for area in one.areas]} for one in found],
    )


class OverviewTool(PlantTool):
    """All plants in one answer."""

    name = f"{DOMAIN}__garden_overview"
    title = "Garden overview"
    description = "Lists the plants: name, area, health from 0 to 100, and what is wrong."

    @override
    async def async_answer(
        self, hass: HomeAssistant, args: dict[str, Any], seen: dict[str, Seen], asked: LLMContext
    ) -> ToolResult:
        return ToolResult(data=told.overview(seen))


class CareTool(PlantTool):
    """What is to be done."""

    name = f"{DOMAIN}__what_needs_care"
    title = "What needs care"
    description = "Lists what is to be done for the plants now and in the next two days."

    @override
    async def async_answer(
        self, hass: HomeAssistant, args: dict[str, Any], seen: dict[str, Seen], asked: LLMContext
    ) -> ToolResult:
        return ToolResult(data=told.needs(seen.values(), dt_util.utcnow()))


class StatusTool(OnePlantTool):
    """How one plant is, and why."""

    name = f"{DOMAIN}__plant_status"
    title = "Plant status"
    description = (
        "How one plant is: health with its reasons, measured values, last and next care. "
        "Also answers when it was last watered or fed."
    )
    parameters = vol.Schema(OF_PLANT)

    @override
    async def async_of(
        self, hass: HomeAssistant, args: dict[str, Any], seen: Seen, asked: LLMContext
    ) -> ToolResult:
        return ToolResult(data=told.status(seen))


class HistoryTool(OnePlantTool):
    """What one plant was, by days."""

    name = f"{DOMAIN}__plant_history"
    title = "Plant history"
    description = "The last days of one plant: measured values of each day, and the care it got."
    parameters = vol.Schema(
        {
            **OF_PLANT,
            vol.Optional("days", default=7, description="How many days back"): vol.All(
                vol.Coerce(int), vol.Range(min=1, max=MOST_DAYS)
            ),
            vol.Optional("measures", description="Only these; all if left out"): vol.All(
                cv.ensure_list, [vol.In(MEASURES)]
            ),
        }
    )

    @override
    async def async_of(
        self, hass: HomeAssistant, args: dict[str, Any], seen: Seen, asked: LLMContext
    ) -> ToolResult:
        answer = await self._async_ask(hass, args, seen, asked)
        return ToolResult(data={PLANT: seen.name, **told.days(answer["plants"][0])})

    @staticmethod
    async def _async_ask(
        hass: HomeAssistant, args: dict[str, Any], seen: Seen, asked: LLMContext
    ) -> Any:
        measures = {"measures": args["measures"]} if args.get("measures") else {}
        return await hass.services.async_call(
            DOMAIN,
            "get_history",
            {ATTR_DEVICE_ID: seen.device_id, "days": args["days"], "period": "day", **measures},
            blocking=True,
            context=asked.context,
            return_response=True,
        )


class ForecastTool(OnePlantTool):
    """When one plant will be dry."""

    name = f"{DOMAIN}__plant_forecast"
    title = "Plant forecast"
    description = "When the soil of one plant will be dry, and when to water it next."
    parameters = vol.Schema(OF_PLANT)

    @override
    async def async_of(
        self, hass: HomeAssistant, args: dict[str, Any], seen: Seen, asked: LLMContext
    ) -> ToolResult:
        answer: Any = await hass.services.async_call(
            DOMAIN,
            "get_forecast",
            {ATTR_DEVICE_ID: seen.device_id, "language": asked.language or hass.config.language},
            blocking=True,
            context=asked.context,
            return_response=True,
        )
        return ToolResult(data={PLANT: seen.name, **told.forecast(answer["plants"][0])})


class DiagnosisTool(OnePlantTool):
    """What may ail one plant, by its sensors and the newest photo in its album."""

    name = f"{DOMAIN}__diagnose_plant"
    title = "Diagnose a plant"
    description = (
        "What may ail one plant, the likeliest first, by its sensors and the newest photo in its "
        "album, which the user's photo services are asked about. Only when the user wants to know "
        "what is wrong; plant_status is enough for how it is. It may ask the user a question back."
    )
    annotations = ToolAnnotations(destructive=False, idempotent=True, open_world=True)
    parameters = vol.Schema(
        {
            **OF_PLANT,
            vol.Optional("answer", description="The user's answer to the question it asked"): (
                vol.In(ANSWERS)
            ),
        }
    )

    @override
    async def async_of(
        self, hass: HomeAssistant, args: dict[str, Any], seen: Seen, asked: LLMContext
    ) -> ToolResult:
        said = {ATTR_ANSWER: args[ATTR_ANSWER]} if args.get(ATTR_ANSWER) else {}
        answer: Any = await hass.services.async_call(
            DOMAIN,
            "diagnose",
            {ATTR_DEVICE_ID: seen.device_id, ATTR_LATEST: True, **said},
            blocking=True,
            context=asked.context,
            return_response=True,
        )
        return ToolResult(data={PLANT: seen.name, **told.diagnosis(answer)})


TOOLS: Final = (OverviewTool, CareTool, StatusTool, HistoryTool, ForecastTool, DiagnosisTool)
