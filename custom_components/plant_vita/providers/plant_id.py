"""plant.id of Kindwise, version 3: identification, and what ails a plant."""

import asyncio
import base64
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from typing import override

import aiohttp

from ..model.errors import (
    ProviderAnswerError,
    ProviderDownError,
    ProviderQuotaError,
)
from ..model.finding import Candidate, Diagnosed, Identified, Question, Reply, Task, Trouble
from .answer import Answer
from .causes import cause_of
from .ledger import midnight
from .provider import Account, Ask, Balance, Bill, Provider, Spec
from .request import Response, request

_DETAILS = {
    Task.IDENTIFY: "common_names,taxonomy,gbif_id",
    Task.DIAGNOSE: "description,treatment,common_names",
}
_PATHS = {Task.IDENTIFY: "identification", Task.DIAGNOSE: "health_assessment"}
_WAITING = frozenset({"CREATED", "SUBMITTED"})
_DONE = "COMPLETED"
_POST_S = 20.0
"""After this long its answer is looked for elsewhere, while there is time to."""
_MOST_LOST = 50


class PlantId(Provider):
    """One account with plant.id."""

    def __init__(self, account: Account, session: aiohttp.ClientSession) -> None:
        self._account, self._session = account, session
        self._lost: dict[str, int] = {}

    @override
    async def answer(self, ask: Ask, bill: Bill) -> Reply:
        """Identify or diagnose up to five photos.

        A request is known there under a number of ours: when its answer is lost, the answer is
        asked for under that number before anything is sent a second time, for credits are money.
        """
        about = ":".join((ask.task, ask.language, *(photo.digest for photo in ask.photos)))
        if (lost := self._lost.get(about)) is not None:
            response = await self._found(ask, lost)
            if response is not None:
                return await self._settled(ask, response, about)
        await bill()
        number = secrets.randbelow(2**53)
        self._lost[about] = number
        while len(self._lost) > _MOST_LOST:
            del self._lost[next(iter(self._lost))]
        response = await self._sent(ask, number, about)
        if response is None and (response := await self._found(ask, number)) is None:
            del self._lost[about]
            raise ProviderDownError("the request never arrived", unbilled=True)
        return await self._settled(ask, response, about)

    async def _sent(self, ask: Ask, number: int, about: str) -> Response | None:
        """What came back; None when it is not known whether the request arrived."""
        try:
            async with asyncio.timeout(_POST_S):
                response = await self._post(ask, number)
        except TimeoutError:
            return None
        except ProviderDownError as error:
            if not error.unbilled:
                return None
            del self._lost[about]
            raise
        return response if response.status < 500 or response.status == 503 else None

    async def _found(self, ask: Ask, number: int) -> Response | None:
        """The answer to a request that was sent before; None if it never arrived."""
        response: Response | None = None
        with suppress(ProviderDownError):
            response = await self._get(f"{_PATHS[ask.task]}/{number}", ask)
        if response is None or response.status >= 500:
            # The first request may have been billed, whatever became of this one.
            raise ProviderDownError("its answer is lost")
        return None if response.status == 404 else response

    async def _settled(self, ask: Ask, response: Response, about: str) -> Reply:
        """Read an answer; then nothing is lost, unless it was not complete and stays away."""
        number = self._lost.pop(about)
        try:
            return await self._read(ask, response, number)
        except asyncio.CancelledError:
            self._lost[about] = number
            raise
        except ProviderDownError as error:
            if not error.unbilled:
                self._lost[about] = number
            raise

    @override
    async def check(self) -> Balance:
        """Ask for the credits that are left."""
        answer = self._checked(await self._get("usage_info")).answer()
        left = answer["remaining"].get("total") if answer.get("remaining") else None
        may = answer["can_use_credits"]["value"].flag()
        if not may:
            raise ProviderQuotaError("no credits", unbilled=True)
        return Balance(remaining=left.number() if left else None)

    @override
    async def close(self) -> None:
        """Nothing is held."""

    async def _post(self, ask: Ask, number: int) -> Response:
        return await request(
            self._session,
            "POST",
            f"{self._account.base_url}/{_PATHS[ask.task]}",
            params={"details": _DETAILS[ask.task], "language": ask.language},
            headers=self._headers(),
            json_body={
                "images": [base64.b64encode(photo.jpeg).decode() for photo in ask.photos],
                "similar_images": False,
                "custom_id": number,
            },
        )

    async def _get(self, path: str, ask: Ask | None = None) -> Response:
        params = {"details": _DETAILS[ask.task], "language": ask.language} if ask else None
        url = f"{self._account.base_url}/{path}"
        return await request(self._session, "GET", url, params=params, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Api-Key": self._account.key, "Content-Type": "application/json"}

    async def _read(self, ask: Ask, response: Response, number: int) -> Reply:
        answer = self._checked(response).answer()
        status = answer["status"].string()
        for wait in (1.0, 2.0, 3.0, 5.0, 8.0, 10.0):
            if status not in _WAITING:
                break
            await _pause(wait)
            answer = self._checked(await self._get(f"{_PATHS[ask.task]}/{number}", ask)).answer()
            status = answer["status"].string()
        if status != _DONE:
            raise ProviderAnswerError("not completed")
        model = found.text(64) if (found := answer.get("model_version")) else ""
        read = _identified if ask.task is Task.IDENTIFY else _diagnosed
        return read(answer["result"], model)

    def _checked(self, response: Response) -> Response:
        """Its errors are plain text, and 429 is about credits more often than about haste."""
        if response.status == 429:
            if response.says("limit"):
                now = datetime.now(UTC).timestamp()
                wait = midnight(now) - now if response.says("day") else None
                raise ProviderQuotaError("limit reached", unbilled=True, wait_s=wait)
            if response.says("credit"):
                raise ProviderQuotaError("no credits", unbilled=True)
        return response


async def _pause(seconds: float) -> None:
    await asyncio.sleep(seconds)


def _plant(result: Answer) -> float | None:
    found = result.get("is_plant")
    return found["probability"].share() if found else None


def _identified(result: Answer, model: str) -> Identified:
    suggestions = result["classification"]["suggestions"]
    candidates = tuple(_candidate(one) for one in suggestions.items(10))
    return Identified(candidates=candidates, plant=_plant(result), model=model)


def _candidate(one: Answer) -> Candidate:
    details = one.get("details")
    common = details.get("common_names") if details else None
    taxonomy = details.get("taxonomy") if details else None
    family = taxonomy.get("family") if taxonomy else None
    gbif = details.get("gbif_id") if details else None
    return Candidate(
        name=one["name"].name(),
        confidence=one["probability"].share(),
        common_names=common.texts(5) if common else (),
        family=family.text(64) if family else None,
        gbif=gbif.identity() if gbif else None,
    )


def _diagnosed(result: Answer, model: str) -> Diagnosed:
    healthy = result.get("is_healthy")
    return Diagnosed(
        troubles=tuple(_trouble(one) for one in result["disease"]["suggestions"].items(10)),
        healthy=healthy["probability"].share() if healthy else None,
        plant=_plant(result),
        model=model,
        question=_question(result["disease"]),
    )


def _question(disease: Answer) -> Question | None:
    """What it would ask to tell two of its suggestions apart; each answer points to one of them."""
    found = disease.get("question")
    if found is None:
        return None
    told, options = found.get("translation") or found["text"], found["options"]
    return Question(
        text=told.text(), yes=options["yes"]["name"].name(), no=options["no"]["name"].name()
    )


def _trouble(one: Answer) -> Trouble:
    details = one.get("details")
    described = details.get("description") if details else None
    treatment = details.get("treatment") if details else None

    def ways(kind: str) -> tuple[str, ...]:
        found = treatment.get(kind) if treatment else None
        return found.texts(8) if found else ()

    name = one["name"].name()
    return Trouble(
        name=name,
        cause=cause_of(name),
        confidence=one["probability"].share(),
        description=described.text() if described else "",
        biological=ways("biological"),
        chemical=ways("chemical"),
        prevention=ways("prevention"),
    )


SPEC = Spec(
    kind="plant_id",
    name="Plant.id",
    api="3",
    tasks=frozenset({Task.IDENTIFY, Task.DIAGNOSE}),
    base_url="https://plant.id/api/v3",
    open=PlantId,
    time_limit=35.0,
    weight=1.0,
    tells=True,
)
