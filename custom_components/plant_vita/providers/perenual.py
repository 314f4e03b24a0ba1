"""Perenual: how often a species is watered, what light it wants, whom it poisons.

Its key travels in the address. What an account may not see is a text that advertises a better one.
"""

import re
from datetime import UTC, datetime
from typing import override

import aiohttp

from ..model.errors import ProviderQuotaError
from ..model.finding import Facts, Reply, Task
from .answer import Answer
from .ledger import midnight
from .names import parse_name, searched
from .provider import Account, Ask, Balance, Bill, Provider, Spec
from .request import request

_RANGE = re.compile(r"\D*(\d{1,3})(?:\s*-\s*(\d{1,3}))?\D*")
_DAYS = {"day": 1.0, "days": 1.0, "week": 7.0, "weeks": 7.0}


class Perenual(Provider):
    """One key for Perenual."""

    def __init__(self, account: Account, session: aiohttp.ClientSession) -> None:
        self._account, self._session = account, session

    @override
    async def answer(self, ask: Ask, bill: Bill) -> Reply:
        """Look a species up, and read its details."""
        await bill()
        found = await self._get("species-list", {"q": searched(ask.name)})
        number = _best(found["data"], ask.name)
        if not number:
            return Facts(name="")
        await bill()
        return _facts(await self._get(f"species/details/{number}", {}))

    @override
    async def check(self) -> Balance:
        """Search for something; it counts as one of the day's calls, there is no cheaper way."""
        await self._get("species-list", {"q": "Monstera deliciosa"})
        return Balance()

    @override
    async def close(self) -> None:
        """Nothing is held."""

    async def _get(self, path: str, params: dict[str, str]) -> Answer:
        params = {"key": self._account.key, **params}
        url = f"{self._account.base_url}/{path}"
        response = await request(self._session, "GET", url, params=params)
        if response.status == 429:
            now = datetime.now(UTC).timestamp()
            wait = response.error().wait_s
            raise ProviderQuotaError(
                "quota used up",
                unbilled=True,
                wait_s=midnight(now) - now if wait is None else wait,
            )
        return response.answer()


def _best(data: Answer, name: str) -> str:
    wanted = parse_name(name)
    for one in data.items(30):
        for spelt in one["scientific_name"].texts(5):
            other = parse_name(spelt)
            if wanted is not None and other is not None and other.key == wanted.key:
                return one["id"].identity()
    return ""


def _facts(answer: Answer) -> Facts:
    common, family = _told(answer, "common_name"), _told(answer, "family")
    sunlight = answer.get("sunlight")
    light = sunlight.texts(6) if sunlight else ()
    return Facts(
        name=next(iter(answer["scientific_name"].texts(1)), ""),
        common_names=(common,) if common else (),
        family=family,
        water_days=_water_days(answer),
        sunlight=() if any(map(_advertises, light)) else light,
        poisonous_to_pets=_flag(answer, "poisonous_to_pets"),
        poisonous_to_humans=_flag(answer, "poisonous_to_humans"),
        care_level=_told(answer, "care_level"),
        texts={"watering": told} if (told := _told(answer, "watering")) else {},
    )


def _told(answer: Answer, key: str) -> str | None:
    found = answer.get(key)
    text = found.text(200) if found else ""
    return None if not text or _advertises(text) else text


def _flag(answer: Answer, key: str) -> bool | None:
    found = answer.get(key)
    if found is None or (isinstance(found.value, str) and _advertises(found.value)):
        return None
    return found.flag()


def _advertises(text: str) -> bool:
    return "upgrade plan" in text.casefold()


def _water_days(answer: Answer) -> tuple[float, float] | None:
    """The interval of "7-10" days, which sometimes stands in quotes of its own."""
    benchmark = answer.get("watering_general_benchmark")
    if benchmark is None or isinstance(benchmark.value, str):
        return None
    value, unit = benchmark.get("value"), benchmark.get("unit")
    match = _RANGE.fullmatch(value.string()) if value else None
    factor = _DAYS.get(unit.string().casefold()) if unit else None
    if match is None or factor is None:
        return None
    low = float(match[1]) * factor
    high = float(match[2]) * factor if match[2] else low
    return (low, high) if 0 < low <= high else None


SPEC = Spec(
    kind="perenual",
    name="Perenual",
    api="2",
    tasks=frozenset({Task.ENRICH}),
    base_url="https://perenual.com/api/v2",
    open=Perenual,
    daily=100,
)
