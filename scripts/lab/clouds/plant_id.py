"""plant.id, version 3, as far as Plant Vita uses it."""

import base64
import binascii
import json
from typing import Any, ClassVar, override

from aiohttp import web

from .server import Call, Cloud, gbif_id

Suggestion = tuple[str, float]


class PlantIdCloud(Cloud):
    """Identifies everything as `suggestions` and diagnoses `diseases`.

    `credits` are what the account has left, `day_limit` how many a day; `pending` is how often an
    answer is not there yet when it is asked for; `posts` are the requests that cost a credit. With
    `asks` it asks back which of its first two diseases it is.
    """

    PATH: ClassVar[str] = "/api/v3"

    def __init__(self, *, keys: tuple[str, ...] = ("key",), seed: int = 1) -> None:
        super().__init__(keys=keys, seed=seed)
        self.suggestions: list[Suggestion] = [
            ("Monstera deliciosa", 0.88),
            ("Monstera adansonii", 0.06),
        ]
        self.diseases: list[Suggestion] = [("overwatering", 0.72), ("Fungi", 0.11)]
        self.description = "Roots that stand in water cannot breathe."
        self.credits, self.day_limit = 1000, 1000
        self.pending = 0
        self.asks = ""
        self.posts = 0
        self._answers: dict[str, dict[str, Any]] = {}
        self._waits: dict[str, int] = {}

    @override
    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(f"{self.PATH}/identification", self._identify),
            web.get(f"{self.PATH}/identification/{{number}}", self._retrieve),
            web.post(f"{self.PATH}/health_assessment", self._assess),
            web.get(f"{self.PATH}/health_assessment/{{number}}", self._retrieve),
            web.get(f"{self.PATH}/usage_info", self._usage),
        ]

    @override
    def key_of(self, call: Call) -> str:
        return call.headers.get("Api-Key", "")

    @override
    def error(self, status: int, key: str) -> web.Response:
        texts = {
            400: "Invalid base64 image data",
            401: "The specified api key not found.",
            404: "Not found",
            429: f"Account of {key} sends too many requests.",
        }
        return web.Response(status=status, text=texts.get(status, f"Error for {key}"))

    @override
    def lie(self) -> web.Response:
        suggestion = {"name": ["Monstera"], "probability": "high", "id": 1}
        result = {"classification": {"suggestions": [suggestion]}, "disease": {"suggestions": [3]}}
        return web.json_response({"status": "COMPLETED", "result": result, "model_version": 7})

    async def _identify(self, request: web.Request) -> web.Response:
        return await self._create(request, {"classification": self._classification()})

    async def _assess(self, request: web.Request) -> web.Response:
        result = {
            "is_healthy": {"probability": 0.2, "binary": False, "threshold": 0.525},
            "disease": self._disease(),
        }
        return await self._create(request, result)

    async def _create(self, request: web.Request, result: dict[str, Any]) -> web.Response:
        body = json.loads(await request.read())
        images = body.get("images", [])
        try:
            pictures = [base64.b64decode(one, validate=True) for one in images]
        except binascii.Error, TypeError, ValueError:
            pictures = []
        if not 1 <= len(pictures) <= 5 or not all(p.startswith(b"\xff\xd8") for p in pictures):
            return self.error(400, "")
        if self.credits <= 0:
            text = "Api key does not have sufficient number of available credits."
            return web.Response(status=429, text=text)
        if self.posts >= self.day_limit:
            text = f"Api key reached its day credit limit ({self.day_limit})."
            return web.Response(status=429, text=text)
        self.credits -= 1
        self.posts += 1
        number = str(body.get("custom_id"))
        plant = {"probability": 0.98, "binary": True, "threshold": 0.5}
        self._answers[number] = {
            "access_token": f"t{self.posts:015}",
            "model_version": "plant_id:5.0.0",
            "custom_id": body.get("custom_id"),
            "input": {"images": [], "datetime": "2026-11-20T10:00:00"},
            "result": {"is_plant": plant, **result},
            "status": "COMPLETED",
            "sla_compliant_client": True,
            "created": 1763632800.0,
            "completed": 1763632801.0,
        }
        self._waits[number] = self.pending
        return web.json_response(self._state(number), status=201)

    def _state(self, number: str) -> dict[str, Any]:
        answer = self._answers[number]
        if self._waits[number] > 0:
            self._waits[number] -= 1
            return {**answer, "status": "CREATED", "result": None, "completed": None}
        return answer

    async def _retrieve(self, request: web.Request) -> web.Response:
        number = request.match_info["number"]
        if number not in self._answers:
            return self.error(404, "")
        return web.json_response(self._state(number))

    async def _usage(self, _: web.Request) -> web.Response:
        limits = {"day": self.day_limit, "week": None, "month": None, "total": 1000}
        used = {"day": self.posts, "week": self.posts, "month": self.posts, "total": self.posts}
        left = {"day": self.day_limit - self.posts, "total": self.credits}
        can = {"value": self.credits > 0, "reason": None if self.credits else "no credits"}
        return web.json_response(
            {
                "active": True,
                "credit_limits": limits,
                "used": used,
                "can_use_credits": can,
                "remaining": left,
            }
        )

    def _classification(self) -> dict[str, Any]:
        return {
            "suggestions": [
                {
                    "id": f"{k:016x}",
                    "name": name,
                    "probability": probability,
                    "details": {
                        "common_names": ["Swiss cheese plant"] if k == 0 else None,
                        "taxonomy": {"family": "Araceae", "genus": name.split()[0]},
                        "gbif_id": gbif_id(name),
                        "language": "en",
                        "entity_id": f"{k:016x}",
                    },
                }
                for k, (name, probability) in enumerate(self.suggestions)
            ]
        }

    def _disease(self) -> dict[str, Any]:
        treatment = {
            "biological": ["Let the soil dry."],
            "chemical": [],
            "prevention": ["Water less often.", "Use a pot with a hole."],
        }
        details = {"description": self.description, "treatment": treatment, "language": "en"}
        return {
            "suggestions": [
                {"id": f"{k:016x}", "name": name, "probability": probability, "details": details}
                for k, (name, probability) in enumerate(self.diseases)
            ],
            "question": self._question(),
        }

    def _question(self) -> dict[str, Any] | None:
        if not self.asks:
            return None
        options = {
            word: {
                "suggestion_index": k,
                "entity_id": f"{k:016x}",
                "name": self.diseases[k][0],
                "translation": word,
            }
            for k, word in enumerate(("yes", "no"))
        }
        return {"text": self.asks, "translation": self.asks, "options": options}
