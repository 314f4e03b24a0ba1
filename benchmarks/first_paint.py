"""How soon a garden of forty plants is on the screen, beside core's own tile cards."""

import asyncio
import statistics
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import TimeoutError as Late

from scripts.lab.api import Api, Json
from scripts.lab.browser import Browser
from scripts.lab.gardening import add_plant
from scripts.lab.process import Home, provision
from scripts.lab.provision import CONFIGURATION

from .process import BenchmarkError
from .results import Report, Table, Target, ratio

PLANTS = 40
_ROUNDS, _ROUNDS_SAMPLE = 11, 2
_WITHIN_S = 60.0
_SUMMARY = """\
Chromium opens a dashboard of a real Home Assistant with one card for each of 40 plants that have a
moisture sensor: our compact card (health, problem and band of moisture), and core's tile card of
the plant's health. The time runs from the navigation to the frame in which the last of the cards
has its content; the two dashboards take turns."""

_SENSOR = """\
  soil_{number}:
    min: 0
    max: 100
    initial: 45
    unit_of_measurement: "%"
"""

# Runs before anything of the page: looks once in every frame whether all cards are drawn.
_WATCH = """
(() => {
  const drawn = { "plant-vita-card": ".score", "hui-tile-card": "ha-tile-info" };
  const count = (root) => {
    let found = 0;
    for (const one of root.querySelectorAll("*")) {
      const inside = drawn[one.localName];
      if (inside) found += one.shadowRoot?.querySelector(inside) ? 1 : 0;
      else if (one.shadowRoot) found += count(one.shadowRoot);
    }
    return found;
  };
  const look = () => {
    if (count(document) >= %d) window.drawnAfter = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""


def run(*, sample: bool) -> Report:
    """The whole benchmark; its sample has fewer plants, too."""
    plants, rounds = (8, _ROUNDS_SAMPLE) if sample else (PLANTS, _ROUNDS)
    ours, tiles = asyncio.run(_measure(plants, rounds))
    report = Report(name="first_paint", summary=_SUMMARY, sample=sample)
    rows = [
        (name, statistics.median(times), min(times), max(times))
        for name, times in (("Plant Vita, compact", ours), ("core, tile", tiles))
    ]
    columns = ("cards", "ms", "least", "most")
    report.tables.append(
        Table(title=f"{plants} cards, {rounds} loads", columns=columns, rows=[*rows])
    )
    share = ratio(statistics.median(ours), statistics.median(tiles))
    text = f"first paint of {PLANTS} plants ÷ that of core's tile cards"
    report.targets.append(Target(text=text, measured=share, most=1.5))
    return report


async def _measure(plants: int, rounds: int) -> tuple[list[float], list[float]]:
    sensors = "".join(_SENSOR.format(number=number) for number in range(plants))
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="plant-vita-paint-"))) / "home"
        folder.mkdir()
        (folder / "configuration.yaml").write_text(f"{CONFIGURATION}\ninput_number:\n{sensors}")
        access = await provision(folder)
        await stack.enter_async_context(Home(folder=folder))
        api = await stack.enter_async_context(Api(access))
        browser = await stack.enter_async_context(Browser(access))
        await _grow(api, plants)
        paths = await _boards(api, plants)
        times: dict[str, list[float]] = {path: [] for path in paths}
        for turn in range(rounds + 1):
            for path in paths:
                took = await _load(browser, access.url + path, plants)
                # The first load of each compiles what all later ones find in a cache.
                if turn:
                    times[path].append(took)
        return times[paths[0]], times[paths[1]]


async def _grow(api: Api, plants: int) -> None:
    for number in range(plants):
        inputs = {"moisture": [f"input_number.soil_{number}"]}
        await add_plant(api, f"Plant {number}", "monstera_deliciosa", inputs)


async def _boards(api: Api, plants: int) -> list[str]:
    last = f"sensor.plant_{plants - 1}_health"
    await api.until_state(last, str.isdigit, within=_WITHIN_S)
    devices = {one["name"]: one["id"] for one in await api.command("config/device_registry/list")}
    names = [f"Plant {number}" for number in range(plants)]
    cards: dict[str, list[Json]] = {
        "paint-ours": [
            {"type": "custom:plant-vita-card", "device": devices[name], "layout": "compact"}
            for name in names
        ],
        "paint-core": [
            {"type": "tile", "entity": f"sensor.plant_{number}_health"} for number in range(plants)
        ],
    }
    for path, shown in cards.items():
        board = {"title": path, "mode": "storage", "show_in_sidebar": True, "require_admin": False}
        await api.command("lovelace/dashboards/create", url_path=path, **board)
        view = {"type": "sections", "sections": [{"type": "grid", "cards": shown}]}
        await api.command("lovelace/config/save", url_path=path, config={"views": [view]})
    return [f"/{path}/0" for path in cards]


async def _load(browser: Browser, url: str, plants: int) -> float:
    # Logged in on a page that loads nothing, so that the watch is there before the dashboard is.
    tab = await browser.tab("/manifest.json", height=2400)
    page = tab.page
    try:
        await page.add_init_script(_WATCH % plants)
        await page.goto(url, wait_until="commit")
        await page.wait_for_function("window.drawnAfter > 0", timeout=_WITHIN_S * 1000)
        return float(await page.evaluate("window.drawnAfter"))
    except Late as error:
        raise BenchmarkError(f"{url} was not drawn within {_WITHIN_S:g} s") from error
    finally:
        await page.context.close()
