"""Waterings as Home Assistant's own logbook shows them."""

from datetime import timedelta
from typing import Any

import pytest
from homeassistant.components.logbook.processor import EventProcessor
from homeassistant.components.recorder import Recorder
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers.translation import async_get_translations
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.watering.happened import EVENT_WATERING
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()

SOAKING = (
    "was given no water as planned. The water of the last time must soak in first. More is "
    "possible from 18:30 on."
)
ANNA = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def mock_recorder_before_hass(async_test_recorder: object) -> None:
    """Let the database be there before Home Assistant."""


async def shown(
    hass: HomeAssistant, *told: dict[str, Any], kind: str = EVENT_WATERING
) -> list[dict[str, Any]]:
    """What the logbook of a device says of these events."""
    assert await async_setup_component(hass, "logbook", {})
    await hass.async_block_till_done()
    before = dt_util.utcnow() - timedelta(minutes=1)
    for one in told:
        hass.bus.async_fire(kind, one, context=Context(user_id=ANNA))
    await async_wait_recording_done(hass)
    after = dt_util.utcnow() + timedelta(minutes=1)
    log = EventProcessor(hass, (kind,), device_ids=["basil"])
    return await hass.async_add_executor_job(log.get_events, before, after)


def event(source: str, ml: float, why: str | None = None, **words: str) -> dict[str, Any]:
    return {
        "device_id": "basil",
        "plant": "{Basil}",
        "source": source,
        "ml": ml,
        "why": why,
        "placeholders": {"time": "?", "seconds": "0", **words},
    }


async def test_the_logbook_says_who_and_why(recorder_mock: Recorder, growing: Growing) -> None:
    hass = growing.hass
    await growing.grow({})
    entries = await shown(
        hass,
        event("manual", 50.0),
        event("voice", 12.5, "watering_stopped"),
        event("schedule", 0.0, "watering_soaking", time="18:30"),
        {**event("manual", 1.0), "device_id": "another"},
    )
    assert [one["message"] for one in entries] == [
        "was given 50 ml of water by hand.",
        "was given 12.5 ml of water by voice. The watering was stopped.",
        SOAKING,
    ]
    assert {(one["name"], one["domain"]) for one in entries} == {("{Basil}", "plant_vita")}
    assert {one["context_user_id"] for one in entries} == {ANNA}
    hass.config.language = "de"
    await async_get_translations(hass, "de", "common", [DOMAIN])
    assert (await shown(hass))[0]["message"] == "hat 50 ml Wasser bekommen, von Hand verlangt."


async def test_what_photos_told_is_there_too(recorder_mock: Recorder, growing: Growing) -> None:
    hass = growing.hass
    await growing.grow({})
    found = {"cause": "too_cold", "name": "Too\ncold", "confidence": 0.871}
    told = {"device_id": "basil", "plant_id": None}
    ails = await shown(
        hass,
        {**told, "findings": [found]},
        {**told, "findings": []},
        kind="plant_vita_diagnosed",
    )
    assert [one["message"] for one in ails] == [
        "may suffer from: Too cold (87 %).",
        "was looked at, and nothing was found.",
    ]
    species = await shown(
        hass,
        {**told, "species": "Monstera deliciosa", "confidence": 0.94},
        {**told, "species": None, "confidence": None},
        kind="plant_vita_identified",
    )
    assert [one["message"] for one in species] == [
        "was recognised in a photo as Monstera deliciosa (94 %).",
        "was not recognised in a photo.",
    ]
    assert {one["name"] for one in (*ails, *species)} == {"Plant Vita"}
