"""A stage: a real Home Assistant and real nodes on it, and what a person does with both."""

import asyncio
import os
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Self

from firmware.simulator.bench import SimulatedNode
from scripts.lab.api import Api, ApiError, Json
from scripts.lab.process import PYTHON, Home, free_port, provision
from scripts.lab.provision import CONFIGURATION

DOMAIN = "plant_vita"
POLL_S = 0.05
DISCOVERY_S = 40.0
PAIRING_S = 60.0

# One reading a second and no patience for noise: a test does not look for a quarter of an hour.
QUICK = {"every": 5, "sample": 1}
_RECORD = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}(\+\d\d:\d\d)? ", re.MULTILINE)
_BAD = re.compile(r" (WARNING|ERROR|CRITICAL) |Traceback")
# What Home Assistant says of a machine that had other things to do.
_LATE = re.compile(r"took \d+\.\d+ seconds|Waiting for integrations to complete setup")
# Home Assistant says this of every integration that is not its own.
_UNTESTED = "has not been tested by Home Assistant"


async def until[T](
    look: Callable[[], Awaitable[T | None]], within: float, what: str, every: float = POLL_S
) -> T:
    """The first answer of `look` that is neither None nor False; TimeoutError says `what`."""
    try:
        async with asyncio.timeout(within):
            while not (answer := await look()):  # noqa: ASYNC110 - another process changes it
                await asyncio.sleep(every)
            return answer
    except TimeoutError as error:
        raise TimeoutError(f"not within {within:g} s: {what}") from error


def slug(node: SimulatedNode) -> str:
    """The node's name as Home Assistant puts it into entity ids."""
    return node.name.lower().replace(" ", "_")


def entity(node: SimulatedNode, domain: str, what: str) -> str:
    """The id of an entity: `entity(node, "sensor", "soil_moisture")`."""
    return f"{domain}.{slug(node)}_{what}"


