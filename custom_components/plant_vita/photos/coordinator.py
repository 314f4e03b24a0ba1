"""What is left of an account, looked at every hour where the service tells it for nothing."""

import time
from datetime import timedelta
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from ..const import DOMAIN, LOGGER
from ..model.errors import ProviderError, ProviderKeyError, ProviderQuotaError
from ..providers.attempt import Seat, check
from ..providers.ledger import Ledger
from ..providers.provider import Balance
from .issues import async_judge_quota

type ProviderConfigEntry = ConfigEntry[AccountCoordinator]


class AccountCoordinator(DataUpdateCoordinator[Balance]):
    """One account; services that do not tell are never asked here."""

    config_entry: ProviderConfigEntry

    def __init__(
        self, hass: HomeAssistant, entry: ProviderConfigEntry, seat: Seat, ledger: Ledger
    ) -> None:
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=entry.title,
            update_interval=timedelta(hours=1),
        )
        self.seat, self.ledger = seat, ledger
        self.data = Balance()

    @override
    async def _async_update_data(self) -> Balance:
        if not self.seat.spec.tells:
            return Balance()
        try:
            balance = await check(self.seat)
        except ProviderQuotaError as error:
            return await self._used_up(error)
        except ProviderKeyError as error:
            raise ConfigEntryAuthFailed(
                translation_domain=DOMAIN, translation_key=error.key
            ) from error
        except ProviderError as error:
            raise UpdateFailed(translation_domain=DOMAIN, translation_key=error.key) from error
        if balance.remaining is not None and balance.remaining <= 0:
            return await self._used_up(ProviderQuotaError("nothing left"))
        return balance

    async def _used_up(self, error: ProviderQuotaError) -> Balance:
        """Ask no more until it is back; what a call was told of when that is remains true."""
        book = self.ledger.book(self.seat.id)
        told = book.closed_by == error.key and book.closed_until > time.time()
        if error.wait_s is not None or not told:
            await self.ledger.close(self.seat.id, error)
        async_judge_quota(self.hass, self.config_entry, self.ledger)
        return Balance(remaining=0.0)
