"""The Gemini API, as far as Google's own client needs it for one question."""

import json
from typing import Any, ClassVar, override

from aiohttp import web

from .server import Call, Cloud, Fault

_STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


class GeminiCloud(Cloud):
    """Answers with `replies`, by a member of the schema that was asked for.

    `block` makes the model refuse: "prompt" before it answers, or one of its finish reasons.
    `questions` are the data that came as text beside the pictures.
    """

    PATH: ClassVar[str] = ""

    def __init__(self, *, keys: tuple[str, ...] = ("key",), seed: int = 3) -> None:
        super().__init__(keys=keys, seed=seed)
        self.replies: dict[str, Any] = {
            "candidates": {
                "plant": 0.99,
                "candidates": [{"name": "Monstera deliciosa", "confidence": 0.9}],
                "explanation": "The leaves have holes beside the midrib.",
            },
            "troubles": {
                "plant": 0.99,
                "healthy": 0.3,
                "troubles": [{"name": "Overwatering", "confidence": 0.6, "prevention": ["Wait."]}],
                "explanation": "The soil was above 60 % for a week.",
            },
            # Before the next: both are asked whether anything is known.
            "answer": {"known": True, "answer": "Not before the upper 3 cm are dry."},
            "known": {"known": True, "watering": "When the upper 3 cm are dry."},
        }
        self.finish = "STOP"
        self.block = "SAFETY"
        self.questions: list[dict[str, Any]] = []
        self.instructions: list[str] = []

    @override
    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v1beta/models/{model}:generateContent", self._generate),
            web.get("/v1beta/models/{model}", self._model),
        ]

    @override
    def key_of(self, call: Call) -> str:
        return call.headers.get("x-goog-api-key", "")

    @override
    def error(self, status: int, key: str) -> web.Response:
        details: list[dict[str, Any]] = []
        if status == 401:
            # So it says that a key is wrong.
            status = 400
            details = [{"@type": "type.googleapis.com/ErrorInfo", "reason": "API_KEY_INVALID"}]
        error = {
            "code": status,
            "message": f"API key {key}: {_STATUSES.get(status, 'UNKNOWN')}",
            "status": _STATUSES.get(status, "UNKNOWN"),
            "details": details,
        }
        return web.json_response({"error": error}, status=status)

    def used_up(self, *, per_day: bool, delay: str = "22s") -> web.Response:
        """A 429 as Google words it."""
        quota = "GenerateRequestsPerDayPerProject" if per_day else "GenerateRequestsPerMinute"
        violations = {
            "@type": "type.googleapis.com/google.rpc.QuotaFailure",
            "violations": [{"quotaId": quota}],
        }
        retry = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}
        error = {"code": 429, "message": "Quota", "status": "RESOURCE_EXHAUSTED"}
        return web.json_response({"error": {**error, "details": [violations, retry]}}, status=429)

    @override
    def lie(self) -> web.Response:
        return self._said(json.dumps({"plant": "yes", "candidates": "Monstera", "known": 7}))

    @override
    def blocked(self) -> web.Response:
        if self.block == "prompt":
            return web.json_response({"promptFeedback": {"blockReason": "SAFETY"}})
        return web.json_response({"candidates": [{"finishReason": self.block}]})

    def _said(self, text: str) -> web.Response:
        parts = [{"text": "Let me think.", "thought": True}, {"text": text}]
        candidate = {
            "content": {"role": "model", "parts": parts},
            "finishReason": self.finish,
            "index": 0,
        }
        return web.json_response(
            {
                "candidates": [candidate],
                "usageMetadata": {"promptTokenCount": 300, "totalTokenCount": 400},
                "modelVersion": "gemini-3.1-flash-lite",
            }
        )

    async def _generate(self, request: web.Request) -> web.Response:
        body = json.loads(await request.read())
        schema = body["generationConfig"].get("responseSchema", {}).get("properties", {})
        parts = body["contents"][0]["parts"]
        self.instructions.append(body["systemInstruction"]["parts"][0]["text"])
        self.questions += [json.loads(part["text"]) for part in parts if "text" in part]
        for part in parts:
            inline = part.get("inlineData") or part.get("inline_data")
            if inline and (inline.get("mimeType") or inline.get("mime_type")) != "image/jpeg":
                return self.error(400, "")
        wanted = next((name for name in self.replies if name in schema), None)
        if body["generationConfig"].get("responseMimeType") != "application/json" or not wanted:
            return self.error(400, "")
        return self._said(json.dumps(self.replies[wanted]))

    async def _model(self, request: web.Request) -> web.Response:
        name = request.match_info["model"]
        return web.json_response({"name": f"models/{name}", "displayName": name})


MODEL_FAULTS = (Fault.BLOCKED,)
"""What only a model can do wrong."""
