"""A garden whose plants have pumps: any switch of Home Assistant, or a fake node's."""

import json
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Context, HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockUser, async_fire_time_changed

from custom_components.plant_vita.watering import clock
from custom_components.plant_vita.watering.outlet import Outlet
from custom_components.plant_vita.watering.waterworks import DATA_WORKS, Waterworks
from tests.plants.growing import NOON, Growing

PUMP = "input_boolean.pump"
BASIL = {"title": "Basil", "moisture": ["sensor.soil"], "pump": PUMP}


@dataclass
class Hose(Growing):
    """A garden with a pump that is a switch of no brand at all."""

    calls: list[str] = field(default_factory=list)

    async def plug_in(self, *names: str) -> None:
        """Have these switches."""
        config = {"input_boolean": dict.fromkeys(names or ("pump",))}
        assert await async_setup_component(self.hass, "input_boolean", config)
        await self.hass.async_block_till_done()

    @property
    def works(self) -> Waterworks:
        """The waterworks as they run."""
        return self.hass.data[DATA_WORKS]

    def outlet(self, plant_id: str) -> Outlet:
        """The pump of a plant."""
        outlet = self.works.outlet_of(plant_id)
        assert outlet is not None
        return outlet

    def person(self) -> Context:
        """Somebody who is logged in."""
        users = [user for user in self.hass.auth._store._users.values() if user.is_owner]
        user = users[0] if users else MockUser(is_owner=True).add_to_hass(self.hass)
        return Context(user_id=user.id)

    async def turn(self, plant_id: str, what: str, *, person: bool = True) -> None:
        """Turn the watering of a plant on or off."""
        await self.hass.services.async_call(
            "switch",
            f"turn_{what}",
            {"entity_id": self.entity_id(plant_id, "switch", "watering")},
            blocking=True,
            context=self.person() if person else Context(),
        )

    def tick(self, seconds: float) -> None:
        """Let time pass while somebody waits; what was due happens soon."""
        self.freezer.tick(timedelta(seconds=seconds))
        async_fire_time_changed(self.hass, dt_util.utcnow())

    @property
    def pump(self) -> str:
        """What the switch that is the pump shows."""
        state = self.hass.states.get(PUMP)
        assert state is not None
        return state.state

    @property
    def ledger(self) -> Path:
        """The file."""
        return Path(self.hass.config.path(".storage", "plant_vita.ledger"))

    def written(self, kind: str) -> list[dict[str, Any]]:
        """What stands in the ledger."""
        lines = self.ledger.read_bytes().splitlines() if self.ledger.exists() else []
        records = [json.loads(line[9:])[1] for line in lines]
        return [record for record in records if record.get("k") == kind]


async def _hose(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Hose:
    hass.config.config_dir = str(tmp_path)
    freezer.move_to(NOON)
    monkeypatch.setattr(clock, "steady_s", lambda: time.time() - 1.7e9)
    await hass.config.async_set_time_zone("UTC")
    hass.config.latitude = 52.0
    assert await async_setup_component(hass, "http", {})
    hose = Hose(hass, freezer, hass_storage)
    await hose.plug_in()
    return hose


def hose_fixture() -> Any:
    """The fixture, to be given the name `hose` in a test module."""
    return pytest.fixture(_hose)
