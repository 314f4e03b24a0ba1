"""What a kWh costs, also where an integration has that in an action only: Nord Pool and Tibber.

Which of its areas or homes is meant, the entity says that a person has chosen.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.singleton import singleton
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..care.grow_light import Price
from ..const import DOMAIN, LOGGER
from .prices import prices_in, prices_of

ASK_EVERY_S: Final = 3600.0
"""Prices of tomorrow come once a day, in the early afternoon."""
AGAIN_S: Final = 600.0
ANSWER_S: Final = 5.0

DATA_TARIFFS: HassKey[Tariffs] = HassKey(f"{DOMAIN}.tariffs")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Told:
    prices: tuple[Price, ...]
    asked_at: float
    holds_s: float = 0.0


class Tariffs:
    """Remembers what was told; nobody waits longer than seconds for an answer."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Nobody was asked yet."""
        self._hass = hass
        self._told: dict[str, _Told] = {}
        self._asking = asyncio.Lock()

    async def async_prices(self, entity_id: str, now: float) -> tuple[Price, ...]:
        """Every price that an entity knows, or its integration; at most asked once an hour.

        Without an answer what was told before holds: every price has its time. Never raises.
        """
        if shown := prices_of(self._hass.states.get(entity_id)):
            return shown
        entry = er.async_get(self._hass).async_get(entity_id)
        ask = _ASKS.get(entry.platform) if entry else None
        if entry is None or ask is None:
            return ()
        # Several lamps look at the same moment: all of them go by one answer.
        async with self._asking:
            told = self._told.get(entity_id, _Told(prices=(), asked_at=float("-inf")))
            if not 0 <= now - told.asked_at < told.holds_s:
                found = prices_in(await ask(self._hass, entry, now))
                holds_s = ASK_EVERY_S if found else AGAIN_S
                told = _Told(prices=found or told.prices, asked_at=now, holds_s=holds_s)
                self._told[entity_id] = told
        return told.prices


async def _async_nordpool(
    hass: HomeAssistant, entry: er.RegistryEntry, now: float
) -> Iterable[object]:
    """Today's prices of its area, and tomorrow's once there are any."""
    today = dt_util.as_local(dt_util.utc_from_timestamp(now)).date()
    device = dr.async_get(hass).async_get(entry.device_id or "")
    areas = [area for domain, area in device.identifiers if domain == "nordpool"] if device else []
    asked = {"config_entry": entry.config_entry_id, "areas": areas}
    answers = await asyncio.gather(
        *(
            _async_answer(
                hass, "nordpool", "get_prices_for_date", {**asked, "date": day.isoformat()}
            )
            for day in (today, today + timedelta(days=1))
        )
    )
    return [answer.get(area) for answer in answers for area in areas]


async def _async_tibber(
    hass: HomeAssistant, entry: er.RegistryEntry, now: float
) -> Iterable[object]:
    """Today's and tomorrow's prices of its home; homes go by their names there."""
    begins = dt_util.start_of_local_day(dt_util.as_local(dt_util.utc_from_timestamp(now)))
    days = {"start": begins.isoformat(), "end": (begins + timedelta(days=2)).isoformat()}
    homes = (await _async_answer(hass, "tibber", "get_prices", days)).get("prices")
    if not isinstance(homes, Mapping):
        return []
    device = dr.async_get(hass).async_get(entry.device_id or "")
    named = homes.get(device.name) if device else None
    return [named] if named is not None or len(homes) != 1 else homes.values()


async def _async_answer(
    hass: HomeAssistant, domain: str, action: str, data: Mapping[str, Any]
) -> Mapping[str, Any]:
    """What an action answers; nothing if it fails, or takes too long."""
    try:
        async with asyncio.timeout(ANSWER_S):
            answer = await hass.services.async_call(
                domain, action, dict(data), blocking=True, return_response=True
            )
    except Exception as error:  # noqa: BLE001 - whatever another integration raises
        LOGGER.debug("no prices from %s: %r", domain, error)
        return {}
    return answer or {}


type _Ask = Callable[[HomeAssistant, er.RegistryEntry, float], Awaitable[Iterable[object]]]

_ASKS: Final[Mapping[str, _Ask]] = {"nordpool": _async_nordpool, "tibber": _async_tibber}


@callback
@singleton(DATA_TARIFFS)
def async_get_tariffs(hass: HomeAssistant) -> Tariffs:
    """The one of this Home Assistant."""
    return Tariffs(hass)
