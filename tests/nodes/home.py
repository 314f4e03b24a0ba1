"""A Home Assistant in the test's own process which listens for fake nodes."""

import json
import logging
import re
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse
from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.core import Context, HomeAssistant, State
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.helpers.storage import Store
from homeassistant.setup import async_setup_component
from homeassistant.util.async_ import get_scheduled_timer_handles
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.coordinator import NodeCoordinator
from custom_components.plant_vita.glue.hub import Hub
from custom_components.plant_vita.glue.keystore import STORE_KEY, KeyStore
from custom_components.plant_vita.glue.view import DATA_HUB
from custom_components.plant_vita.protocol.limits import Limits
from tests.nodes.fake_node import PATH, Dialler, FakeNode, random_key, until

# A test does not wait for what a person waits for, and says more in a second than a node does.
QUICK = Limits(
    first_message_s=1.0,
    handshake_s=2.0,
    parking_s=0.15,
    messages_per_s=1000.0,
    burst=1000.0,
    # Where days pass in a moment, nobody answers a ping in time.
    heartbeat_s=1e6,
    ack_s=0.3,
)

# The notice on custom integrations, and the event loop on slow machines.
_NOT_OURS = {"homeassistant.loader", "asyncio"}

# The test plugin keeps every store in memory; keys are read back from the disk by who wrote them.
_ON_DISK = {name: getattr(Store, name) for name in ("_async_load", "_async_write_data")}


@dataclass
class Home:
    """Home Assistant, a way for nodes to dial in, and what the log may say."""

    hass: HomeAssistant
    dialler: Dialler
    nodes: list[FakeNode] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    @property
    def hub(self) -> Hub:
        """The hub that has been set up."""
        return self.hass.data[DATA_HUB]

    def limit(self, limits: Limits) -> None:
        """Keep these limits from now on."""
        self.hub.limits = self.hub.door.limits = limits

    def node(self, **what: Any) -> FakeNode:
        """A new node, to be switched off when the test ends."""
        node = FakeNode(dialler=self.dialler, **what)
        self.nodes.append(node)
        return node

    async def share_key(self, node: FakeNode) -> None:
        """Pair by hand: both ends hold the same key number 1."""
        key = random_key()
        kid = await self.hub.keys.async_prepare(node.hardware_id, 0, node.key, key)
        node.kid, node.key = kid, key

    async def add(self, node: FakeNode, **entry: Any) -> MockConfigEntry:
        """Make and set up the entry of a node that has been paired."""
        await self.share_key(node)
        made = MockConfigEntry(
            domain=DOMAIN,
            title=node.name or "Node",
            unique_id=node.hardware_id,
            data={"kind": "node", "node": described(node)},
            source=SOURCE_USER,
            **entry,
        )
        made.add_to_hass(self.hass)
        assert await self.hass.config_entries.async_setup(made.entry_id)
        await self.hass.async_block_till_done()
        assert made.state is ConfigEntryState.LOADED
        return made

    def stored_keys(self, node: FakeNode) -> dict[str, str]:
        """The keys of a node in the file, number to hex digits."""
        path = Path(self.hass.config.path(".storage", STORE_KEY))
        stored = json.loads(path.read_text()) if path.exists() else {"data": {"nodes": {}}}
        keys: dict[str, str] = stored["data"]["nodes"].get(node.hardware_id, {})
        return keys

    async def lose_memory(self) -> None:
        """Know of keys only what is on the disk, as after a kill."""
        self.hub.keys = self.hub.door.keys = KeyStore(self.hass)
        await self.hub.keys.async_load()

    def coordinator(self, node: FakeNode) -> NodeCoordinator:
        """Home Assistant's side of a node."""
        return self.hub.coordinators[node.hardware_id]

    def entity_id(self, node: FakeNode, platform: str, tail: str) -> str | None:
        """The entity whose unique id ends so."""
        return er.async_get(self.hass).async_get_entity_id(
            platform, DOMAIN, f"{node.hardware_id}_{tail}"
        )

    def enable(self, node: FakeNode, platform: str, *tails: str) -> None:
        """Have entities enabled that a person has to ask for; before the entry is made."""
        for tail in tails:
            er.async_get(self.hass).async_get_or_create(
                platform, DOMAIN, f"{node.hardware_id}_{tail}"
            )

    def state(self, node: FakeNode, platform: str, tail: str) -> State:
        """The state of the entity whose unique id ends so."""
        entity_id = self.entity_id(node, platform, tail)
        assert entity_id is not None, (platform, tail)
        state = self.hass.states.get(entity_id)
        assert state is not None, entity_id
        return state

    async def shows(self, node: FakeNode, platform: str, tail: str, value: str) -> None:
        """Wait until an entity shows a value."""
        try:
            await until(lambda: self.state(node, platform, tail).state == value)
        except TimeoutError:
            shown = self.state(node, platform, tail).state
            raise TimeoutError(f"{platform} {tail} shows {shown}, not {value}") from None

    async def call(self, service: str, entity_id: str | None, **data: Any) -> None:
        """Do what a person does with an entity."""
        domain, name = service.split(".")
        await self.hass.services.async_call(
            domain, name, {"entity_id": entity_id, **data}, blocking=True, context=self.person()
        )

    def person(self) -> Context:
        """Whatever is done by this is done by somebody who is logged in."""
        users = [user for user in self.hass.auth._store._users.values() if user.is_owner]
        user = users[0] if users else MockUser(is_owner=True).add_to_hass(self.hass)
        return Context(user_id=user.id)

    def issues(self) -> list[str]:
        """What Home Assistant's repairs page says of us."""
        return [issue for domain, issue in ir.async_get(self.hass).issues if domain == DOMAIN]

    def expect(self, pattern: str) -> None:
        """Say that the log will have a complaint which matches, once."""
        self.expected.append(pattern)

    async def switch_all_off(self) -> None:
        """Switch every node off."""
        for node in self.nodes:
            await node.power_off()


