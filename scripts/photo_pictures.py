"""Pictures of asking about a photo, and of a plant that has grown: a real house, clouds at home."""

import asyncio
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page

from scripts.development.clouds import clouds, subscribe
from scripts.lab.album import keep
from scripts.lab.api import Api
from scripts.lab.browser import Browser
from scripts.lab.clouds.pictures import jpeg, plant
from scripts.lab.clouds.plant_id import PlantIdCloud
from scripts.lab.dashboard import GARDEN, show_garden
from scripts.lab.gardening import add_plant, plants
from scripts.lab.process import Home, provision
from scripts.lab.provision import CONFIGURATION
from scripts.lab.shot import shoot, take
from scripts.plant_pictures import device

NAME = "Window sill"
SENSORS = """
template:
  - sensor:
      - {name: Pot soil, unit_of_measurement: "%", device_class: moisture, state: "61"}
      - {name: Pot light, unit_of_measurement: "lx", device_class: illuminance, state: "2800"}
"""
DAY_S = 86_400
SEED = 7
# How many leaves it had, weeks ago, and what was found then.
WEEKS = ((3, ()), (6, ()), (10, ()), (13, ("Too much water",)), (20, ()), (26, ()))


async def main(folder: Path) -> None:
    """Fill a house, let a plant have grown, ask about it; `folder` is left to the caller."""
    folder.mkdir()
    (folder / "configuration.yaml").write_text(CONFIGURATION + SENSORS)
    access = await provision(folder)
    home = Home(folder=folder)
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(clouds(folder))
        async with home, Api(access) as api:
            await subscribe(api, running)
            inputs = {"moisture": ["sensor.pot_soil"], "light": ["sensor.pot_light"]}
            await add_plant(api, NAME, "", inputs)
            await show_garden(api)
            plant_id = (await plants(api))[NAME]
        await asyncio.to_thread(_grown, folder, plant_id)
        newest = folder / "media/sill.jpg"
        await asyncio.to_thread(newest.write_bytes, photo(25))
        cloud = running["plant_id"]
        assert isinstance(cloud, PlantIdCloud)
        cloud.asks = "Is the soil still wet a finger deep?"
        async with home, Api(access) as api, Browser(access) as browser:
            plant_device = await device(api, NAME)
            await api.action(
                "plant_vita.keep_photo", {"device_id": plant_device, "file": str(newest)}
            )
            await api.until_state(f"image.{NAME.lower().replace(' ', '_')}_photo", _is_known)
            await _looked_at(browser, f"/{GARDEN}/plant-{plant_device}")


def photo(leaves: int = 26) -> bytes:
    """The plant as it is now, or as it was with fewer leaves."""
    return jpeg(plant(SEED, (1024, 768), leaves=leaves, yellow=0.15))


def _is_known(state: str) -> bool:
    return state != "unknown"


def _grown(folder: Path, plant_id: str) -> None:
    now = time.time()
    kept = []
    for number, (leaves, troubles) in enumerate(WEEKS):
        found = [
            {
                "kind": "diagnose",
                "title": title,
                "confidence": 0.72,
                "text": "",
                "providers": ["Plant.id"],
            }
            for title in troubles
        ]
        kept.append((now - (len(WEEKS) - number) * 7 * DAY_S, photo(leaves), found))
    keep(folder, plant_id, kept)


async def _looked_at(browser: Browser, path: str) -> None:
    looks: tuple[tuple[str, dict[str, Any]], ...] = (
        ("photo", {}),
        ("photo-phone-dark", {"width": 390, "height": 844, "dark": True}),
    )
    for number, (name, how) in enumerate(looks):
        tab = await browser.tab(path, **{"height": 900, **how})
        await _asked(tab.page, name, number)
    tab = await browser.tab(path, height=1600)
    card = tab.page.locator("plant-vita-timeline-card")
    await card.locator("figure img").first.wait_for()
    await take(tab.page, "growth", card)


async def _asked(page: Page, name: str, number: int) -> None:
    await page.get_by_role("button", name="Ask about a photo").first.click()
    dialog = page.locator("plant-vita-photo-dialog")
    await dialog.get_by_role("button", name="Which plant is it?").click()
    # Another one each time: what is asked twice is answered at once.
    await give(dialog, photo(26 + number))
    await dialog.get_by_text("The photo goes to").wait_for()
    await take(page, f"{name}-before")
    await dialog.get_by_role("button", name="Ask", exact=True).click()
    await dialog.get_by_text("has answered").first.wait_for()
    await shoot(page, f"{name}-asked")
    await dialog.get_by_role("button", name="Use this species").wait_for()
    await take(page, f"{name}-identified")
    await dialog.get_by_role("button", name="What ails it?").click()
    await dialog.get_by_role("button", name="Ask", exact=True).click()
    await dialog.locator("details").first.wait_for()
    await take(page, f"{name}-diagnosed")


async def give(dialog: Locator, data: bytes) -> None:
    """Choose a file in the dialog."""
    field = dialog.locator("input[type=file]").last
    await field.set_input_files({"name": "p.jpg", "mimeType": "image/jpeg", "buffer": data})
