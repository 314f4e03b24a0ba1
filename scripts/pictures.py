"""Pictures for the README: a real Home Assistant, real firmware in simulated pots, Chromium."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts import garden_pictures, photo_pictures, plant_pictures
from scripts.development.nodes import pair, start_node
from scripts.lab.api import Api
from scripts.lab.browser import Browser
from scripts.lab.process import Home, provision
from scripts.lab.shot import take

NODES = (("Basil", "basil"), ("Monstera", "monstera"), ("Ficus", "ficus"))
LIVE_SECONDS = 75.0


async def main() -> None:
    """Start everything, water once, and take the pictures."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="plant-vita-pictures-")))
        access = await provision(folder / "home")
        await stack.enter_async_context(Home(folder=folder / "home"))
        api = await stack.enter_async_context(Api(access))
        browser = await stack.enter_async_context(Browser(access))
        for name, pot in NODES:
            node = await start_node(name, access.url, folder / pot, pot=pot)
            stack.push_async_callback(node.stop)
            await node.listen(for_code=True)
            if name == NODES[0][0]:
                await _discovered(browser)
            await pair(api, node)
        await api.action("switch.turn_on", target={"entity_id": "switch.basil_pump"})
        await asyncio.sleep(LIVE_SECONDS)
        await _device(browser, api)


async def _discovered(browser: Browser) -> None:
    tab = await browser.tab("/config/integrations/dashboard")
    add = tab.page.get_by_role("button", name="Add", exact=True).first
    await add.click()
    await tab.page.get_by_text("Pairing code").first.wait_for()
    await take(tab.page, "pairing")


async def _device(browser: Browser, api: Api) -> None:
    devices = await api.command("config/device_registry/list")
    (basil,) = (device["id"] for device in devices if device["name"] == NODES[0][0])
    tab = await browser.tab(f"/config/devices/device/{basil}", height=1000)
    await tab.page.get_by_text("Soil moisture").first.wait_for()
    await take(tab.page, "device")


async def elsewhere(show: Callable[[Path], Awaitable[None]]) -> None:
    """Pictures from a house of their own."""
    with TemporaryDirectory(prefix="plant-vita-pictures-") as folder:
        await show(Path(folder) / "home")


if __name__ == "__main__":
    wanted = sys.argv[1:] or ["nodes", "plants", "garden", "photos"]
    if "nodes" in wanted:
        asyncio.run(main())
    if "plants" in wanted:
        asyncio.run(elsewhere(plant_pictures.main))
    if "garden" in wanted:
        asyncio.run(elsewhere(garden_pictures.main))
    if "photos" in wanted:
        asyncio.run(elsewhere(photo_pictures.main))
