"""What only time, or a person with a purse, can mend about an account."""

import time
from datetime import datetime

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..model.errors import ProviderQuotaError
from ..providers.ledger import Ledger


@callback
def async_judge_quota(hass: HomeAssistant, entry: ConfigEntry, ledger: Ledger) -> None:
    """Say that the quota of an account is used up and when it is back, or that it is back."""
    book = ledger.book(entry.entry_id)
    if book.closed_by != ProviderQuotaError.key or book.closed_until <= time.time():
        async_forget_quota(hass, entry)
        return
    back = dt_util.utc_from_timestamp(book.closed_until)
    ir.async_create_issue(
        hass,
        DOMAIN,
        _quota_issue(entry),
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="provider_quota",
        translation_placeholders={
            "name": entry.title,
            "time": dt_util.as_local(back).strftime("%Y-%m-%d %H:%M"),
        },
    )

    @callback
    def _again(_: datetime) -> None:
        async_judge_quota(hass, entry, ledger)

    # Each looks for itself whether it still is so: several of them do no harm.
    entry.async_on_unload(async_track_point_in_utc_time(hass, _again, back))


@callback
def async_forget_quota(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """It is back, or the account is gone."""
    ir.async_delete_issue(hass, DOMAIN, _quota_issue(entry))


def _quota_issue(entry: ConfigEntry) -> str:
    return f"provider_quota_{entry.entry_id}"
