"""Plants with a mouse and a keyboard: added, looked at, changed, cared for; on a phone, too."""

from datetime import datetime, timedelta

import pytest
from playwright.async_api import Page, expect

from scripts.lab.browser import Browser, Tab
from scripts.lab.forms import add_integration, choose, finish, submit, type_name
from scripts.lab.provision import CONFIGURATION
from tests.e2e.stage import Stage, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

SENSORS = """
template:
  - sensor:
      - name: Kitchen soil
        unit_of_measurement: "%"
        device_class: moisture
        state: "{{ 41 }}"
      - name: Kitchen air
        unit_of_measurement: "°F"
        device_class: temperature
        state: "{{ 70 }}"
"""
STAGE = {"configuration": CONFIGURATION + SENSORS}
expect.set_options(timeout=30_000)
HEALTH = "sensor.monstera_health"
LEFT_BEHIND = "script: disconnected"  # what Home Assistant's frontend says when a page is left


def ours(tab: Tab) -> list[str]:
    """What went wrong on a page and has to do with us."""
    return [
        problem
        for problem in tab.problems
        if "plant_vita" in problem or (problem.startswith("script:") and problem != LEFT_BEHIND)
    ]


async def test_the_first_plant_is_added_with_its_species_and_sensors(stage: Stage) -> None:
    async with Browser(stage.home.access) as browser:
        tab = await browser.tab("/config/integrations/dashboard")
        page = tab.page
        await add_integration(page, "Plant Vita", "Plants")
        await type_name(page, "Monstera")
        await choose(page, "Species", "swiss cheese", "Swiss cheese plant (Monstera deliciosa)")
        # What was chosen is shown as people call it.
        chosen = page.locator("step-flow-form ha-selector", has_text="Species").first
        await expect(chosen).to_contain_text("Swiss cheese plant")
        await submit(page)
        await expect(page.get_by_text("What the plant is bound to")).to_be_visible()
        await choose(page, "Soil moisture", "kitchen", "Kitchen soil")
        await choose(page, "Temperature", "kitchen", "Kitchen air")
        await submit(page)
        await expect(page.get_by_text("Created configuration for Monstera")).to_be_visible()
        await finish(page)
        await stage.api.until_state(HEALTH, "100", within=30)

        # On a page of its own: closing a dialog goes back in the history of the old one.
        found = await browser.tab(f"/config/devices/device/{await device(stage, 'Monstera')}")
        page = found.page
        for shown in ("Monstera deliciosa", "Health", "Problem", "Days to dry"):
            await expect(page.get_by_text(shown, exact=True).first).to_be_visible()
        for value in ("100%", "OK"):
            await expect(page.get_by_text(value).first).to_be_visible()
        assert ours(tab) == []


async def device(stage: Stage, name: str) -> str:
    devices = await stage.api.command("config/device_registry/list")
    (found,) = (one["id"] for one in devices if one["name"] == name)
    return str(found)


async def test_a_plant_is_changed_and_keeps_what_was_known(stage: Stage) -> None:
    await stage.api.action("button.press", target={"entity_id": "button.monstera_watered"})
    watered = "sensor.monstera_last_watered"
    before = await stage.api.until_state(watered, lambda state: state != "unknown")
    async with Browser(stage.home.access) as browser:
        tab = await browser.tab("/config/integrations/integration/plant_vita")
        page = tab.page
        await page.get_by_role("button", name="Change plant").click()
        field = page.locator("step-flow-form input").first
        await expect(field).to_have_value("Monstera")
        species = page.locator("step-flow-form ha-selector", has_text="Species").first
        await expect(species).to_contain_text("Swiss cheese plant")
        await field.fill("Big leaf")
        await submit(page)
        await expect(page.get_by_text("Kitchen soil").first).to_be_visible()
        await submit(page)
        await expect(page.get_by_text("Reconfiguration was successful")).to_be_visible()
        await expect(page.get_by_text("Big leaf").first).to_be_visible()
        assert ours(tab) == []
    assert await stage.state(watered) == before["state"]
    assert await stage.state(HEALTH) == "100"


async def test_what_is_due_is_ticked_off_the_list_and_stands_in_the_calendar(stage: Stage) -> None:
    await add_by_hand(stage, "Parsley")
    plant = await device(stage, "Parsley")
    late = (datetime.now() - timedelta(days=30)).replace(microsecond=0)  # noqa: DTZ005 - local
    data = {"device_id": plant, "care": "watered", "at": late.isoformat(sep=" ")}
    await stage.api.action("plant_vita.log_care", data)
    await stage.api.until_state("binary_sensor.parsley_problem", "on", within=20)
    async with Browser(stage.home.access) as browser:
        tab = await browser.tab("/todo?entity_id=todo.plants_to_do")
        page = tab.page
        line = page.get_by_text("Water: Parsley")
        await expect(line).to_be_visible()
        await page.goto(f"{stage.url}/calendar")
        await expect(page.get_by_text("Water: Parsley").first).to_be_visible()
        await page.goto(f"{stage.url}/todo?entity_id=todo.plants_to_do")
        item = page.locator("ha-check-list-item", has_text="Water: Parsley")
        await item.locator("ha-checkbox").first.click()
        await expect(line).to_have_count(0)
        assert ours(tab) == []
    await stage.api.until_state("binary_sensor.parsley_problem", "off", within=20)


async def add_by_hand(stage: Stage, name: str) -> None:
    entries = await stage.entries()
    flow = "/api/config/config_entries/subentries/flow"
    handler = [entries["Plants"]["entry_id"], "plant"]
    step = await stage.api.rest("POST", flow, {"handler": handler})
    for said in ({"name": name, "outdoors": False}, {}):
        step = await stage.api.rest("POST", f"{flow}/{step['flow_id']}", said)
    assert step["type"] == "create_entry"

    async def there() -> bool:
        return f"button.{name.lower()}_watered" in await stage.api.states()

    await until(there, 20, f"{name} is there")


async def test_nothing_is_cut_off_on_a_phone(stage: Stage) -> None:
    plant = f"/config/devices/device/{await device(stage, 'Parsley')}"
    pages = (
        (plant, "Next watering", True),
        ("/todo?entity_id=todo.plants_to_do", "Plants To do", False),
        ("/config/integrations/integration/plant_vita", "Parsley", True),
    )
    async with Browser(stage.home.access) as browser:
        for path, words, dark in pages:
            tab = await browser.tab(path, width=390, height=844, dark=dark)
            await expect(tab.page.get_by_text(words, exact=True).first).to_be_visible()
            assert await _sticks_out(tab.page) == 0
            assert ours(tab) == []


async def _sticks_out(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    wider: int = await page.evaluate(
        "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
    )
    return wider
