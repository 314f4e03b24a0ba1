"""OpenPlantbook: the limits that other growers found for a species."""

import asyncio
from typing import override
from urllib.parse import quote

import aiohttp

from ..model.errors import ProviderKeyError
from ..model.finding import Facts, Reply, Task
from ..model.species import Measure
from .answer import Answer
from .names import parse_name, searched
from .provider import Account, Ask, Balance, Bill, Provider, Spec
from .request import Response, request

_LIMITS = {
    # Its keys, and what to multiply with to have the measure's own unit.
    Measure.MOISTURE: ("soil_moist", 1.0),
    Measure.DLI: ("light_mmol", 0.001),
    Measure.TEMPERATURE: ("temp", 1.0),
    Measure.HUMIDITY: ("env_humid", 1.0),
    Measure.CONDUCTIVITY: ("soil_ec", 1.0),
}
_EARLY_S = 300.0


class OpenPlantbook(Provider):
    """One API client of OpenPlantbook."""

    def __init__(self, account: Account, session: aiohttp.ClientSession) -> None:
        self._account, self._session = account, session
        self._lock = asyncio.Lock()
        self._token = ""
        self._token_until = 0.0

    @override
    async def answer(self, ask: Ask, bill: Bill) -> Reply:
        """Look a species up, and read its limits."""
        await bill()
        found = (await self._get("plant/search", {"alias": searched(ask.name)})).answer()
        pid = _best(found["results"], ask.name)
        if not pid:
            return Facts(name="")
        await bill()
        params = {"lang": ask.language, "include": "care"}
        return _facts((await self._get(f"plant/detail/{quote(pid, safe='')}/", params)).answer())

    @override
    async def check(self) -> Balance:
        """Have a token made, which does not count."""
        self._token = ""
        await self._bearer()
        return Balance()

    @override
    async def close(self) -> None:
        """Forget the token."""
        self._token = ""

    async def _get(self, path: str, params: dict[str, str]) -> Response:
        """With a fresh token if the one we have was withdrawn."""
        for again in (True, False):
            headers = {"Authorization": f"Bearer {await self._bearer()}"}
            url = f"{self._account.base_url}/{path}"
            response = await request(self._session, "GET", url, params=params, headers=headers)
            if response.status != 401 or not again:
                break
            self._token = ""
        return response

    async def _bearer(self) -> str:
        """The token, made anew before it ends."""
        async with self._lock:
            clock = asyncio.get_running_loop().time
            if not self._token or clock() >= self._token_until:
                form = {
                    "grant_type": "client_credentials",
                    "client_id": self._account.secrets["client_id"].reveal(),
                    "client_secret": self._account.secrets["client_secret"].reveal(),
                }
                url = f"{self._account.base_url}/token/"
                response = await request(self._session, "POST", url, data=form)
                if response.status == 400 and response.says("invalid_client", "invalid_grant"):
                    raise ProviderKeyError("status 400", unbilled=True)
                answer = response.answer()
                self._token = answer["access_token"].identity()
                lives = answer["expires_in"].number()
                self._token_until = clock() + max(60.0, lives - _EARLY_S)
            return self._token


def _best(results: Answer, name: str) -> str:
    """The pid of the species meant, or of a cultivar of it; "" if there is neither."""
    wanted = parse_name(name)
    pids = [one["pid"].string() for one in results.items(50)]
    if wanted is None:
        return ""
    plain = [pid for pid in pids if pid.casefold() == wanted.key]
    same = [pid for pid in pids if (other := parse_name(pid)) and other.key == wanted.key]
    return next(iter(plain or same), "")


def _facts(answer: Answer) -> Facts:
    alias = answer.get("alias")
    limits: dict[Measure, tuple[float, float]] = {}
    for measure, (key, factor) in _LIMITS.items():
        low, high = answer.get(f"min_{key}"), answer.get(f"max_{key}")
        if low is not None and high is not None and low.number() < high.number():
            limits[measure] = (low.number() * factor, high.number() * factor)
    texts = {}
    for topic in ("watering", "sunlight", "soil", "fertilization", "pruning"):
        care = answer.get("care")
        told = (care.get(topic) if care else None) or answer.get(topic)
        if told is not None and isinstance(told.value, str) and told.text():
            texts[topic] = told.text()
    return Facts(
        name=answer["display_pid"].text(128),
        common_names=(alias.text(64),) if alias and alias.text(64) else (),
        limits=limits,
        texts=texts,
    )


SPEC = Spec(
    kind="openplantbook",
    name="OpenPlantbook",
    api="1",
    tasks=frozenset({Task.ENRICH}),
    base_url="https://open.plantbook.io/api/v1",
    open=OpenPlantbook,
    fields=("client_id", "client_secret"),
)
