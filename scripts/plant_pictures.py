"""Pictures of plants: how one is added, how it looks after three weeks, and what is to be done."""

import asyncio
import json
import math
import time
from pathlib import Path

from playwright.async_api import Page

from scripts.lab.api import Api
from scripts.lab.browser import Browser
from scripts.lab.forms import add_integration, choose, finish, open_list, submit, type_name
from scripts.lab.process import Home, provision
from scripts.lab.provision import CONFIGURATION
from scripts.lab.shot import take

SENSORS = """
template:
  - sensor:
      - {name: Window sill soil, unit_of_measurement: "%", device_class: moisture, state: "36"}
      - {name: Window sill temperature, unit_of_measurement: "°C", device_class: temperature,
         state: "21.4"}
      - {name: Window sill humidity, unit_of_measurement: "%", device_class: humidity, state: "52"}
      - {name: Window sill light, unit_of_measurement: "lx", device_class: illuminance,
         state: "3100"}
"""
NAME, SPECIES = "Monstera", "Swiss cheese plant (Monstera deliciosa)"
HOUR_S, DAY_S = 3600, 86_400
WEEK_H, LAST_WATERED_H = 7 * 24, 72
# A pot right after a watering has FLOOR + RISE %, and dries towards FLOOR.
FLOOR, RISE, DRYING_H = 14, 44, 108
NOON = 190.0


async def main(folder: Path) -> None:
    """Add a plant by hand, give it a past, and look at it; `folder` is left to the caller."""
    folder.mkdir()
    (folder / "configuration.yaml").write_text(CONFIGURATION + SENSORS)
    access = await provision(folder)
    home = Home(folder=folder)
    async with home, Browser(access) as browser:
        await _added(browser)
    await asyncio.to_thread(_live_three_weeks, folder)
    async with home, Api(access) as api, Browser(access) as browser:
        await _another(api)
        await _looked_at(browser, api)


async def _added(browser: Browser) -> None:
    tab = await browser.tab("/config/integrations/dashboard", height=900)
    page = tab.page
    await add_integration(page, "Plant Vita", "Plants")
    await type_name(page, NAME)
    await open_list(page, "Species", "monstera")
    await take(page, "plant-species")
    await page.get_by_text(SPECIES, exact=True).last.click()
    await submit(page)
    for field, entity in (
        ("Soil moisture", "soil"),
        ("Light", "light"),
        ("Temperature", "temperature"),
        ("Humidity", "humidity"),
    ):
        await choose(page, field, "Window sill", f"Window sill {entity}")
    await take(page, "plant-sensors")
    await submit(page)
    await finish(page)


def _live_three_weeks(folder: Path) -> None:
    (file,) = folder.glob(".storage/plant_vita.plant.*")
    live_three_weeks(file)


def live_three_weeks(file: Path, watered_h: int = LAST_WATERED_H, noon: float = NOON) -> None:
    """Write a past into a plant's file: a pot that is watered once a week, days and nights.

    watered_h: hours since the last watering. noon: the most light of a day in µmol/m²/s.
    """
    stored = json.loads(file.read_text())
    now = int(time.time())
    ago = range(3 * WEEK_H - 6, 0, -1)
    times = [now - hours * HOUR_S for hours in ago]
    since = [(watered_h - hours) % WEEK_H for hours in ago]
    bright = [max(0.0, 1 - abs((when // HOUR_S) % 24 - 12) / 7) for when in times]
    past = {
        "moisture": [round(FLOOR + RISE * math.exp(-hours / DRYING_H), 2) for hours in since],
        "light": [round(noon * share, 1) for share in bright],
        "temperature": [round(20 + 2.5 * share, 1) for share in bright],
        "humidity": [round(55 - 6 * share, 1) for share in bright],
    }
    stored["data"]["tracks"] = {
        one: {"times": times, "values": values} for one, values in past.items()
    }
    stored["data"]["last"] = {"watered": now - watered_h * HOUR_S, "fed": now - 20 * DAY_S}
    file.write_text(json.dumps(stored))


def hours_since_watering(moisture: float) -> int:
    """When that pot was watered if its soil is as moist (%) as this."""
    hours = -DRYING_H * math.log(max(moisture - FLOOR, 1) / RISE)
    return min(WEEK_H - 1, max(2, round(hours)))


async def _another(api: Api) -> None:
    await add_overdue(api, "Parsley")
    await api.until_state("sensor.monstera_days_to_dry", lambda state: state != "unknown")


async def add_overdue(api: Api, name: str) -> None:
    """A plant without sensors and species whose watering is overdue; its name is one word."""
    entries = await api.command("config_entries/get", domain="plant_vita")
    garden = next(entry["entry_id"] for entry in entries if entry["title"] == "Plants")
    flow = "/api/config/config_entries/subentries/flow"
    step = await api.rest("POST", flow, {"handler": [garden, "plant"]})
    for said in ({"name": name, "outdoors": False}, {}):
        step = await api.rest("POST", f"{flow}/{step['flow_id']}", said)
    await api.until_state(f"button.{name.lower()}_watered", "unknown")
    await note_watering(api, name, days_ago=20)


async def note_watering(api: Api, name: str, *, days_ago: int) -> None:
    """Say when a plant was watered by hand."""
    at = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(time.time() - days_ago * DAY_S))
    data = {"device_id": await device(api, name), "care": "watered", "at": at}
    await api.action("plant_vita.log_care", data)


async def _looked_at(browser: Browser, api: Api) -> None:
    path = f"/config/devices/device/{await device(api, NAME)}"
    tab = await browser.tab(path, height=1000)
    await _shown(tab.page, "Days to dry")
    await take(tab.page, "plant")
    tab = await browser.tab(path, width=390, height=844, dark=True)
    await _shown(tab.page, "Days to dry")
    await tab.page.mouse.wheel(0, 320)
    await take(tab.page, "plant-phone-dark")
    tab = await browser.tab("/todo?entity_id=todo.plants_to_do", width=900, height=420)
    await _shown(tab.page, "Water: Parsley")
    await take(tab.page, "plant-to-do")


async def device(api: Api, name: str) -> str:
    """The device of this name."""
    devices = await api.command("config/device_registry/list")
    return next(str(device["id"]) for device in devices if device["name"] == name)


async def _shown(page: Page, words: str) -> None:
    await page.get_by_text(words).first.wait_for()
