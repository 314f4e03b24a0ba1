"""A garden in a Home Assistant of the test's own process, and sensors of no brand at all."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState, ConfigSubentryData
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.flows.garden import GARDEN_ID
from custom_components.plant_vita.plants.coordinator import PlantCoordinator
from custom_components.plant_vita.plants.garden import Garden

NOON = "2026-06-10 12:00:00+00:00"


@dataclass
class Growing:
    """Time, sensors and plants in the hands of a test."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory
    hass_storage: dict[str, Any]
    entry: MockConfigEntry = field(init=False)

    def make(self, *plants: dict[str, Any]) -> MockConfigEntry:
        """A garden with these plants, each the data of its subentry with its title."""
        self.entry = MockConfigEntry(
            domain=DOMAIN,
            title="Plants",
            unique_id=GARDEN_ID,
            data={"kind": "garden"},
            subentries_data=[
                ConfigSubentryData(
                    data={key: value for key, value in plant.items() if key != "title"},
                    subentry_type="plant",
                    title=plant.get("title", "Basil"),
                    unique_id=None,
                )
                for plant in plants
            ],
        )
        self.entry.add_to_hass(self.hass)
        return self.entry

    async def start(self) -> None:
        """Set up the garden."""
        assert await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.hass.async_block_till_done()
        assert self.entry.state is ConfigEntryState.LOADED

    async def grow(self, *plants: dict[str, Any]) -> str:
        """Make and start a garden; the id of its first plant, if there is one."""
        self.make(*plants)
        await self.start()
        return next(iter(self.entry.subentries), "")

    async def stop(self) -> None:
        """Unload the garden."""
        assert await self.hass.config_entries.async_unload(self.entry.entry_id)
        await self.hass.async_block_till_done()

    @property
    def garden(self) -> Garden:
        """The garden as it runs."""
        garden: Garden = self.entry.runtime_data.garden
        return garden

    def plant(self, plant_id: str) -> PlantCoordinator:
        """One plant as it runs."""
        return self.garden.plants[plant_id]

    def say(self, entity_id: str, value: object, unit: str | None = "%") -> None:
        """Let a sensor speak."""
        attributes = {"unit_of_measurement": unit} if unit else {}
        self.hass.states.async_set(entity_id, str(value), attributes)

    async def pass_time(self, **time: float) -> None:
        """Let time pass at one go, and everything happen that was due."""
        self.freezer.tick(timedelta(**time))
        async_fire_time_changed(self.hass, dt_util.utcnow())
        await self.hass.async_block_till_done(wait_background_tasks=True)

    async def settle(self) -> None:
        """Wait until a change has been looked at."""
        await self.hass.async_block_till_done()
        await self.pass_time(seconds=15)

    def entity_id(self, plant_id: str, platform: str, key: str) -> str | None:
        """The entity of a plant, by its unique id."""
        return er.async_get(self.hass).async_get_entity_id(platform, DOMAIN, f"{plant_id}_{key}")

    def state(self, plant_id: str, platform: str, key: str) -> State:
        """The state of an entity of a plant."""
        entity_id = self.entity_id(plant_id, platform, key)
        assert entity_id is not None, (platform, key)
        state = self.hass.states.get(entity_id)
        assert state is not None, entity_id
        return state

    def shown(self, plant_id: str, key: str, platform: str = "sensor") -> str:
        """What an entity of a plant shows."""
        return self.state(plant_id, platform, key).state

    def reasons(self, plant_id: str) -> list[str]:
        """What the problem is."""
        reasons: list[str] = self.state(plant_id, "binary_sensor", "plant_problem").attributes[
            "reasons"
        ]
        return reasons

    def issues(self) -> list[str]:
        """What the repairs page says of us."""
        return [issue for domain, issue in ir.async_get(self.hass).issues if domain == DOMAIN]


async def _growing(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, hass_storage: dict[str, Any]
) -> Growing:
    freezer.move_to(NOON)
    await hass.config.async_set_time_zone("UTC")
    hass.config.latitude = 52.0
    assert await async_setup_component(hass, "http", {})
    return Growing(hass, freezer, hass_storage)


def growing_fixture() -> Any:
    """The fixture, to be given the name `growing` in a test module."""
    return pytest.fixture(_growing)
