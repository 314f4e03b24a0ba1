"""A garden whose plants stand under lamps: any switch of Home Assistant, or a fake node's."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_CALL_SERVICE
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.plant_vita.lighting.lamp import Lamp
from custom_components.plant_vita.lighting.lamps import Lamps
from tests.plants.growing import Growing

LAMP = "input_boolean.lamp"
SENSOR = "sensor.light"
PPFD = "μmol/m²/s"
MORNING = "2026-11-10 07:00:00+00:00"
DLI = {"dli_minimum": 1, "dli_low": 2, "dli_high": 4, "dli_maximum": 8}
"""Lit up to 2.2 mol: that is 22,000 s of a lamp of 100 µmol/(m² s)."""
FERN = {
    "title": "Fern",
    "light": [SENSOR],
    "grow_light": LAMP,
    "limits": DLI,
    "lighting": {"automatic": "on"},
}
# Nothing measures its light.
MOSS = {"title": "Moss", "grow_light": LAMP, "lighting": {"automatic": "on", "hours": 4}}


@dataclass
class Shelf(Growing):
    """A garden with a lamp that is a switch of no brand at all, and a light sensor under it."""

    lamp_ppfd: float = 100.0
    sun_ppfd: float = 0.0

    @property
    def lamps(self) -> Lamps:
        """All lamps."""
        lamps: Lamps = self.entry.runtime_data.lamps
        return lamps

    def lamp(self, plant_id: str) -> Lamp:
        """The lamp of a plant."""
        lamp = self.lamps.of(plant_id)
        assert lamp is not None
        return lamp

    @property
    def lit(self) -> str:
        """What the switch that is the lamp shows."""
        state = self.hass.states.get(LAMP)
        assert state is not None
        return state.state

    async def turn(self, what: str) -> None:
        """Somebody switches the lamp."""
        await self.hass.services.async_call(
            "input_boolean", f"turn_{what}", {"entity_id": LAMP}, blocking=True
        )
        await self.hass.async_block_till_done()

    async def pass_minutes(self, minutes: int, step: int = 5) -> None:
        """Let time pass while the sensor says every few minutes what light there is."""
        for _ in range(0, minutes, step):
            await self.pass_time(minutes=step)
            lamp = self.lamp_ppfd if self.lit == "on" else 0.0
            self.say(SENSOR, self.sun_ppfd + lamp, PPFD)
            await self.hass.async_block_till_done()

    async def until(self, clock: str) -> None:
        """Let time pass until the clock shows this, UTC."""
        now = datetime.now().astimezone()
        wanted = now.replace(hour=int(clock[:2]), minute=int(clock[3:]), second=0)
        minutes = round((wanted - now).total_seconds() / 60) % 1440
        await self.pass_minutes(minutes, step=10)

    def standing(self, plant_id: str) -> str:
        """What is shown of a plant and its lamp."""
        return self.shown(plant_id, "light_state")

    @property
    def file(self) -> Path:
        """What is known of lamps on the disk."""
        return Path(self.hass.config.path(".storage", "plant_vita.lamps"))

    @property
    def is_written(self) -> bool:
        """Whether there is such a file."""
        return self.file.exists()

    def written(self) -> dict[str, Any]:
        """What the disk knows of the only lamp."""
        lamps = json.loads(self.file.read_text())["lamps"] if self.file.exists() else {}
        [lamp] = lamps.values() or [{}]
        found: dict[str, Any] = lamp
        return found

    def calls(self) -> list[Any]:
        """Every call of an action from now on."""
        return async_capture_events(self.hass, EVENT_CALL_SERVICE)


async def _shelf(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
    tmp_path: Path,
) -> Shelf:
    hass.config.config_dir = str(tmp_path)
    freezer.move_to(MORNING)
    await hass.config.async_set_time_zone("UTC")
    hass.config.latitude = 52.0
    assert await async_setup_component(hass, "http", {})
    config = {"input_boolean": {"lamp": None, "pump": None}}
    assert await async_setup_component(hass, "input_boolean", config)
    await hass.async_block_till_done()
    shelf = Shelf(hass, freezer, hass_storage)
    shelf.say(SENSOR, 0, PPFD)
    return shelf


def shelf_fixture() -> Any:
    """The fixture, to be given the name `shelf` in a test module."""
    return pytest.fixture(_shelf)
