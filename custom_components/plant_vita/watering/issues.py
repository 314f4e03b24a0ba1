"""What only a person can mend about water: issues for Home Assistant's repairs page."""

from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN
from ..model.watering import Cause, Trouble

if TYPE_CHECKING:
    from .outlet import Outlet

LEDGER: Final = "ledger_damaged"
_TANK: Final = "watering_tank_empty"
# The prefix of those that a person can clear.
LOCKED: Final = "watering_locked"
_SEVERITIES: Final = {
    Trouble.NO_RESPONSE: ir.IssueSeverity.ERROR,
    Trouble.STUCK_ON: ir.IssueSeverity.CRITICAL,
    Trouble.DISK: ir.IssueSeverity.ERROR,
}


@callback
def async_raise(
    hass: HomeAssistant, outlet: Outlet, trouble: Trouble, cause: Cause | None = None
) -> None:
    """Tell a person of trouble with one pump; that it is locked can be ended from there."""
    is_locked = trouble is Trouble.NO_RESPONSE
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue(outlet.pump_id, trouble),
        data={"pump_id": outlet.pump_id},
        is_fixable=is_locked,
        is_persistent=False,
        severity=_SEVERITIES[trouble],
        translation_key=f"{LOCKED}_{cause or Cause.PUMP_DEAD}"
        if is_locked
        else f"watering_{trouble}",
        translation_placeholders={"pump": outlet.name},
    )


@callback
def async_clear(hass: HomeAssistant, pump_id: str, trouble: Trouble) -> None:
    """That trouble is over."""
    ir.async_delete_issue(hass, DOMAIN, _issue(pump_id, trouble))


@callback
def async_clear_all(hass: HomeAssistant, pump_id: str) -> None:
    """There is no such pump any more."""
    for trouble in Trouble:
        async_clear(hass, pump_id, trouble)
    async_tank(hass, pump_id, None)


@callback
def async_tank(hass: HomeAssistant, pump_id: str, name: str | None) -> None:
    """The tank of a pump that waters plants is empty; None: it is not."""
    if name is None:
        ir.async_delete_issue(hass, DOMAIN, f"{_TANK}_{pump_id}")
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{_TANK}_{pump_id}",
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key=_TANK,
        translation_placeholders={"pump": name},
    )


@callback
def async_ledger(hass: HomeAssistant, until: str | None) -> None:
    """The ledger was damaged: no water for plants before `until`; None: that is over."""
    if until is None:
        ir.async_delete_issue(hass, DOMAIN, LEDGER)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        LEDGER,
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key=LEDGER,
        translation_placeholders={"until": until},
    )


def _issue(pump_id: str, trouble: Trouble) -> str:
    return f"watering_{trouble}_{pump_id}"
