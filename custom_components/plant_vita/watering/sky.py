"""What it is like outside, and what is forecast, from any weather service of Home Assistant."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from homeassistant.components.weather import WeatherEntityFeature
from homeassistant.const import (
    ATTR_ENTITY_ID,
    ATTR_SUPPORTED_FEATURES,
    STATE_UNAVAILABLE,
    Platform,
    UnitOfLength,
    UnitOfTemperature,
)
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_conversion import DistanceConverter, TemperatureConverter

from ..care.weather import Spell, Weather, outlook
from ..const import LOGGER

ASK_EVERY_S: Final = 3600.0
ANSWER_S: Final = 10.0
_HOUR_S: Final = 3600.0
_DAY_S: Final = 86_400.0
# What services offer, the finest first, and how long each of its entries is.
_KINDS: Final = (
    ("hourly", WeatherEntityFeature.FORECAST_HOURLY, _HOUR_S),
    ("twice_daily", WeatherEntityFeature.FORECAST_TWICE_DAILY, _DAY_S / 2),
    ("daily", WeatherEntityFeature.FORECAST_DAILY, _DAY_S),
)
# Conditions of Home Assistant's weather entities in which it is wet outside, and the mm in an hour
# that such weather brings at the least where nobody forecasts more. Snow waters when it melts.
_WET: Final[Mapping[str, float]] = {
    "lightning-rainy": 4.0,
    "pouring": 8.0,
    "rainy": 1.0,
    "snowy": 0.0,
    "snowy-rainy": 0.5,
}
# It is looked at every five minutes; for longer nobody knows what it was like.
_LONGEST_LOOK_S: Final = 900.0


class Sky:
    """Remembers the last forecast; nothing waits for one that does not come."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Nobody has been asked yet."""
        self._hass = hass
        self._entity_id: str | None = None
        self._asked_at = float("-inf")
        self._spells: tuple[Spell, ...] = ()
        self._looked_at: float | None = None
        # When how many mm fell, of the last day.
        self._fallen: tuple[tuple[float, float], ...] = ()

    @callback
    def look(self, chosen: str | None, now: float) -> None:
        """Take in whether it rains: what has fallen counts for a day, until Home Assistant ends."""
        before, self._looked_at = self._looked_at, now
        self._fallen = tuple((at, mm) for at, mm in self._fallen if 0 <= now - at < _DAY_S)
        state = self._state(chosen)
        if before is None or state is None or state.state not in _WET:
            return
        hours = min(max(0.0, now - before), _LONGEST_LOOK_S) / _HOUR_S
        forecast = [
            (one.mm or 0.0) * _HOUR_S / (one.end - one.start)
            for one in self._spells
            if one.start <= now < one.end
        ]
        self._fallen += ((now, hours * max(_WET[state.state], *forecast, 0.0)),)

    async def async_ask(self, chosen: str | None, now: float) -> None:
        """Ask the chosen service, or the first there is, at most once an hour. Never raises.

        A service that does not answer within seconds leaves what it said before in force: that
        ends by itself, for every entry of a forecast has its time.
        """
        state = self._state(chosen)
        entity_id = state.entity_id if state else None
        if entity_id != self._entity_id:
            self._entity_id, self._spells, self._asked_at = entity_id, (), float("-inf")
        if state is None or state.state == STATE_UNAVAILABLE:
            return
        if 0 <= now - self._asked_at < ASK_EVERY_S:
            return
        self._asked_at = now
        features = WeatherEntityFeature(state.attributes.get(ATTR_SUPPORTED_FEATURES, 0))
        found = [
            await self._async_entries(state.entity_id, kind, length, _units(state))
            for kind, feature, length in _KINDS
            if feature in features
        ]
        if spells := _merged(found):
            self._spells = spells

    async def _async_entries(
        self, entity_id: str, kind: str, length: float, units: tuple[str, str]
    ) -> list[Spell]:
        try:
            async with asyncio.timeout(ANSWER_S):
                answer = await self._hass.services.async_call(
                    Platform.WEATHER,
                    "get_forecasts",
                    {ATTR_ENTITY_ID: entity_id, "type": kind},
                    blocking=True,
                    return_response=True,
                )
        except Exception as error:  # noqa: BLE001 - whatever another integration raises
            LOGGER.debug("no %s forecast from %s: %r", kind, entity_id, error)
            return []
        said = (answer or {}).get(entity_id)
        entries = said.get("forecast") if isinstance(said, dict) else None
        listed = entries if isinstance(entries, list) else []
        read = (_spell(one, length, units) for one in listed if isinstance(one, dict))
        by_start = {one.start: one for one in read if one}
        spells = [by_start[start] for start in sorted(by_start)]
        # One that is shorter than its kind ends where the next begins.
        cut = [replace(a, end=min(a.end, b.start)) for a, b in pairwise(spells)]
        return [*cut, *spells[-1:]]

    @callback
    def weather(self, chosen: str | None, now: float) -> Weather | None:
        """What it is like now, and what the last forecast says of the hours to come."""
        state = self._state(chosen)
        if state is None:
            return None
        known = state.entity_id == self._entity_id
        coming = (outlook(self._spells, now) if known else None) or Weather()
        coldest = [one for one in (_present_c(state), coming.lowest_c) if one is not None]
        return replace(
            coming,
            raining=state.state in _WET,
            fallen_mm=sum(mm for at, mm in self._fallen if now - at < _DAY_S) or None,
            lowest_c=min(coldest) if coldest else None,
        )

    @callback
    def days(self, now: float, count: int) -> tuple[Weather, ...]:
        """What is forecast for each whole day from `now`, as far as it goes."""
        found: list[Weather] = []
        for day in range(count):
            said = outlook(self._spells, now + day * _DAY_S)
            if said is None:
                break
            found.append(said)
        return tuple(found)

    def _state(self, chosen: str | None) -> State | None:
        if chosen is not None:
            return self._hass.states.get(chosen)
        return next(iter(self._hass.states.async_all(Platform.WEATHER)), None)


