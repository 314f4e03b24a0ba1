"""Keys: a kill at any step leaves both ends a key in common, and a bad disk leaves the old ones."""

import asyncio
import json
import stat
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.util.file import WriteError

from custom_components.plant_vita.glue import keystore
from custom_components.plant_vita.glue.keystore import STORE_KEY, KeyStore
from custom_components.plant_vita.model.errors import StoreError
from tests.nodes.home import keys_on_disk

NODE, OTHER = "a4cf12000001", "a4cf12000002"
CODE_KEY, FIRST, SECOND = b"\x00" * 32, b"\x01" * 32, b"\x02" * 32

type OnDisk = dict[str, dict[str, str]]


class Disk:
    """The file of the keys, which can be made to refuse."""

    def __init__(self, hass: HomeAssistant, patch: pytest.MonkeyPatch) -> None:
        self._hass = hass
        self._patch = patch
        self.path = Path(hass.config.path(".storage", STORE_KEY))

    @property
    def nodes(self) -> OnDisk:
        """What is really there."""
        if not self.path.exists():
            return {}
        nodes: OnDisk = json.loads(self.path.read_text())["data"]["nodes"]
        return nodes

    def breaks(self) -> None:
        """From now on nothing can be written."""

        def refuse(*_arguments: Any) -> None:
            raise WriteError("No space left on device")

        self._patch.setattr("homeassistant.helpers.storage.Store._write_prepared_data", refuse)

    def mends(self) -> None:
        self._patch.undo()

    async def restart(self) -> KeyStore:
        """A new Home Assistant after a kill."""
        store = KeyStore(self._hass)
        await store.async_load()
        return store


@pytest.fixture
async def disk(
    hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Disk]:
    hass.config.config_dir = str(tmp_path)
    with keys_on_disk():
        yield Disk(hass, monkeypatch)


@pytest.fixture
async def keys(disk: Disk) -> KeyStore:
    return await disk.restart()


async def test_nobody_is_paired(keys: KeyStore) -> None:
    assert keys.key(NODE, 0) is None
    assert not keys.holds(NODE)
    await keys.async_confirm(NODE, 1)
    await keys.async_forget(NODE)


async def test_the_steps_of_a_pairing(keys: KeyStore, disk: Disk) -> None:
    assert await keys.async_prepare(NODE, 0, CODE_KEY, FIRST) == 1
    assert disk.nodes == {NODE: {"0": "00" * 32, "1": "01" * 32}}
    assert (keys.key(NODE, 0), keys.key(NODE, 1)) == (CODE_KEY, FIRST)
    # Proving the code again says nothing about the new key.
    await keys.async_confirm(NODE, 0)
    assert len(disk.nodes[NODE]) == 2
    await keys.async_confirm(NODE, 1)
    assert disk.nodes == {NODE: {"1": "01" * 32}}
    assert (keys.key(NODE, 0), keys.key(NODE, 1)) == (None, FIRST)
    assert keys.holds(NODE)
    await keys.async_forget(NODE)
    assert disk.nodes == {}
    assert not keys.holds(NODE)


async def test_a_kill_between_any_two_steps_leaves_a_key_in_common(
    keys: KeyStore, disk: Disk
) -> None:
    """Play a rekey; after each step kill either end, or both, and look for a common key."""
    node = {0: CODE_KEY}

    async def in_common() -> bool:
        after_kill = await disk.restart()
        return all(after_kill.key(NODE, kid) == key for kid, key in node.items())

    kid = await keys.async_prepare(NODE, 0, CODE_KEY, FIRST)
    assert await in_common()
    node = {kid: FIRST}
    assert await in_common()
    await keys.async_confirm(NODE, kid)
    assert await in_common()
    newer = await keys.async_prepare(NODE, kid, FIRST, SECOND)
    assert newer == 2
    assert await in_common()
    node = {newer: SECOND}
    assert await in_common()
    await keys.async_confirm(NODE, newer)
    assert await in_common()
    assert disk.nodes == {NODE: {"2": "02" * 32}}


