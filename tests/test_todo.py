"""The garden's to-do list."""

from typing import Any

from homeassistant.helpers import entity_registry as er

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.plants.state import Care
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()
DAY = 86_400


async def items(growing: Growing) -> list[dict[str, Any]]:
    entity_id = chores(growing)
    found: Any = await growing.hass.services.async_call(
        "todo", "get_items", {"entity_id": entity_id}, blocking=True, return_response=True
    )
    listed: list[dict[str, Any]] = found[entity_id]["items"]
    return listed


def chores(growing: Growing) -> str:
    found = er.async_get(growing.hass).async_get_entity_id(
        "todo", DOMAIN, f"{growing.entry.entry_id}_chores"
    )
    assert found is not None
    return found


async def tick(growing: Growing, uid: str, **change: str) -> None:
    await growing.hass.services.async_call(
        "todo",
        "update_item",
        {"entity_id": chores(growing), "item": uid, **change},
        blocking=True,
    )
    await growing.hass.async_block_till_done()


async def test_what_is_due_within_a_week_until_it_is_ticked_off(growing: Growing) -> None:
    growing.hass.config.language = "de"
    basil = await growing.grow({"title": "Basil"}, {"title": "Fern"})
    plant = growing.plant(basil)
    await plant.async_cared(Care.WATERED, plant.data.at - 6 * DAY)
    await plant.async_cared(Care.FED, plant.data.at - 2 * DAY)
    assert await items(growing) == [
        {
            "uid": f"{basil}_watered",
            "summary": "Gießen: Basil",
            "status": "needs_action",
            "due": "2026-06-11",
        }
    ]
    # What it is called is not for the list to say.
    await tick(growing, f"{basil}_watered", rename="Something else")
    assert (await items(growing))[0]["summary"] == "Gießen: Basil"
    await tick(growing, f"{basil}_watered", status="completed")
    assert growing.shown(basil, "last_watered") == "2026-06-10T12:00:00+00:00"
    assert [item["due"] for item in await items(growing)] == ["2026-06-17"]
    await growing.pass_time(days=20)
    assert {item["uid"] for item in await items(growing)} == {f"{basil}_watered", f"{basil}_fed"}


async def test_chores_stand_there_from_their_day_on_and_are_logged(growing: Growing) -> None:
    basil = await growing.grow({"title": "Basil", "limits": {"repot_months": 0}})
    await growing.pass_time(days=29)
    assert await items(growing) == []
    await growing.stop()
    await growing.start()
    await growing.pass_time(days=1)
    (turn,) = await items(growing)
    assert (turn["summary"], turn["due"]) == ("Rotate: Basil", "2026-07-10")
    await tick(growing, f"{basil}_rotated", status="completed")
    assert await items(growing) == []
    assert growing.plant(basil).data.last[Care.ROTATED] == growing.plant(basil).data.at
    await growing.pass_time(days=30)
    found = {one["summary"] for one in await items(growing)}
    assert found == {"Clean the leaves: Basil", "Rotate: Basil"}
