"""What a person is told on the repairs page, and that it goes away again."""

from types import SimpleNamespace
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from custom_components.plant_vita.model.watering import Cause, Trouble
from custom_components.plant_vita.watering import issues

PUMP: Any = SimpleNamespace(pump_id="p", name="Tap")


def said(hass: HomeAssistant) -> dict[str, ir.IssueEntry]:
    return {key: issue for (_, key), issue in ir.async_get(hass).issues.items()}


@pytest.mark.parametrize(
    ("trouble", "cause", "key", "severity", "fixable"),
    [
        (Trouble.NO_RESPONSE, Cause.CLOGGED, "watering_locked_clogged", "error", True),
        (Trouble.NO_RESPONSE, None, "watering_locked_pump_dead", "error", True),
        (Trouble.STUCK_ON, None, "watering_stuck_on", "critical", False),
        (Trouble.DISK, None, "watering_disk", "error", False),
    ],
)
async def test_each_trouble_is_said_and_taken_back(
    hass: HomeAssistant,
    trouble: Trouble,
    cause: Cause | None,
    key: str,
    severity: str,
    *,
    fixable: bool,
) -> None:
    issues.async_raise(hass, PUMP, trouble, cause)
    [issue] = said(hass).values()
    assert (issue.translation_key, issue.severity, issue.is_fixable) == (key, severity, fixable)
    assert issue.translation_placeholders == {"pump": "Tap"}
    issues.async_clear(hass, "p", trouble)
    assert said(hass) == {}


async def test_the_tank_and_the_ledger(hass: HomeAssistant) -> None:
    issues.async_tank(hass, "p", "Tap")
    issues.async_ledger(hass, "2026-06-11 12:00")
    assert set(said(hass)) == {"watering_tank_empty_p", "ledger_damaged"}
    assert said(hass)["ledger_damaged"].translation_placeholders == {"until": "2026-06-11 12:00"}
    issues.async_clear_all(hass, "p")
    issues.async_ledger(hass, None)
    assert said(hass) == {}
