"""One panel for all accounts; a refused key is asked for again."""

import pytest
from homeassistant.const import EVENT_HOMEASSISTANT_STOP

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.model.finding import Outcome
from custom_components.plant_vita.photos.panel import async_follow, async_get_desk
from custom_components.plant_vita.providers.panel import Progress, Stage
from tests.photos.accounts import House, house_fixture

house = house_fixture()


async def test_there_is_one(house: House) -> None:
    assert await async_get_desk(house.hass) is await async_get_desk(house.hass)


async def test_calls_and_answers_outlive_home_assistant(house: House) -> None:
    entry = await house.add("plant_id")
    await house.identify(file=house.photo())
    house.hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await house.settle()
    storage = house.folder / ".storage"
    assert entry.entry_id in (storage / "plant_vita.calls").read_text()
    assert "Monstera deliciosa" in (storage / "plant_vita.answers").read_text()


async def test_a_disk_that_fails_at_the_end_is_only_logged(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await async_get_desk(house.hass)
    (house.folder / ".storage").mkdir(exist_ok=True)
    (house.folder / ".storage" / "plant_vita.answers").mkdir()
    house.hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await house.settle()
    assert "What the services answered is not kept" in caplog.text


async def test_only_a_refused_key_is_asked_for(house: House) -> None:
    entry = await house.add("gemini")
    flows = house.hass.config_entries.flow
    for outcome in (None, Outcome.ANSWERED, Outcome.DOWN, Outcome.QUOTA):
        told = Progress(stage=Stage.ANSWERED, seat=entry.entry_id, outcome=outcome)
        async_follow(house.hass, told)
    await house.settle()
    assert flows.async_progress_by_handler(DOMAIN) == []
    gone = Progress(stage=Stage.ANSWERED, seat="removed", outcome=Outcome.KEY)
    async_follow(house.hass, gone)
    refused = Progress(stage=Stage.ANSWERED, seat=entry.entry_id, outcome=Outcome.FORBIDDEN)
    async_follow(house.hass, refused)
    await house.settle()
    assert [flow["step_id"] for flow in flows.async_progress_by_handler(DOMAIN)] == ["key"]
