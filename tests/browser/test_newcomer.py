"""A newcomer brings a node in with a mouse and a keyboard, and waters a plant."""

import pytest
from playwright.async_api import Page, expect

from firmware.simulator.bench import SimulatedNode
from scripts.lab.access import PASSWORD, USER
from scripts.lab.browser import Browser, Tab
from scripts.lab.dashboard import PATH, show_nodes
from tests.e2e.stage import Stage, entity, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

PARTS = ("soil", "dht22", "bh1750", "pump", "tank")
WITHIN_MS = 60_000
expect.set_options(timeout=WITHIN_MS)


def ours(tab: Tab) -> list[str]:
    """What went wrong on a page and has to do with us.

    Chromium reports requests that a login's redirect cuts off (the cards' among them), and icons
    of other integrations that a house without Internet does not have.
    """
    return [
        problem
        for problem in tab.problems
        if ("plant_vita" in problem and "/plant-vita.js?" not in problem)
        or problem.startswith("script:")
    ]


async def log_in(page: Page) -> None:
    """Type name and password as `scripts/develop` prints them."""
    await page.locator("input[name=username]").fill(USER)
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")


async def test_from_the_login_to_a_node_with_live_values(stage: Stage) -> None:
    node = await stage.node("Kitchen basil", parts=PARTS, plant="basil")
    await stage.discovered(node)
    code = await node.wait_code()
    async with Browser(stage.home.access) as browser:
        tab = await browser.tab("/config/integrations/dashboard", logged_in=False)
        page = tab.page
        await log_in(page)
        await expect(page.get_by_text("Discovered", exact=True)).to_be_visible()
        await page.get_by_role("button", name="Add", exact=True).first.click()
        await expect(page.get_by_text("Pair Kitchen basil")).to_be_visible()
        field = page.locator("step-flow-form input").first

        await field.fill("ABCD-EFGH")
        await page.get_by_role("button", name="Submit").click()
        await expect(page.get_by_text("A pairing code has 16 characters")).to_be_visible()

        await field.fill(code.lower())
        await page.get_by_role("button", name="Submit").click()
        await page.get_by_role("button", name="Skip and finish").click()
        await until(_has_entry(stage, "Kitchen basil"), 20, "an entry")
        await stage.number(entity(node, "sensor", "soil_moisture"))
        await _shows_device(stage, page, node)
        assert ours(tab) == []


def _has_entry(stage: Stage, title: str):
    async def look() -> bool:
        return title in await stage.entries()

    return look


async def _shows_device(stage: Stage, page: Page, node: SimulatedNode) -> None:
    devices = await stage.api.command("config/device_registry/list")
    (device,) = (device["id"] for device in devices if device["name"] == node.name)
    await page.goto(f"{stage.url}/config/devices/device/{device}")
    for name in ("Soil moisture", "Temperature", "Humidity", "Light", "Reservoir empty", "Pump"):
        await expect(page.get_by_text(name, exact=True).first).to_be_visible()

    async def live() -> bool:
        # The value moves while one looks: what counts is that the page follows it.
        moisture = await stage.number(entity(node, "sensor", "soil_moisture"))
        return await page.get_by_text(f"{moisture:.1f}%").first.is_visible()

    await until(live, 30, "the page shows the moisture of now")


async def test_the_pump_is_switched_on_the_dashboard_and_wets_the_pot(
    stage: Stage, figures: list[str]
) -> None:
    node = await stage.paired_node("Sill", parts=PARTS, plant="basil", seed=2)
    before = await stage.number(entity(node, "sensor", "soil_moisture"))
    await stage.api.until_state(entity(node, "switch", "pump"), "off", within=20)
    await show_nodes(stage.api)
    async with Browser(stage.home.access) as browser:
        tab = await browser.tab(f"/{PATH}/nodes")
        page = tab.page
        await expect(page.get_by_text("Sill", exact=True).first).to_be_visible()
        sill = page.locator("hui-grid-section", has_text="Sill")
        await sill.locator("hui-tile-card", has_text="Pump").get_by_role("switch").first.click()
        await node.wait_for(lambda: bool(node.pulses) and node.pulses[0].end is not None, 30)
        await stage.api.until_state(entity(node, "switch", "pump"), "off", within=20)
        (pulse,) = node.pulses
        assert 4990 <= pulse.ms <= 5010
        wetter = await stage.api.until_state(
            entity(node, "sensor", "soil_moisture"),
            lambda state: float(state) > before + 5,
            within=150,
        )
        figures.append(f"pot at {before} %, after 5 s of pumping {wetter['state']} %")
        assert ours(tab) == []
