"""No key is written anywhere that Home Assistant shows: every account, action and fault."""

import json
import logging
import os
import traceback
from typing import Any

import pytest
from homeassistant.const import MATCH_ALL
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er, issue_registry as ir

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.diagnostics import async_get_config_entry_diagnostics
from custom_components.plant_vita.photos.entry import async_learnt_species
from scripts.lab.clouds.databases import RARE
from scripts.lab.clouds.every import CLOUDS
from scripts.lab.clouds.server import Fault
from tests.photos.accounts import House, house_fixture, picture
from tests.photos.house_model import add_model, set_up_model
from tests.photos.planted import device_in, planted
from tests.providers.test_secrets import CANARIES, OTHERS

house = house_fixture()
# Half of the services know a key and half do not; all ten with PLANT_VITA_FULL=1.
TRIED = CANARIES if os.environ.get("PLANT_VITA_FULL") == "1" else CANARIES[:1]
FAULTS = (None, Fault.S401, Fault.S429, Fault.GARBAGE, Fault.RESET)


class Everything:
    """All that is logged, fired, answered and raised."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.told: list[str] = []
        house.hass.bus.async_listen(MATCH_ALL, lambda event: self.told.append(repr(event)))

    async def do(self, action: str, **data: Any) -> None:
        try:
            answer = await self.house.hass.services.async_call(
                DOMAIN, action, data, blocking=True, return_response=True
            )
        except HomeAssistantError as error:
            self.told.append("".join(traceback.format_exception(error)) + repr(error))
        else:
            self.told.append(json.dumps(answer))
        await self.house.settle()

    async def look(self) -> str:
        """What pages, files and other integrations can see."""
        hass = self.house.hass
        self.told += [repr(state.as_dict()) for state in hass.states.async_all()]
        self.told += [repr(one) for one in ir.async_get(hass).issues.values()]
        self.told += [repr(one) for one in er.async_get(hass).entities.values()]
        for entry in hass.config_entries.async_entries(DOMAIN):
            self.told.append(json.dumps(await async_get_config_entry_diagnostics(hass, entry)))
            self.told.append(f"{entry.title} {entry.unique_id} {entry!r}")
        for flow in hass.config_entries.flow.async_progress():
            self.told.append(repr(flow))
        kept = sorted((self.house.folder / ".storage").rglob("plant_vita*"))
        self.told += [one.read_text(errors="replace") for one in kept if one.is_file()]
        return "\n".join(self.told)


@pytest.mark.parametrize("canary", TRIED)
async def test_no_key_is_shown(house: House, caplog: pytest.LogCaptureFixture, canary: str) -> None:
    caplog.set_level(logging.DEBUG)
    everything = Everything(house)
    garden = await planted(house, 2)
    device = device_in(house, garden).id
    for number, kind in enumerate(CLOUDS, CANARIES.index(canary)):
        house.clouds[kind].keys = ("another",) if number % 2 else (canary,)
        await house.add(kind, canary)
    await set_up_model(house.hass)
    await add_model(house.hass)
    for number, fault in enumerate(FAULTS):
        for cloud in house.clouds.values():
            cloud.fail(fault)
        # Another photo and another question each time: nothing is answered from memory.
        photo = house.photo(f"{number}.jpg", picture(number + 1))
        await everything.do("identify", file=photo)
        await everything.do("diagnose", device_id=device, file=photo)
        await everything.do("ask", device_id=device, question=f"Why? {number}")
        await everything.do("care_instructions", device_id=device)
        await async_learnt_species(house.hass, f"{RARE}{number}")
        for entry in house.hass.config_entries.async_loaded_entries(DOMAIN):
            if entry.data["kind"] == "provider":
                await entry.runtime_data.async_refresh()
    await house.settle()
    asked = "".join(str(call) for cloud in house.clouds.values() for call in cloud.calls)
    assert canary in asked
    shown = await everything.look()
    assert "plant_vita_identified" in shown
    assert canary not in shown
    logged = "\n".join(
        f"{one.name} {one.getMessage()} {one.exc_text or ''}"
        for one in caplog.records
        if not one.name.startswith(OTHERS)
    )
    assert "provider_key" in logged
    assert canary not in logged
