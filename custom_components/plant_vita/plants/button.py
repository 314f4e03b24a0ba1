"""What a person tells of a plant with one press."""

import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.const import EntityCategory

from .coordinator import PlantCoordinator
from .entity import PlantEntity
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
    _care(Care.WATERED),
    _care(Care.FED),
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

    @property
    @override
    def said(self) -> object:
        return None

    @override
    async def async_press(self) -> None:
        await self.entity_description.press_fn(self.coordinator)


def of_plant(coordinator: PlantCoordinator) -> Iterable[PlantEntity]:
    """Its buttons."""
    for description in BUTTONS:
        yield PlantButton(coordinator, description)
