"""A phone with Home Assistant's app, as far as messages and their buttons go."""

import asyncio
from typing import Any, Self

from aiohttp import ClientSession, web

from scripts.lab.api import Api, Json

from .stage import until

TOKEN = "the phone's own"


class FakePhone:
    """Registers as the app does; `sent` is what was pushed to it, in its order."""

    def __init__(self, api: Api, url: str, name: str) -> None:
        self.sent: list[Json] = []
        self.device_id = ""
        self._api, self._url, self._name = api, url, name
        self._webhook = ""
        self._server: web.AppRunner

    async def __aenter__(self) -> Self:
        """Open the place where messages are pushed to, and register."""
        app = web.Application()
        app.router.add_post("/push", self._pushed)
        self._server = web.AppRunner(app)
        await self._server.setup()
        site = web.TCPSite(self._server, "127.0.0.1", 0)
        await site.start()
        port = self._server.addresses[0][1]
        registered = await self._api.rest(
            "POST",
            "/api/mobile_app/registrations",
            {
                "app_id": "io.example.app",
                "app_name": "Example",
                "app_version": "1.0",
                "device_id": f"device of {self._name}",
                "device_name": self._name,
                "manufacturer": "Example",
                "model": "One",
                "os_name": "Any",
                "os_version": "1",
                "supports_encryption": False,
                "app_data": {"push_token": TOKEN, "push_url": f"http://127.0.0.1:{port}/push"},
            },
        )
        self._webhook = registered["webhook_id"]
        devices = await self._api.command("config/device_registry/list")
        (self.device_id,) = (one["id"] for one in devices if one["name"] == self._name)
        service = f"mobile_app_{self._name.lower().replace(' ', '_')}"
        await until(lambda: self._is_offered(service), 20, f"notify.{service}")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it."""
        await self._server.cleanup()

    def talk_to(self, api: Api) -> None:
        """Home Assistant has started again."""
        self._api = api

    async def _is_offered(self, service: str) -> bool:
        return service in (await self._api.command("get_services"))["notify"]

    async def _pushed(self, request: web.Request) -> web.Response:
        self.sent.append(await request.json())
        return web.json_response({}, status=201)

    def messages(self, title: str | None = None) -> list[str]:
        """The texts, of one title if one is given."""
        return [one["message"] for one in self.sent if title in (None, one.get("title"))]

    async def told(self, message: str, within: float = 60.0) -> Json:
        """The first message with this text; waits for it."""

        async def look() -> Json | None:
            return next((one for one in self.sent if message in one["message"]), None)

        return await until(look, within, f"{message!r}; there was {self.messages()}")

    async def press(self, message: Json, title: str) -> None:
        """Press a button of a message, as the app tells it: by its webhook."""
        (action,) = [one["action"] for one in message["data"]["actions"] if one["title"] == title]
        event: dict[str, Any] = {
            "event_type": "mobile_app_notification_action",
            "event_data": {"action": action, "device_id": f"device of {self._name}"},
        }
        async with asyncio.timeout(20), ClientSession() as session:
            where = f"{self._url}/api/webhook/{self._webhook}"
            answer = await session.post(where, json={"type": "fire_event", "data": event})
            assert answer.status == 200