def described(node: FakeNode) -> dict[str, Any]:
    """What an entry remembers of a node."""
    return {
        "hardware_id": node.hardware_id,
        "model": node.model,
        "firmware": node.firmware,
        "every": node.every,
        "sleeps": node.sleeps,
        "name": node.name,
        "channels": [[*channel, None][:3] for channel in node.channels],
        **({"radio": list(node.radio)} if node.radio else {}),
    }


def flows(home: Home) -> list[Any]:
    """The config flows in progress."""
    return list(home.hass.config_entries.flow.async_progress())


async def later(home: Home, freezer: FrozenDateTimeFactory, seconds: float) -> None:
    """Let time pass for everybody."""
    freezer.tick(timedelta(seconds=seconds))
    async_fire_time_changed(home.hass)
    await home.hass.async_block_till_done()


async def gone(home: Home, node: FakeNode) -> None:
    """Let a node hang up, and Home Assistant notice."""
    await node.hang_up()
    await until(lambda: home.coordinator(node).session is None)


def said(caplog: pytest.LogCaptureFixture, what: str) -> int:
    """How many lines of the log contain this."""
    return sum(what in record.getMessage() for record in caplog.records)


def complaints(records: list[logging.LogRecord]) -> list[str]:
    """What a person would see in the log by default."""
    return [
        record.getMessage() + (str(record.exc_info[1]) if record.exc_info else "")
        for record in records
        if record.levelno >= logging.WARNING and record.name not in _NOT_OURS
    ]


def _check(said: list[str], expected: list[str]) -> None:
    unexpected = [line for line in said if not any(re.search(one, line) for one in expected)]
    assert not unexpected, "\n".join(unexpected)
    heard = {one: sum(bool(re.search(one, line)) for line in said) for one in expected}
    assert heard == dict.fromkeys(expected, 1), "each complaint is made once"


@contextmanager
def keys_on_disk() -> Generator[None]:
    """Let the store of the keys use real files."""
    with pytest.MonkeyPatch.context() as patch:
        for name, on_disk in _ON_DISK.items():
            in_memory = getattr(Store, name)

            def either(
                store: Store[Any], *data: Any, disk: Any = on_disk, memory: Any = in_memory
            ) -> Any:
                return (disk if store.key == STORE_KEY else memory)(store, *data)

            patch.setattr(Store, name, either)
        yield


async def _home(
    hass: HomeAssistant,
    hass_client_no_auth: ClientSessionGenerator,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> AsyncGenerator[Home]:
    hass.config.config_dir = str(tmp_path)
    with keys_on_disk():
        assert await async_setup_component(hass, DOMAIN, {DOMAIN: {}})
        await hass.async_block_till_done()
        client = await hass_client_no_auth()

        sockets: list[ClientWebSocketResponse] = []

        async def dial() -> ClientWebSocketResponse:
            sockets.append(await client.ws_connect(PATH))
            return sockets[-1]

        home = Home(hass, dial)
        home.limit(QUICK)
        yield home
        await home.switch_all_off()
        for socket in sockets:
            await socket.close()
        await until(lambda: not home.hub._links)
        await hass.async_block_till_done()
        _cancel_heartbeats(hass)
    _check(complaints([*caplog.get_records("setup"), *caplog.get_records("call")]), home.expected)


def _cancel_heartbeats(hass: HomeAssistant) -> None:
    """The last bytes of a closed WebSocket start aiohttp's heartbeat once more, to no effect."""
    for handle in get_scheduled_timer_handles(hass.loop):
        if getattr(handle._callback, "__name__", "") == "_send_heartbeat":
            handle.cancel()


def home_fixture() -> Any:
    """The fixture, to be given the name `home` in a test module."""
    return pytest.fixture(_home)