class Stage:
    """Home Assistant in a process, and nodes whose benches live in the test.

    environment: variables for Home Assistant, for instance a clock. configuration: its YAML, if it
    is not to be the laboratory's.
    """

    def __init__(
        self,
        folder: Path,
        *,
        python: Path = PYTHON,
        environment: Mapping[str, str] | None = None,
        configuration: str | None = None,
    ) -> None:
        self.folder = folder
        self.home = Home(folder=folder / "home", python=python, environment=dict(environment or {}))
        self.nodes: list[SimulatedNode] = []
        self.api: Api
        self._configuration = configuration or CONFIGURATION
        if database := os.environ.get("PLANT_VITA_DATABASE"):
            on_it = f"recorder:\n  db_url: {database}\n"
            self._configuration = self._configuration.replace("recorder:\n", on_it)
        self._connection = AsyncExitStack()

    # ── Home Assistant ──────────────────────────────────────────────────────────────────

    async def __aenter__(self) -> Self:
        """Provision and start."""
        self.home.folder.mkdir(parents=True)
        (self.home.folder / "configuration.yaml").write_text(self._configuration)
        await provision(self.home.folder, port=free_port(), python=self.home.python)
        try:
            await self.start()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave nothing behind."""
        await self.close()

    async def close(self) -> None:
        """Stop every node and Home Assistant."""
        await asyncio.gather(*(node.stop() for node in self.nodes))
        await self.disconnect()
        try:
            await self.home.stop()
        finally:
            await self.home.kill()

    @property
    def url(self) -> str:
        """Where it listens."""
        return self.home.access.url

    async def start(self) -> None:
        """Start Home Assistant and log in."""
        await self.home.start()
        self.api = await self._connection.enter_async_context(Api(self.home.access))

    async def disconnect(self) -> None:
        """Log out."""
        await self._connection.aclose()

    async def stop(self) -> None:
        """Stop Home Assistant in order."""
        await self.disconnect()
        await self.home.stop()

    async def move(self) -> None:
        """Stop, and start at another port."""
        await self.stop()
        await provision(self.home.folder, port=free_port(), python=self.home.python)
        await self.start()

    async def kill(self) -> None:
        """End Home Assistant as a power cut would."""
        await self.home.kill()
        await self.disconnect()

    def log_lines(self, words: str) -> list[str]:
        """The lines of Home Assistant's log with these words."""
        text = self.home.log.read_text(errors="replace")
        return [line for line in text.splitlines() if words in line]

    async def said_once(self, words: str) -> None:
        """Wait for the line with these words: Home Assistant writes its log from another thread."""

        async def told() -> list[str]:
            return self.log_lines(words)

        assert len(await until(told, 10, f"said: {words}")) == 1

    def complaints(self) -> list[str]:
        """What the log of all its starts says against us: warnings, errors, tracebacks."""
        text = self.home.log.read_text(errors="replace")
        starts = [found.start() for found in _RECORD.finditer(text)]
        assert starts, "no log"
        records = [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
        return [
            record
            for record in records
            if DOMAIN in record
            and _BAD.search(record)
            and _UNTESTED not in record
            and not _LATE.search(record)
        ]

    # ── nodes ───────────────────────────────────────────────────────────────────────────

    async def node(self, name: str, **what: Any) -> SimulatedNode:
        """A new node, switched on; stopped at the end."""
        folder = self.folder / name.lower().replace(" ", "-")
        what = {"url": self.url, **what, "settings": QUICK | what.get("settings", {})}
        node = SimulatedNode(folder, name=name, **what)
        self.nodes.append(node)
        await node.start()
        return node

    async def paired_node(self, name: str, **what: Any) -> SimulatedNode:
        """A new node with an entry, connected."""
        node = await self.node(name, **what)
        result = await self.pair(node)
        assert result["type"] == "create_entry", result
        # It has talked in order to be paired; it calls again with the key it was given.
        await node.wait_for(lambda: "link: connected" in node.log[_place(node.log, "paired") :], 30)
        return node

    async def discovered(self, node: SimulatedNode, within: float = DISCOVERY_S) -> str:
        """Wait until Home Assistant shows this node to be set up; the id of that flow."""

        async def look() -> str | None:
            flows = await self.api.flows_in_progress(DOMAIN)
            mine = (flow for flow in flows if flow["context"].get("unique_id") == node.id)
            return next((str(flow["flow_id"]) for flow in mine), None)

        return await until(look, within, f"{node.name} discovered; it says {node.log[-5:]}")

    async def pair(self, node: SimulatedNode, code: str | None = None) -> Json:
        """What a person does with a discovered node: type its code. The result of the step."""
        flow_id = await self.discovered(node)
        return await self.type_code(flow_id, code or await node.wait_code())

    async def type_code(self, flow_id: str, code: str) -> Json:
        """Submit the form with the code."""
        async with asyncio.timeout(PAIRING_S):
            path = f"/api/config/config_entries/flow/{flow_id}"
            result: Json = await self.api.rest("POST", path, {"code": code})
        return result

    async def entries(self) -> dict[str, Json]:
        """Our config entries by title."""
        entries = await self.api.command("config_entries/get", domain=DOMAIN)
        return {entry["title"]: entry for entry in entries}

    async def state(self, entity_id: str) -> str | None:
        """The state of an entity now."""
        found = (await self.api.states()).get(entity_id)
        return found["state"] if found else None

    async def number(self, entity_id: str, within: float = 20.0) -> float:
        """The state of a sensor as soon as it is a number."""
        found = await self.api.until_state(entity_id, _is_number, within=within)
        return float(found["state"])

    async def switch(self, node: SimulatedNode, *, on: bool = True, what: str = "pump") -> None:
        """Turn an output on or off; raises ApiError with what a person is told.

        A node that has just come says in a moment what its outputs do; before that, none is moved.
        """
        target = {"entity_id": entity(node, "switch", what)}
        await self.api.until_state(target["entity_id"], lambda state: state in ("on", "off"))
        await self.api.action(f"switch.turn_{'on' if on else 'off'}", target=target)

    async def refusal(self, node: SimulatedNode) -> ApiError:
        """Turn the pump on, which must be refused: what a person is told."""
        try:
            await self.switch(node)
        except ApiError as error:
            return error
        raise AssertionError(f"{node.name} was not refused")


def _place(lines: list[str], line: str) -> int:
    return lines.index(line) if line in lines else len(lines)


def _is_number(state: str) -> bool:
    try:
        float(state)
    except ValueError:
        return False
    return True


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """Since then."""
        return time.monotonic() - self._began
