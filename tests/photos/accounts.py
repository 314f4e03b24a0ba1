"""A house with accounts at clouds of this machine, and photos to ask about."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData
from aiohttp.test_utils import TestClient
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.photos.account import account_id
from custom_components.plant_vita.providers import attempt
from custom_components.plant_vita.providers.registry import PROVIDERS
from scripts.lab.clouds.every import CLOUDS
from scripts.lab.clouds.pictures import jpeg, plant
from scripts.lab.clouds.server import Cloud


@cache
def picture(seed: int = 1) -> bytes:
    """The file of a photo that says where it was taken."""
    return jpeg(plant(seed, (640, 480)), comment=b"52.3 N 4.9 E, Anna's window")


@dataclass
class House:
    """Home Assistant, its folder, and the clouds by their kind."""

    hass: HomeAssistant
    folder: Path
    clouds: dict[str, Cloud] = field(default_factory=dict)

    def data(self, kind: str, key: str = "key", daily: int | None = None) -> dict[str, Any]:
        """What the entry of an account keeps."""
        return {
            "kind": "provider",
            "service": kind,
            "secrets": dict.fromkeys(PROVIDERS[kind].fields, key),
            "base_url": self.clouds[kind].url,
            "daily": daily,
            "choices": dict(PROVIDERS[kind].options),
        }

    async def add(self, kind: str, key: str = "key", daily: int | None = None) -> MockConfigEntry:
        """An account that is set up already."""
        spec = PROVIDERS[kind]
        entry = MockConfigEntry(
            domain=DOMAIN,
            title=spec.name,
            unique_id=account_id(spec, dict.fromkeys(spec.fields, key), spec.options),
            data=self.data(kind, key, daily),
        )
        entry.add_to_hass(self.hass)
        assert await self.hass.config_entries.async_setup(entry.entry_id)
        await self.settle()
        return entry

    async def settle(self) -> None:
        """Wait for everything, what is done in the background too."""
        await self.hass.async_block_till_done(wait_background_tasks=True)

    def photo(self, name: str = "plant.jpg", data: bytes | None = None) -> str:
        """The path of a photo that Home Assistant may read."""
        path = self.folder / "media" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(picture() if data is None else data)
        self.hass.config.allowlist_external_dirs = {str(path.parent)}
        return str(path)

    async def identify(self, **data: Any) -> Any:
        """What the action answers."""
        answer = await self.hass.services.async_call(
            DOMAIN, "identify", data, blocking=True, return_response=True
        )
        await self.settle()
        return answer

    async def begin(self) -> Any:
        """The flow of somebody who adds an account."""
        flow = await self.hass.config_entries.flow.async_init(
            DOMAIN, context={"source": SOURCE_USER}
        )
        return await self.answer(flow, next_step_id="provider")

    async def answer(self, flow: Any, **said: Any) -> Any:
        """The next step of a flow."""
        flow = await self.hass.config_entries.flow.async_configure(flow["flow_id"], said)
        await self.settle()
        return flow


async def _house(
    hass: HomeAssistant, tmp_path: Path, socket_enabled: None, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[House]:
    # How long is waited before the next try, the tests of the tries themselves show.
    monkeypatch.setattr(attempt, "_FIRST_WAIT_S", 0.05)
    hass.config.config_dir = str(tmp_path)
    house = House(hass, tmp_path)
    for kind, make in CLOUDS.items():
        house.clouds[kind] = make(keys=("key", "other"))
        await house.clouds[kind].start()
    assert await async_setup_component(hass, DOMAIN, {DOMAIN: {}})
    yield house
    for entry in hass.config_entries.async_entries(DOMAIN):
        await hass.config_entries.async_unload(entry.entry_id)
    await house.settle()
    for cloud in house.clouds.values():
        await cloud.stop()


async def upload(client: TestClient[Any, Any], data: bytes) -> str:
    """Send a photo as a browser does; the id by which it can be taken."""
    form = FormData()
    form.add_field("file", data, filename="photo")
    answer = await client.post("/api/file_upload", data=form)
    assert answer.status == 200
    return str((await answer.json())["file_id"])


def house_fixture() -> Any:
    """The fixture, to be given the name `house` in a test module."""
    return pytest.fixture(_house)