async def test_a_kill_while_the_file_is_being_replaced(
    keys: KeyStore, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keys.async_prepare(NODE, 0, CODE_KEY, FIRST)
    before = disk.path.read_bytes()

    class Killed(BaseException):
        pass

    def die(*_paths: object) -> None:
        raise Killed

    # The new file is written in full beside the old one, and takes its place in one step.
    with monkeypatch.context() as patch:
        patch.setattr("atomicwrites.replace_atomic", die)
        with pytest.raises(Killed):
            await keys.async_confirm(NODE, 1)
    assert disk.path.read_bytes() == before
    after_kill = await disk.restart()
    assert (after_kill.key(NODE, 0), after_kill.key(NODE, 1)) == (CODE_KEY, FIRST)


@pytest.mark.parametrize(("kid", "following"), [(0, 1), (1, 2), (254, 255), (255, 1)])
async def test_the_number_after(keys: KeyStore, kid: int, following: int) -> None:
    assert await keys.async_prepare(NODE, kid, CODE_KEY, FIRST) == following
    assert (keys.key(NODE, kid), keys.key(NODE, following)) == (CODE_KEY, FIRST)


async def test_a_pairing_again_forgets_the_former(keys: KeyStore, disk: Disk) -> None:
    await keys.async_prepare(NODE, 4, FIRST, SECOND)
    await keys.async_prepare(NODE, 0, CODE_KEY, FIRST)
    assert disk.nodes == {NODE: {"0": "00" * 32, "1": "01" * 32}}


async def test_a_key_that_is_not_on_the_disk_is_not_used(keys: KeyStore, disk: Disk) -> None:
    disk.breaks()
    with pytest.raises(StoreError):
        await keys.async_prepare(NODE, 0, CODE_KEY, FIRST)
    assert not keys.holds(NODE)
    disk.mends()


async def test_a_failed_rekey_keeps_the_old_key(keys: KeyStore, disk: Disk) -> None:
    await keys.async_prepare(NODE, 0, CODE_KEY, FIRST)
    await keys.async_confirm(NODE, 1)
    disk.breaks()
    with pytest.raises(StoreError):
        await keys.async_prepare(NODE, 1, FIRST, SECOND)
    with pytest.raises(StoreError):
        await keys.async_forget(NODE)
    assert (keys.key(NODE, 1), keys.key(NODE, 2)) == (FIRST, None)
    assert disk.nodes == {NODE: {"1": "01" * 32}}
    disk.mends()


async def test_a_node_may_come_in_though_the_disk_is_full(
    keys: KeyStore, disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    await keys.async_prepare(NODE, 0, CODE_KEY, FIRST)
    disk.breaks()
    await keys.async_confirm(NODE, 1)
    assert f"An old key of {NODE} is kept" in caplog.text
    assert (keys.key(NODE, 0), keys.key(NODE, 1)) == (CODE_KEY, FIRST)
    disk.mends()
    await keys.async_confirm(NODE, 1)
    assert disk.nodes == {NODE: {"1": "01" * 32}}


@pytest.mark.parametrize("content", [b"{", b"", b"\xff", b"[]"])
async def test_a_file_that_cannot_be_read_back_is_not_written(
    keys: KeyStore, disk: Disk, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    def garble(*_arguments: Any) -> None:
        disk.path.parent.mkdir(exist_ok=True)
        disk.path.write_bytes(content)

    monkeypatch.setattr("homeassistant.helpers.storage.Store._write_prepared_data", garble)
    with pytest.raises(StoreError):
        await keys.async_prepare(NODE, 0, CODE_KEY, FIRST)
    assert not keys.holds(NODE)


async def test_many_nodes_at_once(keys: KeyStore, disk: Disk) -> None:
    names = [f"node{k:04}" for k in range(20)]
    await asyncio.gather(*(keys.async_prepare(name, 0, CODE_KEY, FIRST) for name in names))
    await asyncio.gather(
        *(keys.async_confirm(name, 1) for name in names[:10]),
        *(keys.async_forget(name) for name in names[15:]),
    )
    expected: OnDisk = {name: {"1": "01" * 32} for name in names[:10]}
    expected |= {name: {"0": "00" * 32, "1": "01" * 32} for name in names[10:15]}
    assert disk.nodes == expected
    after = await disk.restart()
    assert [name for name in names if after.holds(name)] == names[:15]


async def test_a_visit_does_not_revive_a_node_that_is_being_unpaired(
    keys: KeyStore, disk: Disk
) -> None:
    await keys.async_prepare(NODE, 0, CODE_KEY, FIRST)
    await asyncio.gather(keys.async_forget(NODE), keys.async_confirm(NODE, 1))
    assert not keys.holds(NODE)
    assert disk.nodes == {}


@pytest.mark.parametrize("kid", [0, 1])
async def test_a_visit_does_not_drop_a_key_that_is_being_handed_over(
    keys: KeyStore, disk: Disk, kid: int
) -> None:
    await keys.async_prepare(NODE, 0, CODE_KEY, FIRST)
    await asyncio.gather(
        keys.async_prepare(NODE, kid, CODE_KEY, SECOND), keys.async_confirm(NODE, 1)
    )
    assert disk.nodes == {NODE: {str(kid): "00" * 32, str(kid + 1): "02" * 32}}
    assert (keys.key(NODE, kid), keys.key(NODE, kid + 1)) == (CODE_KEY, SECOND)


async def test_a_key_is_offered_beside_those_it_may_hold(keys: KeyStore, disk: Disk) -> None:
    assert await keys.async_offer(NODE, FIRST) == 1
    assert await keys.async_offer(NODE, SECOND) == 2
    assert disk.nodes == {NODE: {"1": FIRST.hex(), "2": SECOND.hex()}}
    assert keys.kids(NODE) == {1, 2}
    await keys.async_confirm(NODE, 2)
    assert keys.kids(NODE) == {2}
    assert await keys.async_offer(NODE, FIRST) == 1
    assert (keys.key(NODE, 1), keys.key(NODE, 2)) == (FIRST, SECOND)
    await keys.async_confirm(NODE, 2)
    assert disk.nodes == {NODE: {"2": SECOND.hex()}}
    assert keys.kids(OTHER) == set()


async def test_a_hundred_offers_do_not_pile_up(keys: KeyStore, disk: Disk) -> None:
    for _ in range(100):
        last = await keys.async_offer(NODE, FIRST)
        assert last in keys.kids(NODE)
    assert len(disk.nodes[NODE]) == 8


async def test_an_offer_that_is_not_on_the_disk_is_none(
    keys: KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keys.async_offer(NODE, FIRST)
    monkeypatch.setattr(keystore, "_read", lambda path: {})
    with pytest.raises(StoreError):
        await keys.async_offer(NODE, SECOND)
    assert keys.kids(NODE) == {1}


async def test_unpairing_twice_at_once(keys: KeyStore, disk: Disk) -> None:
    await keys.async_prepare(NODE, 0, CODE_KEY, FIRST)
    await keys.async_prepare(OTHER, 0, CODE_KEY, FIRST)
    await asyncio.gather(keys.async_forget(NODE), keys.async_forget(NODE))
    assert list(disk.nodes) == [OTHER]


async def test_only_home_assistant_can_read_them(keys: KeyStore, disk: Disk) -> None:
    await keys.async_prepare(NODE, 0, CODE_KEY, FIRST)
    assert stat.S_IMODE(disk.path.stat().st_mode) == 0o600


def test_reading_what_is_not_there(tmp_path: Path) -> None:
    assert keystore._read(str(tmp_path / "none")) is None
