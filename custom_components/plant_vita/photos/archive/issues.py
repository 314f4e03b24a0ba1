"""What is said when photos have not reached the archive for long."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from ...const import DOMAIN


@callback
def async_failing(hass: HomeAssistant, entry: ConfigEntry, since: float) -> None:
    """Say since when (Unix seconds) nothing was archived."""
    began = dt_util.as_local(dt_util.utc_from_timestamp(since))
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue(entry),
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="archive_failing",
        translation_placeholders={"name": entry.title, "time": began.strftime("%Y-%m-%d %H:%M")},
    )


@callback
def async_works(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """It is over, or the archive is gone."""
    ir.async_delete_issue(hass, DOMAIN, _issue(entry))


def _issue(entry: ConfigEntry) -> str:
    return f"archive_failing_{entry.entry_id}"
