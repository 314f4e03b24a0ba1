"""What plants were, and what is expected of them."""

import time
from datetime import datetime, timedelta
from typing import Any, Final

import voluptuous as vol
from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.importlib import async_import_module
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonValueType

from ..const import DOMAIN
from ..plants.definition import Input
from ..plants.report import care_of, forecast_of, local_iso
from .action import OF_PLANTS, Action, async_chosen, refusal

ATTR_START, ATTR_END, ATTR_DAYS = "start", "end", "days"
ATTR_PERIOD, ATTR_MEASURES, ATTR_LANGUAGE = "period", "measures", "language"
PERIODS: Final = ("hour", "day")
MEASURES: Final = (*(str(one) for one in Input), "health")
USUAL_DAYS: Final = 30
MOST_DAYS: Final = 366
_SHORT = timedelta(days=31)
_WHY_NOT = f"component.{DOMAIN}.entity.sensor.days_to_dry.state_attributes.why_not.state"


async def _async_get_history(call: ServiceCall) -> ServiceResponse:
    """Means, minima and maxima of each hour or day, and what was done for the plants."""
    plants = async_chosen(call)
    start, end = _from_to(call.data)
    await async_import_module(call.hass, f"custom_components.{DOMAIN}.plants.past")
    from ..plants.past import Period, async_past, span  # noqa: PLC0415 - imported already

    period = Period(call.data[ATTR_PERIOD])
    zone = dt_util.get_default_time_zone()
    if end - start <= _SHORT or period is Period.DAY:
        cells = span(start, end, period, zone)
    else:
        # Ten thousand names of hours take their time, too.
        cells = await call.hass.async_add_executor_job(span, start, end, period, zone)
    measures = call.data.get(ATTR_MEASURES, MEASURES)
    told: list[JsonValueType] = [
        {
            "plant_id": plant.plant_id,
            "name": plant.definition.name,
            "measures": await async_past(call.hass, plant, cells, measures),
            "care": [*care_of(plant, cells.start, cells.end)],
        }
        for plant in plants
    ]
    return {
        "period": str(period),
        "start": local_iso(cells.start),
        "end": local_iso(cells.end),
        "plants": told,
    }


def _from_to(data: dict[str, Any]) -> tuple[datetime, datetime]:
    """What was asked for, or the last days; what is to come is not history."""
    now = dt_util.utc_from_timestamp(time.time())
    end = min(_moment(data[ATTR_END]), now) if ATTR_END in data else now
    start = end - timedelta(days=data.get(ATTR_DAYS, USUAL_DAYS))
    if ATTR_START in data:
        start = _moment(data[ATTR_START])
    if start >= end:
        raise refusal("history_ends_first")
    if end - start > timedelta(days=MOST_DAYS):
        raise refusal("history_too_long", days=str(MOST_DAYS))
    return start, end


def _moment(said: datetime) -> datetime:
    """A time without a zone is the house's."""
    return dt_util.as_utc(said)


async def _async_get_forecast(call: ServiceCall) -> ServiceResponse:
    """When the plants will be dry, or why that cannot be said."""
    language = call.data.get(ATTR_LANGUAGE, call.hass.config.language)
    plants = async_chosen(call)
    words = await _async_words(call.hass, language)
    told = [forecast_of(plant) for plant in plants]
    return {
        "plants": [
            {**one, "explanation": words.get(f"{_WHY_NOT}.{one['why_not']}")} for one in told
        ]
    }


async def _async_words(hass: HomeAssistant, language: str) -> dict[str, str]:
    return await async_get_translations(hass, language, "entity", [DOMAIN])


ACTIONS = (
    Action(
        name="get_history",
        policy=POLICY_READ,
        run=_async_get_history,
        fields={
            **OF_PLANTS,
            vol.Exclusive(ATTR_START, "begin"): cv.datetime,
            vol.Exclusive(ATTR_DAYS, "begin"): vol.All(
                vol.Coerce(float), vol.Range(min=0, min_included=False, max=MOST_DAYS)
            ),
            vol.Optional(ATTR_END): cv.datetime,
            vol.Optional(ATTR_PERIOD, default="hour"): vol.In(PERIODS),
            vol.Optional(ATTR_MEASURES): vol.All(cv.ensure_list, [vol.In(MEASURES)]),
        },
    ),
    Action(
        name="get_forecast",
        policy=POLICY_READ,
        run=_async_get_forecast,
        fields={**OF_PLANTS, vol.Optional(ATTR_LANGUAGE): cv.string},
    ),
)
