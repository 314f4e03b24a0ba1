"""Pl@ntNet's API, version 2, as far as Plant Vita uses it."""

from email import message_from_bytes
from typing import Any, ClassVar, override

from aiohttp import web

from .server import Call, Cloud, gbif_id

_MESSAGES = {
    400: ("Bad Request", "Bad request"),
    401: ("Unauthorized", "Unauthorized"),
    403: ("Forbidden", "The API key is not allowed from here"),
    404: ("Not Found", "Species not found"),
    415: ("Unsupported Media Type", "Unsupported file type for image[0] (jpeg or png)"),
    429: ("Too Many Requests", "Too Many Requests"),
    500: ("Internal Server Error", "Internal error"),
}


class PlantNetCloud(Cloud):
    """Identifies everything as `results`; `quota` is how many a day are free."""

    PATH: ClassVar[str] = "/v2"

    def __init__(self, *, keys: tuple[str, ...] = ("key",), seed: int = 2) -> None:
        super().__init__(keys=keys, seed=seed)
        self.results: list[tuple[str, float]] = [
            ("Monstera deliciosa", 0.71),
            ("Monstera acuminata", 0.05),
        ]
        self.diseases: list[tuple[str, float, str]] = [("TETRUR", 0.43, "Two-spotted spider mite")]
        self.quota = 500
        self.reset_s = 4321

    @override
    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(f"{self.PATH}/identify/{{flora}}", self._identify),
            web.post(f"{self.PATH}/diseases/identify", self._diseases),
            web.get(f"{self.PATH}/quota/daily", self._quota),
        ]

    @override
    def key_of(self, call: Call) -> str:
        return call.query.get("api-key", "")

    @override
    def error(self, status: int, key: str) -> web.Response:
        error, message = _MESSAGES.get(status, ("Error", f"Error for {key}"))
        body = {"statusCode": status, "error": error, "message": message}
        return web.json_response(body, status=status, headers=self._limits())

    @override
    def lie(self) -> web.Response:
        return web.json_response({"results": [{"score": "0.9", "species": "Monstera"}]})

    def _limits(self) -> dict[str, str]:
        return {
            "RateLimit-Policy": '"dailyQuota";q=500;w=86400',
            "RateLimit": f'"dailyQuota";r={self.quota};t={self.reset_s}',
        }

    async def _refusal(self, request: web.Request) -> web.Response | None:
        """Why this form is not taken; counts against the quota otherwise."""
        if self.quota <= 0:
            return self.error(429, "")
        images = organs = 0
        # The body was read before, which aiohttp's own reader of forms does not expect.
        head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
        form = message_from_bytes(head + await request.read())
        for part in form.walk():
            name = part.get_param("name", header="Content-Disposition")
            if name == "images":
                picture = part.get_payload(decode=True)
                if not isinstance(picture, bytes) or picture[:2] not in {b"\xff\xd8", b"\x89P"}:
                    return self.error(415, "")
                images += 1
            organs += name == "organs"
        if not 1 <= images <= 5 or organs not in {0, images}:
            return self.error(400, "")
        self.quota -= 1
        return None

    async def _identify(self, request: web.Request) -> web.Response:
        if (refusal := await self._refusal(request)) is not None:
            return refusal
        if not self.results:
            return self.error(404, "")
        answer = {
            **self._head(),
            "bestMatch": f"{self.results[0][0]} Liebm.",
            "results": [self._result(k, *one) for k, one in enumerate(self.results)],
        }
        return web.json_response(answer, headers=self._limits())

    def _head(self) -> dict[str, Any]:
        return {
            "query": {"project": "all", "images": ["0"], "organs": ["auto"]},
            "predictedOrgans": [{"image": "0", "organ": "leaf", "score": 0.9}],
            "language": "en",
            "preferedReferential": "k-world-flora",
            "version": "2026-10-01 (7.4)",
            "remainingIdentificationRequests": self.quota,
        }

    def _result(self, k: int, name: str, score: float) -> dict[str, Any]:
        def taxon(text: str) -> dict[str, str]:
            return {
                "scientificNameWithoutAuthor": text,
                "scientificNameAuthorship": "",
                "scientificName": text,
            }

        return {
            "score": score,
            "species": {
                "scientificNameWithoutAuthor": name,
                "scientificNameAuthorship": "Liebm.",
                "scientificName": f"{name} Liebm.",
                "genus": taxon(name.split(maxsplit=1)[0]),
                "family": taxon("Araceae"),
                "commonNames": ["Split-leaf philodendron"] if k == 0 else [],
            },
            "gbif": {"id": str(gbif_id(name))},
            "powo": {"id": f"87447-{k + 1}"},
        }

    async def _diseases(self, request: web.Request) -> web.Response:
        if (refusal := await self._refusal(request)) is not None:
            return refusal
        results = [
            {"name": code, "score": score, "description": text, "images": []}
            for code, score, text in self.diseases
        ]
        return web.json_response({**self._head(), "results": results}, headers=self._limits())

    async def _quota(self, _: web.Request) -> web.Response:
        quota = {"total": 500, "count": 500 - self.quota, "remaining": self.quota}
        body = {"day": "2026-11-21", "quota": {"identify": quota}}
        return web.json_response(body, headers=self._limits())