def _units(state: State) -> tuple[str, str]:
    """Of temperature and of rain."""
    return (
        state.attributes.get("temperature_unit", UnitOfTemperature.CELSIUS),
        state.attributes.get("precipitation_unit", UnitOfLength.MILLIMETERS),
    )


def _present_c(state: State) -> float | None:
    return _celsius(state.attributes.get("temperature"), _units(state)[0])


def _celsius(said: object, unit: str) -> float | None:
    if not isinstance(said, int | float) or unit not in TemperatureConverter.VALID_UNITS:
        return None
    return TemperatureConverter.convert(said, unit, UnitOfTemperature.CELSIUS)


def _millimetres(said: object, unit: str) -> float | None:
    if not isinstance(said, int | float) or unit not in DistanceConverter.VALID_UNITS:
        return None
    return DistanceConverter.convert(said, unit, UnitOfLength.MILLIMETERS)


def _spell(entry: Mapping[str, Any], length: float, units: tuple[str, str]) -> Spell | None:
    """One entry of a forecast; None where it does not say of when it speaks."""
    start = dt_util.parse_datetime(str(entry.get("datetime")))
    if start is None:
        return None
    began = dt_util.as_utc(start).timestamp()
    coldest = [_celsius(entry.get("templow"), units[0])]
    if length < _DAY_S:
        # That of a whole day is its warmest.
        coldest.append(_celsius(entry.get("temperature"), units[0]))
    chance = entry.get("precipitation_probability")
    return Spell(
        start=began,
        end=began + length,
        mm=_millimetres(entry.get("precipitation"), units[1]),
        probability=min(max(chance / 100, 0.0), 1.0) if isinstance(chance, int | float) else None,
        lowest_c=min((one for one in coldest if one is not None), default=None),
    )


def _merged(kinds: Iterable[list[Spell]]) -> tuple[Spell, ...]:
    """The finest forecast as far as it goes, then coarser ones: no rain is counted twice."""
    merged: list[Spell] = []
    for spells in kinds:
        until = merged[-1].end if merged else float("-inf")
        merged += [_rest(one, until) for one in spells if one.end > until]
    return tuple(merged)


def _rest(spell: Spell, until: float) -> Spell:
    """What is left of a spell from `until` on."""
    start = max(spell.start, until)
    mm = spell.mm
    if mm is not None:
        mm *= (spell.end - start) / (spell.end - spell.start)
    return replace(spell, start=start, mm=mm)
