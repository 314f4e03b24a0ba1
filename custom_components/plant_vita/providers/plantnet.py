"""Pl@ntNet, version 2 of its API: identification, and diseases by their EPPO codes.

Its key travels in the address, which is why `request` keeps nothing of what aiohttp says.
"""

from datetime import UTC, datetime
from typing import override

import aiohttp

from ..model.errors import ProviderQuotaError
from ..model.finding import Candidate, Diagnosed, Identified, Reply, Task, Trouble
from .answer import Answer
from .causes import cause_of
from .ledger import midnight
from .provider import Account, Ask, Balance, Bill, Provider, Spec
from .request import Response, request

_PATHS = {Task.IDENTIFY: "identify/{flora}", Task.DIAGNOSE: "diseases/identify"}


class PlantNet(Provider):
    """One account with Pl@ntNet."""

    def __init__(self, account: Account, session: aiohttp.ClientSession) -> None:
        self._account, self._session = account, session

    @override
    async def answer(self, ask: Ask, bill: Bill) -> Reply:
        """Identify or diagnose up to five photos; that nothing matches is an answer."""
        form = aiohttp.FormData()
        organs = ask.organs or ("auto",) * len(ask.photos)
        for k, (photo, organ) in enumerate(zip(ask.photos, organs, strict=True)):
            form.add_field("images", photo.jpeg, filename=f"{k}.jpg", content_type="image/jpeg")
            form.add_field("organs", organ)
        flora = self._account.options.get("flora", SPEC.options["flora"])
        url = f"{self._account.base_url}/{_PATHS[ask.task].format(flora=flora)}"
        params = {
            "api-key": self._account.key,
            "lang": ask.language,
            "nb-results": "10",
            "include-related-images": "false",
            "no-reject": "false",
        }
        await bill()
        response = await request(self._session, "POST", url, params=params, data=form)
        if response.status == 404 and response.says("species not found"):
            empty: dict[Task, Reply] = {
                Task.IDENTIFY: Identified(candidates=()),
                Task.DIAGNOSE: Diagnosed(troubles=()),
            }
            return empty[ask.task]
        answer = _checked(response).answer()
        model = found.text(64) if (found := answer.get("version")) else ""
        if ask.task is Task.DIAGNOSE:
            return Diagnosed(
                troubles=tuple(map(_trouble, answer["results"].items(10))), model=model
            )
        return Identified(
            candidates=tuple(map(_candidate, answer["results"].items(10))), model=model
        )

    @override
    async def check(self) -> Balance:
        """Ask for what is left of today's quota."""
        url = f"{self._account.base_url}/quota/daily"
        params = {"api-key": self._account.key}
        answer = _checked(await request(self._session, "GET", url, params=params)).answer()
        quota = answer.get("quota")
        identify = quota.get("identify") if quota else None
        remaining = identify.get("remaining") if identify else None
        return Balance(remaining=remaining.number() if remaining else None)

    @override
    async def close(self) -> None:
        """Nothing is held."""


def _checked(response: Response) -> Response:
    """Its quota comes back at midnight UTC; `RateLimit` says in how many seconds."""
    if response.status == 429:
        raise ProviderQuotaError("quota used up", unbilled=True, wait_s=_until_reset(response))
    return response


def _until_reset(response: Response) -> float:
    header = next((v for k, v in response.headers.items() if k.casefold() == "ratelimit"), "")
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        if name == "t" and value.isdecimal() and len(value) < 8:
            return float(value)
    now = datetime.now(UTC).timestamp()
    return midnight(now) - now


def _candidate(one: Answer) -> Candidate:
    species = one["species"]
    family = species.get("family")
    common = species.get("commonNames")
    gbif, powo = one.get("gbif"), one.get("powo")
    return Candidate(
        name=species["scientificNameWithoutAuthor"].name(),
        confidence=one["score"].share(),
        common_names=common.texts(5) if common else (),
        family=family["scientificNameWithoutAuthor"].text(64) if family else None,
        gbif=gbif["id"].identity() if gbif and gbif.get("id") else None,
        powo=powo["id"].identity() if powo and powo.get("id") else None,
    )


def _trouble(one: Answer) -> Trouble:
    described = one.get("description")
    code = one["name"].identity()
    text = described.text() if described else ""
    return Trouble(
        name=text[:64] or code,
        confidence=one["score"].share(),
        code=code,
        description=text,
        cause=cause_of(text),
    )


SPEC = Spec(
    kind="plantnet",
    name="Pl@ntNet",
    api="2",
    tasks=frozenset({Task.IDENTIFY, Task.DIAGNOSE}),
    base_url="https://my-api.plantnet.org/v2",
    open=PlantNet,
    time_limit=20.0,
    weight=0.8,
    daily=500,
    tells=True,
    options={"flora": "all"},
)
