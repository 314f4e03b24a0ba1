"""What a person does with the cards: collected once for each release by the modules that import it.

The plants are real ones, of a node with real firmware in a simulated pot.
"""

import asyncio
import json
import os
from typing import Any

import pytest_asyncio
from playwright.async_api import Page, Route, expect

from firmware.simulator.bench import SimulatedNode
from scripts.environment.layout import FRONTEND
from scripts.lab.browser import Browser, Tab
from scripts.lab.dashboard import show_garden
from scripts.lab.gardening import add_plant
from tests.browser.test_newcomer import PARTS, WITHIN_MS, ours
from tests.e2e.stage import Stage, entity, until

expect.set_options(timeout=WITHIN_MS)

EVIL = "Ficus <img src=x onerror=alert(1)>"
AXE = FRONTEND / "node_modules/axe-core/axe.min.js"
GARDEN = "/plant-garden/garden"
LOADS = 20 if os.environ.get("PLANT_VITA_FULL") == "1" else 6

# axe looks into shadow roots, but has to be told where ours begin.
_JUDGE = """async () => {
  const found = [];
  const walk = (root) => { for (const one of root.querySelectorAll("*")) {
    if (one.localName.startsWith("plant-vita")) found.push(one);
    if (one.shadowRoot) walk(one.shadowRoot);
  } };
  walk(document);
  const { violations, passes } = await axe.run({ include: found });
  return { cards: found.length, passed: passes.length,
           violations: violations.map((one) => `${one.id}: ${one.nodes.map((n) => n.html)}`) };
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def basil(stage: Stage) -> SimulatedNode:
    """A node whose plant has everything measured, two plants without any sensor, a dashboard."""
    node = await stage.paired_node("Sill", parts=PARTS, plant="basil", seed=2)
    measured = {
        "moisture": [entity(node, "sensor", "soil_moisture")],
        "temperature": [entity(node, "sensor", "temperature")],
        "humidity": [entity(node, "sensor", "humidity")],
        "light": [entity(node, "sensor", "light")],
        "pump": entity(node, "switch", "pump"),
    }
    await add_plant(stage.api, "Window basil", "ocimum_basilicum", measured)
    for name, species in (("Monstera", "monstera_deliciosa"), (EVIL, "ficus_lyrata")):
        await add_plant(stage.api, name, species, {})
    await show_garden(stage.api)
    await stage.api.until_state(
        "sensor.window_basil_health", lambda state: state.isdigit(), within=60
    )
    return node


async def device(stage: Stage, name: str) -> str:
    """The device of a plant."""
    devices = await stage.api.command("config/device_registry/list")
    return str(next(one["id"] for one in devices if one["name"] == name))


async def healthy(tab: Tab) -> None:
    """Nothing of ours went wrong on the page, and everybody can use it."""
    await tab.page.add_script_tag(path=AXE)
    judged = await tab.page.evaluate(_JUDGE)
    assert min(judged["cards"], judged["passed"]) > 0, judged
    assert judged["violations"] == []
    assert ours(tab) == []


def card(page: Page, name: str) -> Any:
    """The card of a plant."""
    return page.locator("plant-vita-card", has_text=name).first


async def test_the_garden_builds_itself_light_dark_and_on_a_phone(
    stage: Stage, basil: SimulatedNode
) -> None:
    async with Browser(stage.home.access) as browser:
        for how in ({}, {"dark": True}, {"width": 390, "language": "de"}):
            tab = await browser.tab(GARDEN, **how)
            await expect(card(tab.page, "Window basil")).to_be_visible()
            # The name that would like to be markup is text, and a plant stands in one place.
            await expect(card(tab.page, EVIL)).to_be_visible()
            await expect(tab.page.locator("plant-vita-card")).to_have_count(3)
            assert await tab.page.locator("plant-vita-card img").count() == 0
            await healthy(tab)


async def test_the_page_of_a_plant_and_of_the_nodes(stage: Stage, basil: SimulatedNode) -> None:
    plant = await device(stage, "Window basil")
    async with Browser(stage.home.access) as browser:
        tab = await browser.tab(f"/plant-garden/plant-{plant}")
        shown = card(tab.page, "Window basil")
        for words in ("Ocimum basilicum", "Soil moisture", "target", "Light today", "Air"):
            await expect(shown.get_by_text(words).first).to_be_visible()
        await expect(shown.locator(".chart svg")).to_be_visible()
        await healthy(tab)
        tab = await browser.tab("/plant-garden/nodes")
        await expect(tab.page.locator("plant-vita-node-card", has_text="Sill")).to_be_visible()
        for words in ("Firmware 0.1.0", "Connected", "Last seen"):
            await expect(tab.page.get_by_text(words).first).to_be_visible()
        await healthy(tab)


async def test_a_tap_on_a_plant_leads_to_its_page(stage: Stage, basil: SimulatedNode) -> None:
    plant = await device(stage, "Window basil")
    async with Browser(stage.home.access) as browser:
        tab = await browser.tab(GARDEN)
        await card(tab.page, "Window basil").locator(".head").click()
        await tab.page.wait_for_url(f"**/plant-garden/plant-{plant}")
        await card(tab.page, "Light today").locator(".head").click()
        await expect(tab.page.locator("ha-more-info-info").first).to_be_visible()
        assert ours(tab) == []


async def test_holding_waters_the_pot_and_a_tap_does_not(
    stage: Stage, basil: SimulatedNode, figures: list[str]
) -> None:
    plant = await device(stage, "Window basil")
    async with Browser(stage.home.access) as browser:
        tab = await browser.tab(f"/plant-garden/plant-{plant}")
        shown = card(tab.page, "Window basil")
        button = shown.get_by_role("button", name="Hold to water")
        await expect(button).to_be_visible()
        # Once the chart is there nothing moves away from under the finger.
        await expect(shown.locator(".chart svg")).to_be_visible()
        before = basil.truth()["poured_ml"]
        for _ in range(5):
            await button.click(delay=200)
        await asyncio.sleep(2)
        assert basil.pulses == []
        await button.click(delay=1500)
        await basil.wait_for(lambda: bool(basil.pulses) and basil.pulses[0].end is not None, 40)
        poured = basil.truth()["poured_ml"] - before
        assert poured > 0
        figures.append(f"held for 1.5 s: {poured:.0f} ml in the pot")
        assert ours(tab) == []


async def test_the_card_is_found_in_the_picker_and_has_an_editor(
    stage: Stage, basil: SimulatedNode
) -> None:
    board = {"title": "Own", "mode": "storage", "show_in_sidebar": True, "require_admin": False}
    await stage.api.command("lovelace/dashboards/create", url_path="own-board", **board)
    view = {"title": "Own", "type": "sections", "sections": [{"type": "grid", "cards": []}]}
    await stage.api.command("lovelace/config/save", url_path="own-board", config={"views": [view]})
    async with Browser(stage.home.access) as browser:
        tab = await browser.tab("/own-board/0?edit=1")
        page = tab.page
        await page.get_by_role("button", name="Add card").first.click()
        await page.locator("hui-suggestion-picker input").fill("basil health")
        await page.get_by_text("Health", exact=True).first.click()
        await expect(page.locator("hui-suggestion-picker plant-vita-card").first).to_be_visible()
        await page.get_by_text("By card", exact=True).click()
        await page.locator("hui-card-picker input").first.fill("Plant Vita")
        found = page.locator("hui-card-picker .card", has_text="Plant Vita: plant")
        await found.locator(".overlay").click()
        editor = page.locator("hui-dialog-edit-card")
        await expect(editor.get_by_text("Button to water").first).to_be_visible()
        await expect(editor.locator("plant-vita-card").first).to_be_visible()
        # What is shown while somebody edits must not water anything.
        shown = editor.get_by_role("button", name="Hold to water")
        if await shown.count():
            pulses = len(basil.pulses)
            await shown.first.click(delay=1500, force=True)
            await asyncio.sleep(2)
            assert len(basil.pulses) == pulses
        await page.get_by_role("button", name="Save").first.click()

        async def saved() -> bool:
            config = await stage.api.command("lovelace/config", url_path="own-board")
            return "plant-vita-card" in json.dumps(config)

        await until(saved, 20, "the card is on the dashboard")
        # Previews of core's own cards ask for integrations that this house does not have.
        assert not [problem for problem in ours(tab) if problem != "script: Object"]


async def test_no_load_loses_the_cards(stage: Stage, basil: SimulatedNode) -> None:
    """A script of an integration may run before Home Assistant's app: both orders, many times."""
    async with Browser(stage.home.access) as browser:
        for load in range(LOADS):
            tab = await browser.tab("/manifest.json")  # nothing of ours is loaded yet
            await tab.page.route("**/plant_vita_frontend/**", _slowly if load % 2 else _at_once)
            await tab.page.goto(stage.url + GARDEN, wait_until="commit")
            await expect(card(tab.page, "Window basil")).to_be_visible()
            assert await tab.page.locator("hui-error-card").count() == 0
            assert ours(tab) == []
            await tab.page.context.close()


async def _slowly(route: Route) -> None:
    await asyncio.sleep(0.4)
    await route.continue_()


async def _at_once(route: Route) -> None:
    await route.continue_()
