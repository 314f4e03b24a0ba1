"""Asking about a photo and looking at what was kept: collected by the modules that import it."""

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio
from aiohttp import ClientSession, FormData
from playwright.async_api import Locator, Page, expect

from firmware.simulator.bench import SimulatedNode
from scripts.development.clouds import subscribe
from scripts.lab.browser import Browser, Tab
from scripts.lab.clouds.pictures import jpeg, plant
from scripts.lab.clouds.plant_id import PlantIdCloud
from scripts.lab.clouds.plantnet import PlantNetCloud
from scripts.lab.people import move_in
from scripts.photo_pictures import give
from tests.browser.cards import GARDEN, card, device, healthy
from tests.e2e.stage import Stage

# A camera that shows what was sent to it last; in this house it hangs over the window sill.
HOOK = "over-the-sill"
CAMERA = f"""
camera:
  - platform: push
    name: Over the sill
    webhook_id: {HOOK}
"""
MARKUP = "<img src=x onerror=alert(1)>"
PHOTO = jpeg(plant(3, (800, 600)))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cloud(stage: Stage, basil: SimulatedNode) -> AsyncIterator[PlantIdCloud]:
    """Two accounts; what their services say has markup wherever it may."""
    first, second = PlantIdCloud(), PlantNetCloud()
    first.delay = second.delay = (0.3, 0.6)
    first.description = f"Roots {MARKUP} rot."
    first.asks = f"Is the soil wet {MARKUP}?"
    running = {"plant_id": first, "plantnet": second}
    for one in running.values():
        await one.start()
    try:
        assert await subscribe(stage.api, running) == ["Plant.id", "Pl@ntNet"]
        yield first
    finally:
        for one in running.values():
            await one.stop()


async def opened(tab: Tab, name: str) -> Locator:
    """The dialog of a plant, on the plant's page."""
    await card(tab.page, name).get_by_role("button", name="Ask about a photo").click()
    dialog = tab.page.locator("plant-vita-photo-dialog")
    await expect(dialog.get_by_role("heading", name=name)).to_be_visible()
    return dialog


async def filmed(stage: Stage, data: bytes) -> None:
    """Have the camera see this."""
    form = FormData()
    form.add_field("image", data, filename="sill.jpg", content_type="image/jpeg")
    address = f"{stage.url}/api/webhook/{HOOK}"
    async with ClientSession() as session, session.post(address, data=form) as answer:
        assert answer.status == 200


async def asked(dialog: Locator, what: str) -> None:
    """Ask about the photo that is there."""
    await dialog.get_by_role("button", name=what).click()
    await expect(dialog.get_by_text("The photo goes to Plant.id")).to_be_visible()
    await dialog.get_by_role("button", name="Ask", exact=True).click()


async def plain(page: Page, dialog: Locator) -> None:
    """Whatever was said is text: the only picture is the photo."""
    assert await dialog.locator("img").count() == 1
    assert await page.locator("img[src=x]").count() == 0


async def test_from_the_upload_to_the_assigned_species(
    stage: Stage, basil: SimulatedNode, cloud: PlantIdCloud
) -> None:
    page_of_plant = f"/plant-garden/plant-{await device(stage, 'Window basil')}"
    async with Browser(stage.home.access) as browser:
        tab = await browser.tab(page_of_plant)
        dialog = await opened(tab, "Window basil")
        await give(dialog, PHOTO)
        await asked(dialog, "Which plant is it?")
        await expect(dialog.get_by_role("progressbar")).to_be_visible()
        await expect(dialog.get_by_text("Plant.id is asked…")).to_be_visible()
        await expect(dialog.get_by_text("Swiss cheese plant").first).to_be_visible()
        await expect(dialog.get_by_text("Sets soil moisture from 25 to 55 %")).to_be_visible()
        await plain(tab.page, dialog)
        await healthy(tab)
        await dialog.get_by_role("button", name="Use this species").click()
        await expect(
            dialog.get_by_text("Window basil is now a Swiss cheese plant.")
        ).to_be_visible()
        await dialog.get_by_role("button", name="Close").last.click()
        await expect(dialog).to_have_count(0)
        shown = card(tab.page, "Monstera deliciosa")
        await expect(shown.get_by_text("Monstera deliciosa")).to_be_visible()
    assert cloud.posts == 1


