"""What happens to a plant, for automations."""

from collections.abc import Iterable
from typing import override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from .coordinator import PlantCoordinator
from .entity import PlantEntity
from .happenings import DRY_REASONS, Edge, News, needs_water
from .state import Care

DRY, PROBLEM = "dry", "problem"

CARE_EVENT = EventEntityDescription(
    key="care", translation_key="care", event_types=[*Care, DRY, PROBLEM]
)


class CareEvent(PlantEntity, EventEntity):
    """Cared for by whomever, dry, or in trouble; each reason is told once, when it begins."""

    def __init__(self, coordinator: PlantCoordinator) -> None:
        """What is wrong already is no news."""
        super().__init__(coordinator, CARE_EVENT)
        self._dry, self._news = Edge(needs_water(coordinator.data)), News(coordinator.data)

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.async_on_care(self._async_cared))

    @callback
    def _async_cared(self, care: Care, at: float) -> None:
        self._trigger_event(care, {"at": dt_util.utc_from_timestamp(at).isoformat()})
        self.async_write_ha_state()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        state = self.coordinator.data
        if self._dry.began(now=needs_water(state)):
            self._tell(DRY, DRY_REASONS & set(state.reasons))
        if new := self._news.of(state):
            self._tell(PROBLEM, new)

    @callback
    def _tell(self, kind: str, reasons: Iterable[str]) -> None:
        self._trigger_event(kind, {"reasons": sorted(reasons)})
        self.async_write_ha_state()


def of_plant(coordinator: PlantCoordinator) -> Iterable[PlantEntity]:
    """What happens to it."""
    yield CareEvent(coordinator)
