"""Repairs: raised with a reason for a person, and taken back by themselves."""

import errno
import os

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.glue import issues


def issue(hass: HomeAssistant, name: str) -> ir.IssueEntry | None:
    return ir.async_get(hass).async_get_issue(DOMAIN, name)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "No space left on device"),
        (OSError(), "OSError"),
    ],
)
async def test_a_full_disk(hass: HomeAssistant, error: OSError, reason: str) -> None:
    issues.async_raise_disk(hass, error)
    found = issue(hass, "disk")
    assert found is not None
    assert (found.translation_key, found.severity) == ("disk", ir.IssueSeverity.ERROR)
    assert found.translation_placeholders == {"reason": reason}
    issues.async_clear_disk(hass)
    assert issue(hass, "disk") is None
    issues.async_clear_disk(hass)


@pytest.mark.parametrize(("version", "key"), [(2, "version_newer"), (0, "version_older")])
async def test_another_version_is_an_issue_of_its_entry(
    hass: HomeAssistant, version: int, key: str
) -> None:
    one, other = (MockConfigEntry(domain=DOMAIN, title=name) for name in ("Kitchen", "Cellar"))
    issues.async_raise_version(hass, one, version)
    issues.async_raise_version(hass, other, version)
    found = issue(hass, f"version_{one.entry_id}")
    assert found is not None
    assert (found.translation_key, found.translation_placeholders) == (key, {"name": "Kitchen"})
    assert found.severity is ir.IssueSeverity.WARNING
    issues.async_clear_version(hass, one)
    assert issue(hass, f"version_{one.entry_id}") is None
    assert issue(hass, f"version_{other.entry_id}") is not None
