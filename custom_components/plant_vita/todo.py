"""The garden's to-do list."""

import time
from datetime import timedelta
from typing import override

from homeassistant.components.todo import (
    TodoItem,
    TodoItemStatus,
    TodoListEntity,
    TodoListEntityFeature,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .plants.chores import ChoresEntity
from .plants.entry import GardenConfigEntry
from .plants.state import CHORES

PARALLEL_UPDATES = 1

# Water and food have their week; what can wait stands here from its day on.
AHEAD = timedelta(days=7)
LIST = EntityDescription(key="chores", translation_key="chores")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GardenConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Make the list of the garden; nodes have none."""
    async_add_entities([ChoresList(entry, LIST)])


class ChoresList(ChoresEntity, TodoListEntity):
    """What is due within a week; ticking it off says that it was done now."""

    _attr_supported_features = TodoListEntityFeature.UPDATE_TODO_ITEM

    @property
    @override
    def todo_items(self) -> list[TodoItem]:
        today = dt_util.now().date()
        return [
            TodoItem(
                uid=due.uid,
                summary=self.summary(due),
                status=TodoItemStatus.NEEDS_ACTION,
                due=due.day,
            )
            for due in self.due
            if due.day <= today + (timedelta() if due.care in CHORES else AHEAD)
        ]

    @override
    async def async_update_todo_item(self, item: TodoItem) -> None:
        # When it is due, and what it is called, is not for the list to say.
        if item.status != TodoItemStatus.COMPLETED:
            return
        for due in self.due:
            if due.uid == item.uid:
                await self.garden.plants[due.plant_id].async_cared(due.care, time.time())
                return
