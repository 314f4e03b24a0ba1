"""The real address at which nodes dial in, on a real server on the loopback, without the rest."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from aiohttp import ClientSession, web
from homeassistant.config_entries import ConfigEntries
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from custom_components.plant_vita.coordinator import NodeCoordinator
from custom_components.plant_vita.glue.hub import Hub
from custom_components.plant_vita.glue.view import PATH, NodeView
from custom_components.plant_vita.model.errors import PlantVitaError
from custom_components.plant_vita.model.node import NodeInfo
from custom_components.plant_vita.node.received import Received
from custom_components.plant_vita.node.session import NodeSession
from custom_components.plant_vita.protocol.limits import Limits
from custom_components.plant_vita.protocol.messages import NodeLog, OutputReport, Telemetry
from tests.nodes.fake_node import FakeNode, random_key


@dataclass
class Keeper:
    """Stands for the entry of a node: it listens, and has readings written and confirmed."""

    hub: Hub
    received: Received
    session: NodeSession | None = None
    config_entry: Any = field(default_factory=lambda: SimpleNamespace(entry_id="served"))

    @property
    def live_session(self) -> NodeSession:
        assert self.session is not None
        return self.session

    async def async_serve(self, session: NodeSession) -> None:
        self.session = session
        try:
            await session.greet(0.0)
            await session.run(self)
        except PlantVitaError:
            return
        finally:
            self.session = None

    async def async_shutdown(self) -> None:
        if self.session is not None:
            await self.session.close(1001)

    def on_telemetry(self, session: NodeSession, telemetry: Telemetry) -> None:
        boot, fresh = self.received.fresh(telemetry, session.info.boot)
        self.hub.inbox.keep(session, boot, fresh, 0.0)

    def on_outputs(self, session: NodeSession, report: OutputReport) -> None:
        pass

    def on_hello(self, session: NodeSession, info: NodeInfo) -> None:
        pass

    def on_log(self, session: NodeSession, line: NodeLog) -> None:
        pass


@dataclass
class DoorServer:
    """What is behind the address, and a way to it."""

    hub: Hub
    runner: web.AppRunner
    client: ClientSession
    nodes: list[FakeNode] = field(default_factory=list)

    @property
    def port(self) -> int:
        port: int = self.runner.addresses[0][1]
        return port

    @property
    def open_connections(self) -> int:
        """How many connections the server holds."""
        assert self.runner.server is not None
        return len(self.runner.server.connections)

    async def node(self, hardware_id: str) -> FakeNode:
        """A paired node, switched off when the test ends."""

        async def dial() -> Any:
            return await self.client.ws_connect(f"http://127.0.0.1:{self.port}{PATH}")

        node = FakeNode(dialler=dial, hardware_id=hardware_id)
        key = random_key()
        node.kid = await self.hub.keys.async_prepare(hardware_id, 0, node.key, key)
        node.key = key
        keeper = Keeper(self.hub, self.hub.inbox.received(hardware_id))
        self.hub.coordinators[hardware_id] = cast("NodeCoordinator", keeper)
        self.nodes.append(node)
        return node


@asynccontextmanager
async def door_server(folder: Path, limits: Limits) -> AsyncGenerator[DoorServer]:
    """Start listening, the way Home Assistant's HTTP server does."""
    hass = HomeAssistant(str(folder))
    (folder / ".storage").mkdir()
    hass.config_entries = ConfigEntries(hass, {})
    await ir.async_load(hass, load_empty=True)
    hub = Hub(hass, limits)
    await hub.async_start()
    app = web.Application()
    NodeView(hub).register(hass, app, app.router)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=512).start()
    async with ClientSession() as client:
        server = DoorServer(hub, runner, client)
        yield server
        for node in server.nodes:
            await node.power_off()
    await hass.async_stop(force=True)
    await runner.cleanup()
    await asyncio.sleep(0)