async def test_what_ails_it_and_the_question_back(
    stage: Stage, basil: SimulatedNode, cloud: PlantIdCloud
) -> None:
    page_of_plant = f"/plant-garden/plant-{await device(stage, 'Window basil')}"
    async with Browser(stage.home.access) as browser:
        tab = await browser.tab(page_of_plant, width=390, height=844, dark=True)
        await filmed(stage, PHOTO)
        dialog = await opened(tab, "Window basil")
        await dialog.get_by_role("button", name="Over the sill").click()
        before = cloud.posts
        await asked(dialog, "What ails it?")
        await expect(dialog.get_by_text("Too much water").first).to_be_visible()
        await expect(dialog.get_by_text("Is the soil wet")).to_be_visible()
        await plain(tab.page, dialog)
        await healthy(tab)
        await dialog.get_by_role("button", name="Yes").click()
        await expect(dialog.get_by_text("Nothing left the house for this answer.")).to_be_visible()
        await expect(dialog.get_by_text("Is the soil wet")).to_have_count(0)
        assert cloud.posts == before + 1
        # What was found stays with the photo: in the dialog, and in the card behind it.
        await dialog.get_by_role("button", name="Growth").click()
        await _found(dialog)
        await healthy(tab)
        # Nothing sticks out on a phone, and the keyboard closes it.
        assert (
            await dialog.evaluate(
                "(one) => { const box = one.shadowRoot.querySelector('dialog');"
                " return box.scrollWidth - box.clientWidth; }"
            )
            <= 0
        )
        await tab.page.keyboard.press("Escape")
        await expect(dialog).to_have_count(0)
        await _found(tab.page.locator("plant-vita-timeline-card"))
        # A keyboard goes on from where it was opened.
        assert await tab.page.evaluate("document.activeElement.localName") == "home-assistant"


async def _found(timeline: Locator) -> None:
    await expect(timeline.get_by_text("Too much water").first).to_be_visible()
    await expect(timeline.get_by_text("Green area").first).to_be_visible()


async def test_what_cannot_be_asked_is_said_in_the_readers_language(
    stage: Stage, basil: SimulatedNode, cloud: PlantIdCloud
) -> None:
    async with Browser(stage.home.access) as browser:
        tab = await browser.tab(GARDEN, language="de")
        await tab.page.get_by_role("button", name="Zu einem Foto fragen").click()
        dialog = tab.page.locator("plant-vita-photo-dialog")
        before = cloud.posts
        await give(dialog, b"this is no photo")
        await dialog.get_by_role("button", name="Fragen", exact=True).click()
        told = dialog.get_by_role("alert")
        await expect(told).to_contain_text("JPEG")
        await healthy(tab)
        assert cloud.posts == before


TIGHT = """foot => {
    const button = foot.lastElementChild.shadowRoot.querySelector("button");
    foot.style.width = `${foot.firstElementChild.offsetWidth + 12 + button.offsetWidth + 1}px`;
}"""


async def test_a_guest_may_look_but_not_water_nor_ask(
    stage: Stage, basil: SimulatedNode, cloud: PlantIdCloud
) -> None:
    guest = await move_in(stage.api, stage.home.access, "Guest")
    page_of_plant = f"/plant-garden/plant-{await device(stage, 'Window basil')}"
    pulses = len(basil.pulses)
    async with Browser(guest) as browser:
        tab = await browser.tab(page_of_plant)
        shown = card(tab.page, "Window basil")
        await expect(shown.locator(".chart svg")).to_be_visible()
        # No room to spare: the longer words of a held button must not wrap from under the finger.
        await shown.locator(".foot").evaluate(TIGHT)
        await shown.get_by_role("button", name="Hold to water").click(delay=1500)
        await expect(shown.get_by_text("Could not water")).to_be_visible()
        dialog = await opened(tab, "Window basil")
        refused = "You may look at this plant, but not ask about it."
        await expect(dialog.get_by_text(refused)).to_be_visible()
        await healthy(tab)
        await asyncio.sleep(1)
    assert len(basil.pulses) == pulses
