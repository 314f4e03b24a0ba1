"""Pictures of the garden's dashboard and cards: real nodes in simulated pots, plants in rooms."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from playwright.async_api import Page

from scripts.development.garden import NODES, PLANTS, plant_all
from scripts.development.nodes import pair, start_node
from scripts.lab.api import Api
from scripts.lab.browser import Browser
from scripts.lab.dashboard import GARDEN, show_garden
from scripts.lab.gardening import plants
from scripts.lab.process import Home, provision
from scripts.lab.shot import take
from scripts.plant_pictures import (
    NOON,
    add_overdue,
    device,
    hours_since_watering,
    live_three_weeks,
    note_watering,
)

BASIL = "Kitchen basil"
OVERDUE = "Parsley"
BY_HAND = "Grandmother's aloe"
SUNNY = 600.0
ROOMS = {
    "Kitchen": (BASIL, OVERDUE, BY_HAND),
    "Living room": ("Swiss cheese plant", "Fiddle-leaf fig"),
}
# What a pot is like when its node has just been set up; the past that is written leads to it.
READY_SECONDS = 60.0
SHARP: dict[str, Any] = {"device_scale_factor": 2}


async def main(folder: Path) -> None:
    """Fill a house, give its plants a past, and look; `folder` is left to the caller."""
    access = await provision(folder)
    home = Home(folder=folder)
    async with AsyncExitStack() as stack:
        async with home, Api(access) as api:
            for name, pot in NODES:
                node = await start_node(name, access.url, folder.parent / pot, pot=pot)
                stack.push_async_callback(node.stop)
                await node.listen(for_code=True)
                await pair(api, node)
            await plant_all(api)
            await add_overdue(api, OVERDUE)
            await note_watering(api, BY_HAND, days_ago=4)
            await _move_in(api)
            await show_garden(api)
            moist, basil = await _moisture(api), (await plants(api))[BASIL]
        await asyncio.to_thread(_live, folder, moist, basil)
        async with home, Api(access) as api, Browser(access) as browser:
            await _settled(api)
            await _looked_at(browser, api)


async def _move_in(api: Api) -> None:
    for room, there in ROOMS.items():
        area = await api.command("config/area_registry/create", name=room)
        for name in there:
            moved = {"device_id": await device(api, name), "area_id": area["area_id"]}
            await api.command("config/device_registry/update", **moved)


async def _moisture(api: Api) -> dict[str, float]:
    """What the nodes' probes say of their plants (%), by the ids of the plants."""
    ids, states = await plants(api), await api.states()
    said = {}
    for name, _, node in PLANTS:
        probes = [f"sensor.{node}_soil_moisture{tail}" for tail in ("", "_1")]
        there = [one for one in probes if node and one in states]
        if there:
            await api.until_state(there[0], _is_number, within=READY_SECONDS)
            said[ids[name]] = float((await api.states())[there[0]]["state"])
    return said


def _is_number(state: str) -> bool:
    return state not in {"unknown", "unavailable"}


def _live(folder: Path, moist: dict[str, float], sunny: str) -> None:
    for file in folder.glob(".storage/plant_vita.plant.*"):
        plant = file.name.rpartition(".")[2]
        if (percent := moist.get(plant)) is not None:
            noon = SUNNY if plant == sunny else NOON
            live_three_weeks(file, hours_since_watering(percent), noon)


async def _settled(api: Api) -> None:
    """The nodes have called again, and the plants know what that means for them."""
    for name, _, node in PLANTS:
        if node:
            slug = name.lower().replace(" ", "_").replace("-", "_")
            for what in ("health", "days_to_dry"):
                await api.until_state(f"sensor.{slug}_{what}", _is_number, within=READY_SECONDS)


async def _looked_at(browser: Browser, api: Api) -> None:
    garden, page = f"/{GARDEN}/garden", f"/{GARDEN}/plant-{await device(api, BASIL)}"
    for name, how in (
        ("garden", {}),
        ("garden-dark", {"dark": True}),
        ("garden-phone", {"width": 390, "height": 720, **SHARP}),
    ):
        tab = await browser.tab(garden, **{"height": 480, **how})
        await _shown(tab.page, BASIL)
        await take(tab.page, name)
    tab = await browser.tab(garden, **SHARP)
    await _shown(tab.page, BASIL)
    await take(tab.page, "card-compact", _card(tab.page, BASIL))
    tab = await browser.tab(page, height=1000, **SHARP)
    await _shown(tab.page, BASIL)
    await take(tab.page, "card-full", _card(tab.page, BASIL))
    tab = await browser.tab(page, height=660)
    await _shown(tab.page, BASIL)
    await take(tab.page, "garden-plant")
    tab = await browser.tab(f"/{GARDEN}/nodes", height=640)
    await tab.page.locator("plant-vita-node-card").last.wait_for()
    await take(tab.page, "garden-nodes")


def _card(page: Page, name: str) -> Any:
    # A card that a condition hides is still in the document.
    return page.locator("plant-vita-card:visible", has_text=name).first


async def _shown(page: Page, name: str) -> None:
    await _card(page, name).wait_for()
