"""OpenPlantbook, Trefle and Perenual: a plant that everybody has, and one that few know."""

import json
from typing import Any, ClassVar, override
from urllib.parse import parse_qs

from aiohttp import web

from .server import Call, Cloud

ADVERTISEMENT = "Upgrade Plans To Premium/Supreme - https://perenual.com/subscription-api-pricing"


# Not in the catalogue that comes with Plant Vita.
RARE = "Rhaphidophora cryptantha"


class OpenPlantbookCloud(Cloud):
    """`lives` is for how many seconds a token holds; `revoked` tokens hold no more."""

    PATH: ClassVar[str] = "/api/v1"

    def __init__(self, *, keys: tuple[str, ...] = ("key",), seed: int = 4) -> None:
        super().__init__(keys=keys, seed=seed)
        self.lives = 86_400
        self.tokens: list[str] = []
        self.plant: dict[str, Any] = {
            "pid": "monstera deliciosa",
            "display_pid": "Monstera deliciosa",
            "alias": "swiss cheese plant",
            "category": "Araceae, Monstera",
            "max_light_mmol": 4500,
            "min_light_mmol": 2000,
            "max_light_lux": 20_000,
            "min_light_lux": 800,
            "max_temp": 32,
            "min_temp": 12,
            "max_env_humid": 85,
            "min_env_humid": 30,
            "max_soil_moist": 60,
            "min_soil_moist": 15,
            "max_soil_ec": 2000,
            "min_soil_ec": 350,
            "image_url": "https://example.test/monstera.jpg",
        }
        self.rare: dict[str, Any] = {
            **self.plant,
            "pid": RARE.casefold(),
            "display_pid": RARE,
            "alias": "shingle plant",
            "category": "Araceae, Rhaphidophora",
            "max_temp": 29,
            "min_temp": 16,
            "max_soil_moist": 65,
            "min_soil_moist": 25,
        }

    @override
    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(f"{self.PATH}/token/", self._token),
            web.get(f"{self.PATH}/plant/search", self._search),
            web.get(f"{self.PATH}/plant/detail/{{pid}}/", self._detail),
        ]

    @override
    def key_of(self, call: Call) -> str:
        if call.path.endswith("/token/"):
            return parse_qs(call.body.decode()).get("client_secret", [""])[0]
        token = call.headers.get("Authorization", "").removeprefix("Bearer ")
        return self.keys[0] if token in self.tokens else ""

    @override
    def error(self, status: int, key: str) -> web.Response:
        error = {"code": "error", "detail": f"Failed for {key}", "attr": None}
        return web.json_response({"type": "client_error", "errors": [error]}, status=status)

    async def _token(self, _: web.Request) -> web.Response:
        self.tokens.append(f"token{len(self.tokens)}")
        return web.json_response(
            {
                "access_token": self.tokens[-1],
                "expires_in": self.lives,
                "token_type": "Bearer",
                "scope": "read",
            }
        )

    async def _search(self, request: web.Request) -> web.Response:
        alias = request.query.get("alias", "").casefold()
        keys = ("pid", "display_pid", "alias", "category")
        others = [{**self.plant, "pid": "monstera adansonii", "display_pid": "Monstera adansonii"}]
        found = [
            p for p in [*others, self.plant, self.rare] if alias in p["pid"] or alias in p["alias"]
        ]
        results = [{key: one[key] for key in keys} for one in found]
        return web.json_response(
            {"count": len(results), "next": None, "previous": None, "results": results}
        )

    async def _detail(self, request: web.Request) -> web.Response:
        known = {one["pid"]: one for one in (self.plant, self.rare)}
        if (found := known.get(request.match_info["pid"])) is None:
            return self.error(404, "")
        return web.json_response(found)


class TrefleCloud(Cloud):
    """Names and families; `common` is what it calls the plant that everybody has."""

    PATH: ClassVar[str] = "/api/v1"

    def __init__(self, *, keys: tuple[str, ...] = ("key",), seed: int = 5) -> None:
        super().__init__(keys=keys, seed=seed)
        self.common = "Swiss cheese plant"

    @override
    def routes(self) -> list[web.RouteDef]:
        return [web.get(f"{self.PATH}/plants/search", self._search)]

    @override
    def key_of(self, call: Call) -> str:
        return call.query.get("token", "")

    @override
    def error(self, status: int, key: str) -> web.Response:
        return web.json_response({"error": True, "messages": f"Failed for {key}"}, status=status)

    async def _search(self, request: web.Request) -> web.Response:
        known = {"Monstera deliciosa": self.common, RARE: "Shingle plant"}
        wanted = request.query.get("q", "").casefold().split()
        data = [
            {
                "id": 123 + number,
                "common_name": common,
                "slug": name.casefold().replace(" ", "-"),
                "scientific_name": name,
                "family": "Araceae",
                "genus": name.partition(" ")[0],
                "image_url": "https://example.test/plant.jpg",
            }
            for number, (name, common) in enumerate(known.items())
            if wanted and wanted[0] in name.casefold()
        ]
        return web.json_response({"data": data, "links": {}, "meta": {"total": len(data)}})


class PerenualCloud(Cloud):
    """`details` are what it tells of the plant that everybody has, `rare` of the other."""

    PATH: ClassVar[str] = "/api/v2"

    def __init__(self, *, keys: tuple[str, ...] = ("key",), seed: int = 6) -> None:
        super().__init__(keys=keys, seed=seed)
        self.details: dict[str, Any] = {
            "id": 5257,
            "common_name": "Swiss cheese plant",
            "scientific_name": ["Monstera deliciosa"],
            "family": "Araceae",
            "watering": "Average",
            "watering_general_benchmark": {"value": '"7-10"', "unit": "days"},
            "sunlight": ["part shade", "part sun/part shade"],
            "poisonous_to_pets": 1,
            "poisonous_to_humans": True,
            "care_level": "Medium",
        }
        self.rare: dict[str, Any] = {
            **self.details,
            "id": 7001,
            "common_name": "Shingle plant",
            "scientific_name": [RARE],
        }

    @override
    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(f"{self.PATH}/species-list", self._list),
            web.get(f"{self.PATH}/species/details/{{number}}", self._details),
        ]

    @override
    def key_of(self, call: Call) -> str:
        return call.query.get("key", "")

    @override
    def error(self, status: int, key: str) -> web.Response:
        return web.Response(status=status, text=json.dumps({"X-Response": f"Failed for {key}"}))

    async def _list(self, request: web.Request) -> web.Response:
        keys = ("id", "common_name", "scientific_name")
        wanted = request.query.get("q", "").casefold().split()
        known = [
            one
            for one in (self.details, self.rare)
            if wanted and any(wanted[0] in name.casefold() for name in one["scientific_name"])
        ]
        data = [{key: one[key] for key in keys} for one in known]
        return web.json_response({"data": data, "to": len(data), "total": len(data)})

    async def _details(self, request: web.Request) -> web.Response:
        known = {str(one["id"]): one for one in (self.details, self.rare)}
        if (found := known.get(request.match_info["number"])) is None:
            return self.error(404, "")
        return web.json_response(found)
