"""What may be shown of an account: never a key, nor an address that may hold one."""

from typing import Any

from homeassistant.components.diagnostics import REDACTED

from ..const import CONF_BASE_URL
from .coordinator import AccountCoordinator


def of_account(account: AccountCoordinator) -> dict[str, Any]:
    """An allow-list of an account's settings and its counts."""
    seat, book = account.seat, account.ledger.book(account.seat.id)
    return {
        "service": seat.spec.kind,
        "keys": dict.fromkeys(seat.spec.fields, REDACTED),
        "own_address": account.config_entry.data[CONF_BASE_URL] != seat.spec.base_url,
        "choices": dict(seat.options),
        "daily": seat.daily,
        "calls_today": book.today,
        "calls": book.total,
        "closed_until": book.closed_until,
        "closed_by": book.closed_by,
        "left": account.data.remaining,
        "last_look_worked": account.last_update_success,
    }
