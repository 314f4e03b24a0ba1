"""What a person tells of a plant with one press."""

import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import PlantCoordinator
from .entity import PlantEntity, async_add_plants
from .garden import GardenConfigEntry
from .state import Care


@dataclass(frozen=True, kw_only=True)
class PlantButtonEntityDescription(ButtonEntityDescription):
    """`press_fn` does it."""

    press_fn: Callable[[PlantCoordinator], Awaitable[None]]


def _care(care: Care) -> PlantButtonEntityDescription:
    return PlantButtonEntityDescription(
        key=care,
        translation_key=care,
        press_fn=lambda plant: plant.async_cared(care, time.time()),
    )


BUTTONS = (
    *map(_care, Care),
    PlantButtonEntityDescription(
        key="reset_limits",
        translation_key="reset_limits",
        entity_category=EntityCategory.CONFIG,
        press_fn=lambda plant: plant.async_set_limits({}),
    ),
)


class PlantButton(PlantEntity, ButtonEntity):
    """Says what was done for a plant, or takes back what was set for it."""

    entity_description: PlantButtonEntityDescription

    @override
    async def async_press(self) -> None:
        await self.entity_description.press_fn(self.coordinator)


@callback
def async_add_buttons(
    entry: GardenConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Make the buttons of all plants."""
    async_add_plants(entry, async_add_entities, Platform.BUTTON, _buttons)


def _buttons(coordinator: PlantCoordinator) -> Iterable[PlantEntity]:
    for description in BUTTONS:
        yield PlantButton(coordinator, description)
