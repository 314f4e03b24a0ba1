"""Take pictures for the documentation."""

from PIL import Image
from playwright.async_api import Locator, Page

from scripts.environment.layout import ROOT

PICTURES = ROOT / "docs/pictures"
DRAWN_MS = 3000
COLOURS = 128


async def take(page: Page, name: str, only: Locator | None = None) -> None:
    """Take one picture once all is drawn, of a part only if it is given."""
    await page.wait_for_timeout(DRAWN_MS)
    await shoot(page, name, only)


async def shoot(page: Page, name: str, only: Locator | None = None) -> None:
    """Take one picture of this very moment; a palette keeps it small."""
    path = PICTURES / f"{name}.png"
    await (only or page).screenshot(path=path)
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KiB")
