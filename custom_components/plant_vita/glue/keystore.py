"""The keys of paired nodes, in a private file that only this module reads and writes."""

import asyncio
from typing import TypedDict

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.json import JSONEncoder
from homeassistant.helpers.storage import Store
from homeassistant.util.json import load_json_object

from ..const import DOMAIN, LOGGER
from ..model.errors import StoreError
from ..protocol.handshake import CODE_KID, KID_MAX

STORE_KEY = f"{DOMAIN}.keys"
STORE_VERSION = 1
# Somebody who tries one password after the other leaves a key each time.
_OFFERS_KEPT = 7


class StoredKeys(TypedDict):
    """The file: hardware id → key number → 64 hex digits."""

    nodes: dict[str, dict[str, str]]


class KeyStore:
    """Keys by hardware id and number.

    During a rekey two keys of a node are kept, until the node has shown that it holds the new
    one; so a kill at any moment leaves a key in common.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Nothing is read before `async_load`."""
        self._hass = hass
        self._store = Store[StoredKeys](
            hass,
            STORE_VERSION,
            STORE_KEY,
            private=True,
            atomic_writes=True,
            encoder=JSONEncoder,
        )
        self._nodes: dict[str, dict[int, bytes]] = {}
        self._writing = asyncio.Lock()

    async def async_load(self) -> None:
        """Read the file once."""
        stored = await self._store.async_load()
        for hardware_id, keys in (stored or {"nodes": {}})["nodes"].items():
            self._nodes[hardware_id] = {int(kid): bytes.fromhex(key) for kid, key in keys.items()}

    def key(self, hardware_id: str, kid: int) -> bytes | None:
        """One key, None if we do not hold it."""
        return self._nodes.get(hardware_id, {}).get(kid)

    def holds(self, hardware_id: str) -> bool:
        """Whether this node is paired with this Home Assistant."""
        return hardware_id in self._nodes

    async def async_prepare(self, hardware_id: str, kid: int, key: bytes, new_key: bytes) -> int:
        """Write `new_key` beside the `key` that the node holds now; returns the new number.

        Raises `StoreError` when the disk does not have it: then it must not be handed over.
        """
        new_kid = kid % KID_MAX + 1
        async with self._writing:
            await self._async_write(hardware_id, {kid: key, new_kid: new_key})
        return new_kid

    async def async_offer(self, hardware_id: str, new_key: bytes) -> int:
        """Write a key of which a node is told over its cable; returns its number.

        Whatever the node may hold now stays valid until it has proved the new one. Raises
        `StoreError` when the disk does not have it.
        """
        async with self._writing:
            held = dict(list(self._nodes.get(hardware_id, {}).items())[-_OFFERS_KEPT:])
            new_kid = next(kid for kid in range(1, KID_MAX + 1) if kid not in held)
            await self._async_write(hardware_id, {**held, new_kid: new_key})
        return new_kid

    def kids(self, hardware_id: str) -> set[int]:
        """The numbers of the keys that the node may hold."""
        return set(self._nodes.get(hardware_id, {}))

    async def async_confirm(self, hardware_id: str, kid: int) -> None:
        """The node has proved key `kid`: forget every other one.

        If the disk refuses, they stay until the node's next visit: that locks nobody out.
        """
        proved_among = self._nodes.get(hardware_id, {})
        if kid == CODE_KID or kid not in proved_among or len(proved_among) < 2:
            return
        async with self._writing:
            if self._nodes.get(hardware_id) is not proved_among:
                # Somebody has unpaired the node, or is giving it a key, while we waited: what it
                # proved says nothing about these.
                return
            try:
                await self._async_write(hardware_id, {kid: proved_among[kid]})
            except StoreError as error:
                LOGGER.warning("An old key of %s is kept: %s", hardware_id, error)

    async def async_forget(self, hardware_id: str) -> None:
        """Unpair; raises `StoreError` when the disk still has the keys: then we have them too."""
        async with self._writing:
            if hardware_id in self._nodes:
                await self._async_write(hardware_id, None)

    async def _async_write(self, hardware_id: str, keys: dict[int, bytes] | None) -> None:
        nodes = {name: known for name, known in self._nodes.items() if name != hardware_id}
        if keys is not None:
            nodes[hardware_id] = keys
        wanted = _as_stored(nodes)
        await self._store.async_save(wanted)
        # The store logs a full disk and goes on; a key that is not on the disk must not be used.
        written = await self._hass.async_add_executor_job(_read, self._store.path)
        if written != wanted:
            msg = "the keys could not be written"
            raise StoreError(msg)
        self._nodes = nodes


def _as_stored(nodes: dict[str, dict[int, bytes]]) -> StoredKeys:
    return {
        "nodes": {
            hardware_id: {str(kid): key.hex() for kid, key in keys.items()}
            for hardware_id, keys in nodes.items()
        }
    }


def _read(path: str) -> object:
    try:
        return load_json_object(path).get("data")
    except HomeAssistantError:
        return None
