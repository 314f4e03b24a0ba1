"""Trefle: names and family of a species. Its token travels in the address."""

from typing import override

import aiohttp

from ..model.finding import Facts, Reply, Task
from .answer import Answer
from .names import parse_name, searched
from .provider import Account, Ask, Balance, Bill, Provider, Spec
from .request import request


class Trefle(Provider):
    """One token for Trefle."""

    def __init__(self, account: Account, session: aiohttp.ClientSession) -> None:
        self._account, self._session = account, session

    @override
    async def answer(self, ask: Ask, bill: Bill) -> Reply:
        """Look a species up."""
        await bill()
        found = await self._search(searched(ask.name))
        wanted = parse_name(ask.name)
        for one in found["data"].items(20):
            name = parse_name(one["scientific_name"].string())
            if wanted is not None and name is not None and name.key == wanted.key:
                return _facts(one)
        return Facts(name="")

    @override
    async def check(self) -> Balance:
        """Search for something: there is no cheaper way, and 120 a minute are free."""
        await self._search("Monstera deliciosa")
        return Balance()

    @override
    async def close(self) -> None:
        """Nothing is held."""

    async def _search(self, name: str) -> Answer:
        params = {"q": name, "token": self._account.key}
        url = f"{self._account.base_url}/plants/search"
        return (await request(self._session, "GET", url, params=params)).answer()


def _facts(one: Answer) -> Facts:
    common, family = one.get("common_name"), one.get("family")
    return Facts(
        name=one["scientific_name"].text(128),
        common_names=(common.text(64),) if common else (),
        family=family.text(64) if family else None,
    )


SPEC = Spec(
    kind="trefle",
    name="Trefle",
    api="1",
    tasks=frozenset({Task.ENRICH}),
    base_url="https://trefle.io/api/v1",
    open=Trefle,
)
