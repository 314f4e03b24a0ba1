"""Talk to Home Assistant as its own frontend does: WebSocket commands, and REST where it has to."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self

import aiohttp

from .access import Access

type Json = dict[str, Any]

ANSWER_SECONDS = 30.0


class ApiError(Exception):
    """Home Assistant refused a command; `code` is its own word for the reason."""

    def __init__(self, command: str, error: Mapping[str, Any]) -> None:
        """Keep the command's name and Home Assistant's error object."""
        super().__init__(f"{command}: {error.get('code')}: {error.get('message')}")
        self.code = str(error.get("code"))
        self.error = dict(error)


class Api:
    """One connection, logged in as the owner; an async context manager."""

    def __init__(self, access: Access) -> None:
        """Remember where to connect to."""
        self._access = access
        self._last_id = 0
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._events: dict[int, asyncio.Queue[Json]] = {}

    async def __aenter__(self) -> Self:
        """Connect and log in."""
        headers = {"Authorization": f"Bearer {self._access.token}"}
        self._session = aiohttp.ClientSession(headers=headers)
        try:
            await self._log_in()
        except BaseException:
            await self._session.close()
            raise
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Disconnect."""
        self._reader.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._reader
        await self._socket.close()
        await self._session.close()

    async def command(self, name: str, /, **fields: Any) -> Any:
        """Send a WebSocket command and return its result; raises ApiError when refused."""
        _, result = await self._send(name, fields)
        return result

    async def action(
        self,
        name: str,
        data: Mapping[str, Any] | None = None,
        *,
        target: Mapping[str, Any] | None = None,
        response: bool = False,
    ) -> Any:
        """Perform an action such as `switch.turn_on` and return its response, if asked for."""
        domain, service = name.split(".")
        fields: Json = {"domain": domain, "service": service, "service_data": dict(data or {})}
        if target:
            fields["target"] = dict(target)
        if response:
            fields["return_response"] = True
        return (await self.command("call_service", **fields)).get("response")

    async def states(self) -> dict[str, Json]:
        """Return every state object by its entity id."""
        return {state["entity_id"]: state for state in await self.command("get_states")}

    async def until_state(
        self, entity_id: str, wanted: str | Callable[[str], bool], *, within: float = ANSWER_SECONDS
    ) -> Json:
        """Wait until an entity has a state, or one that satisfies a test; return its state object.

        Raises TimeoutError with the last state seen.
        """
        fits = wanted if callable(wanted) else wanted.__eq__
        last: Json | None = None
        try:
            async with asyncio.timeout(within), self.events("state_changed") as changes:
                last = (await self.states()).get(entity_id)
                while last is None or not fits(last["state"]):
                    change = (await anext(changes))["data"]
                    if change["entity_id"] == entity_id:
                        last = change["new_state"]
        except TimeoutError as error:
            seen = last["state"] if last else "nothing"
            raise TimeoutError(f"{entity_id} was {seen} after {within:g} s") from error
        return last

    @asynccontextmanager
    async def events(self, kind: str) -> AsyncIterator[AsyncIterator[Json]]:
        """Listen to one kind of event; inside, iterate over the event objects."""
        async with self.subscription("subscribe_events", event_type=kind) as messages:
            yield messages

    @asynccontextmanager
    async def subscription(self, name: str, /, **fields: Any) -> AsyncIterator[AsyncIterator[Json]]:
        """Send a command that answers more than once; inside, iterate over its events."""
        queue: asyncio.Queue[Json] = asyncio.Queue()
        number, _ = await self._send(name, fields, queue)
        try:
            yield _drain(queue)
        finally:
            del self._events[number]
            if not self._socket.closed:
                await self.command("unsubscribe_events", subscription=number)

    async def rest(self, method: str, path: str, body: Json | None = None) -> Any:
        """Call the REST API (config flows have no other); raises ApiError for 4xx and 5xx."""
        async with self._session.request(method, self._access.url + path, json=body) as answer:
            if answer.status >= 400:
                error = {"code": answer.status, "message": await answer.text()}
                raise ApiError(f"{method} {path}", error)
            return await answer.json()

    async def start_flow(self, handler: str, **context: Any) -> Json:
        """Begin a config flow as a user would and return its first step."""
        body = {"handler": handler, "show_advanced_options": False, **context}
        result: Json = await self.rest("POST", "/api/config/config_entries/flow", body)
        return result

    async def begin(self, handler: str, way: str) -> Json:
        """Begin a config flow and choose a way from its first menu; return what follows."""
        flow = await self.start_flow(handler)
        return await self.flow_step(flow["flow_id"], {"next_step_id": way})

    async def flow_step(self, flow_id: str, user_input: Json | None = None) -> Json:
        """Answer a step of a config flow and return the next; without input, show it again."""
        path = f"/api/config/config_entries/flow/{flow_id}"
        method = "GET" if user_input is None else "POST"
        result: Json = await self.rest(method, path, user_input)
        return result

    async def flows_in_progress(self, handler: str) -> list[Json]:
        """Return the discovered things of an integration that wait for the user."""
        flows: list[Json] = await self.command("config_entries/flow/progress")
        return [flow for flow in flows if flow["handler"] == handler]

    async def _log_in(self) -> None:
        address = f"{self._access.url}/api/websocket"
        self._socket = await self._session.ws_connect(address, max_msg_size=0)
        await self._socket.receive_json()
        await self._socket.send_json({"type": "auth", "access_token": self._access.token})
        answer = await self._socket.receive_json()
        if answer["type"] != "auth_ok":
            raise ApiError("auth", {"code": answer["type"], "message": answer.get("message")})

    async def _send(
        self, name: str, fields: Json, queue: asyncio.Queue[Json] | None = None
    ) -> tuple[int, Any]:
        self._last_id += 1
        number = self._last_id
        answer = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        if queue is not None:
            self._events[number] = queue
        await self._socket.send_json({"id": number, "type": name, **fields})
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                message = await answer
        finally:
            self._answers.pop(number, None)
        if not message["success"]:
            self._events.pop(number, None)
            raise ApiError(name, message["error"])
        return number, message["result"]

    async def _read(self) -> None:
        try:
            async for message in self._socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    content = message.json()
                    for one in content if isinstance(content, list) else [content]:
                        self._dispatch(one)
        finally:
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(ConnectionResetError("Home Assistant closed the line"))

    def _dispatch(self, message: Json) -> None:
        number = message.get("id", 0)
        if message["type"] == "event" and number in self._events:
            self._events[number].put_nowait(message["event"])
        elif number in self._answers and not self._answers[number].done():
            self._answers[number].set_result(message)


async def _drain(queue: asyncio.Queue[Json]) -> AsyncIterator[Json]:
    while True:
        yield await queue.get()
