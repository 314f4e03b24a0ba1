"""What a person does with a mouse and a keyboard in Home Assistant's dialogs."""

from playwright.async_api import Page

FORM = "step-flow-form"


async def add_integration(page: Page, name: str, way: str) -> None:
    """From the page of all integrations to the first form of a way from an integration's menu."""
    await page.get_by_role("button", name="Add integration").click()
    await page.get_by_placeholder("Search for a brand name").fill(name)
    await page.get_by_text(name, exact=True).last.click()
    await page.get_by_text(way, exact=True).last.click()


async def type_name(page: Page, name: str) -> None:
    """Fill in the first field of a form."""
    await page.locator(f"{FORM} input").first.fill(name)


async def open_list(page: Page, field: str, query: str) -> None:
    """Open the list of the field with this label, and type into its search."""
    picker = page.locator(f"{FORM} ha-selector", has_text=field).first
    await picker.locator("ha-picker-field").first.click()
    await page.get_by_placeholder("Search").last.fill(query)


async def choose(page: Page, field: str, query: str, option: str) -> None:
    """Choose from the list of a field: `option` is the line that is clicked."""
    await open_list(page, field, query)
    await page.get_by_text(option, exact=True).last.click()


async def submit(page: Page) -> None:
    """Go on to the next form."""
    await page.get_by_role("button", name="Submit").click()


async def finish(page: Page) -> None:
    """Close the last page of a dialog."""
    await page.get_by_role("button", name="Finish").click()
