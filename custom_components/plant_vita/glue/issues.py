"""What only a person can mend: issues for Home Assistant's repairs page."""

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN
from ..coordinator import PlantVitaConfigEntry
from ..protocol.limits import VERSION

_DISK = "disk"


@callback
def async_raise_disk(hass: HomeAssistant, error: OSError) -> None:
    """Readings cannot be written; the nodes keep them for as long as they have room."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        _DISK,
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key=_DISK,
        translation_placeholders={"reason": error.strerror or type(error).__name__},
    )


@callback
def async_clear_disk(hass: HomeAssistant) -> None:
    """Readings can be written again."""
    ir.async_delete_issue(hass, DOMAIN, _DISK)


@callback
def async_raise_version(hass: HomeAssistant, entry: PlantVitaConfigEntry, version: int) -> None:
    """A paired node was flashed with a firmware that speaks another version of the protocol."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        _version_issue(entry),
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="version_newer" if version > VERSION else "version_older",
        translation_placeholders={"name": entry.title},
    )


@callback
def async_clear_version(hass: HomeAssistant, entry: PlantVitaConfigEntry) -> None:
    """The node is understood, or gone."""
    ir.async_delete_issue(hass, DOMAIN, _version_issue(entry))


@callback
def async_close_code_dialogs(hass: HomeAssistant, entry: ConfigEntry, but: str = "") -> None:
    """Close the dialogs that ask for a new code, all `but` the flow of this id.

    No question is left once a node works. Home Assistant closes them on a reload, but nothing is
    reloaded when a node is paired again.
    """
    for flow in list(entry.async_get_active_flows(hass, {SOURCE_REAUTH})):
        if flow["flow_id"] != but:
            hass.config_entries.flow.async_abort(flow["flow_id"])


def _version_issue(entry: PlantVitaConfigEntry) -> str:
    return f"version_{entry.entry_id}"
