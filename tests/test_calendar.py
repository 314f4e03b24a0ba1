"""The garden's calendar."""

from typing import Any

from homeassistant.helpers import entity_registry as er

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.plants.state import Care
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()
DAY = 86_400


def calendar(growing: Growing) -> str:
    found = er.async_get(growing.hass).async_get_entity_id(
        "calendar", DOMAIN, f"{growing.entry.entry_id}_care"
    )
    assert found is not None
    return found


async def events(growing: Growing, first: str, last: str) -> list[tuple[str, str]]:
    found: Any = await growing.hass.services.async_call(
        "calendar",
        "get_events",
        {
            "entity_id": calendar(growing),
            "start_date_time": f"{first}T00:00:00+00:00",
            "end_date_time": f"{last}T00:00:00+00:00",
        },
        blocking=True,
        return_response=True,
    )
    return [(one["start"], one["summary"]) for one in found[calendar(growing)]["events"]]


async def test_coming_care(growing: Growing) -> None:
    basil = await growing.grow({"title": "Basil"})
    state = growing.hass.states.get(calendar(growing))
    assert state is not None
    assert state.state == "off"
    plant = growing.plant(basil)
    await plant.async_cared(Care.WATERED, plant.data.at - 4 * DAY)
    await plant.async_cared(Care.FED, plant.data.at - 20 * DAY)
    state = growing.hass.states.get(calendar(growing))
    assert state is not None
    assert state.attributes["message"] == "Water: Basil"
    assert state.attributes["start_time"] == "2026-06-13 00:00:00"
    assert await events(growing, "2026-06-10", "2026-06-21") == [
        ("2026-06-13", "Water: Basil"),
        ("2026-06-20", "Water: Basil"),
        ("2026-06-18", "Feed: Basil"),
    ]
    assert await events(growing, "2026-06-14", "2026-06-20") == [("2026-06-18", "Feed: Basil")]


async def test_what_is_overdue_stands_on_today(growing: Growing) -> None:
    basil = await growing.grow({"title": "Basil"})
    plant = growing.plant(basil)
    await plant.async_cared(Care.WATERED, plant.data.at - 40 * DAY)
    assert await events(growing, "2026-06-01", "2026-06-12") == [("2026-06-10", "Water: Basil")]
    state = growing.hass.states.get(calendar(growing))
    assert state is not None
    assert state.state == "on"
