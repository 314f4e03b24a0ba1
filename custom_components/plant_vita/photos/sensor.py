"""How much an account was used, and what is left of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.sensor import (
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from ..const import DOMAIN
from .coordinator import AccountCoordinator, ProviderConfigEntry


@dataclass(frozen=True, kw_only=True)
class AccountSensorEntityDescription(SensorEntityDescription):
    """A figure of an account; `local` ones are known while its service is away, too."""

    value_fn: Callable[[AccountCoordinator], float | None]
    local: bool = False


SENSORS: Final = (
    AccountSensorEntityDescription(
        key="calls_today",
        translation_key="calls_today",
        entity_category=EntityCategory.DIAGNOSTIC,
        state_class=SensorStateClass.TOTAL_INCREASING,
        value_fn=lambda account: account.ledger.today(account.seat.id),
        local=True,
    ),
    AccountSensorEntityDescription(
        key="calls_left",
        translation_key="calls_left",
        entity_category=EntityCategory.DIAGNOSTIC,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=lambda account: account.data.remaining,
    ),
)


def async_add_account(
    entry: ProviderConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Make the sensors of one account."""
    account = entry.runtime_data
    async_add_entities(
        AccountSensor(account, one) for one in SENSORS if one.local or account.seat.spec.tells
    )


class AccountSensor(CoordinatorEntity[AccountCoordinator], SensorEntity):
    """One figure of one account."""

    _attr_has_entity_name = True
    entity_description: AccountSensorEntityDescription

    def __init__(
        self, account: AccountCoordinator, description: AccountSensorEntityDescription
    ) -> None:
        super().__init__(account)
        self.entity_description = description
        entry = account.config_entry
        self._attr_unique_id = f"{entry.entry_id}_{description.key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, entry.entry_id)},
            name=entry.title,
            manufacturer=account.seat.spec.name,
            entry_type=DeviceEntryType.SERVICE,
        )

    @property
    @override
    def available(self) -> bool:
        return self.entity_description.local or super().available

    @property
    @override
    def native_value(self) -> float | None:
        return self.entity_description.value_fn(self.coordinator)
