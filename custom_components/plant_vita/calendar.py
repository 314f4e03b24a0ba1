"""The garden's calendar."""

from datetime import date, datetime, timedelta
from typing import override

from homeassistant.components.calendar import (
    CalendarEntity,
    CalendarEntityDescription,
    CalendarEvent,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .plants.chores import ChoresEntity
from .plants.entry import GardenConfigEntry
from .plants.upcoming import Due

PARALLEL_UPDATES = 0

CARE = CalendarEntityDescription(key="care", translation_key="care")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GardenConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Make the calendar of the garden; nodes have none."""
    async_add_entities([CareCalendar(entry, CARE)])


class CareCalendar(ChoresEntity, CalendarEntity):
    """Coming care, a day for each; what is overdue stands on today. Nobody can write to it."""

    @property
    @override
    def event(self) -> CalendarEvent | None:
        due = self.due
        return self._event(due[0], max(due[0].day, dt_util.now().date())) if due else None

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        today, first = dt_util.now().date(), dt_util.as_local(start_date).date()
        # The end is not part of what is asked for: its midnight is the day before's.
        last = dt_util.as_local(end_date - timedelta(microseconds=1)).date()
        return [
            self._event(due, day)
            for due in self.due
            for day in due.days_between(today, last)
            if day >= first
        ]

    def _event(self, due: Due, day: date) -> CalendarEvent:
        return CalendarEvent(
            start=day, end=day + timedelta(days=1), summary=self.summary(due), uid=due.uid
        )
