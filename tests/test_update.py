"""The firmware of a node on the screen, and what a person is told when it is to be replaced."""

import pytest
from homeassistant.components.update import UpdateEntityFeature
from homeassistant.core import Event, EventStateChangedData, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er

from scripts.firmware_image import IMAGE
from tests.nodes.fake_node import until
from tests.nodes.home import Home, home_fixture
from tests.nodes.updating import Taker

home = home_fixture()

LATEST = "0.1.0"


async def taker_of(home: Home, firmware: str = "0.0.9") -> Taker:
    taker = Taker(home.node(firmware=firmware))
    await home.add(taker.node)
    await taker.node.connect()
    await home.hass.async_block_till_done()
    return taker


async def test_an_older_firmware_is_replaced_and_its_progress_shown(home: Home) -> None:
    taker = await taker_of(home)
    state = home.state(taker.node, "update", "firmware")
    assert state.name == "Kitchen Firmware"
    assert state.state == "on"
    assert state.attributes["installed_version"] == "0.0.9"
    assert state.attributes["latest_version"] == LATEST
    assert state.attributes["device_class"] == "firmware"
    entity = er.async_get(home.hass).async_get(state.entity_id)
    assert entity is not None
    assert entity.entity_category == "config"
    seen: list[int | None] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        shown = event.data["new_state"]
        attributes = shown.attributes if shown else {}
        if attributes.get("in_progress"):
            seen.append(attributes["update_percentage"])

    def restart() -> None:
        taker.node.background(taker.restarts(LATEST))

    home.hass.bus.async_listen("state_changed", note)
    taker.after = restart
    await home.call("update.install", state.entity_id)
    await home.shows(taker.node, "update", "firmware", "off")
    state = home.state(taker.node, "update", "firmware")
    assert state.attributes["installed_version"] == LATEST
    assert state.attributes["in_progress"] is False
    assert taker.data == IMAGE.read_bytes()
    assert seen[:2] == [None, 0]
    numbers = [number for number in seen if number is not None]
    assert numbers == sorted(numbers)
    assert numbers[-1] == 100
    assert len(numbers) > 20


@pytest.mark.parametrize("firmware", [LATEST, "9.0.0", "my own"])
async def test_what_is_not_older_is_left_alone(home: Home, firmware: str) -> None:
    taker = await taker_of(home, firmware)
    state = home.state(taker.node, "update", "firmware")
    assert state.state == "off"
    assert state.attributes["latest_version"] == firmware


async def test_a_node_that_takes_none_has_no_such_entity_until_it_does(home: Home) -> None:
    node = home.node(firmware="0.0.9")
    await home.add(node)
    await node.connect()
    assert home.entity_id(node, "update", "firmware") is None
    for kind in ("kettle", "esp32"):
        await node.hello(image=kind)
    await until(lambda: home.entity_id(node, "update", "firmware"))
    await home.hass.async_block_till_done()
    features = home.state(node, "update", "firmware").attributes["supported_features"]
    assert features == UpdateEntityFeature.INSTALL | UpdateEntityFeature.PROGRESS
    await node.hello(image=None)
    await until(
        lambda: home.state(node, "update", "firmware").attributes["supported_features"] == 0
    )
    with pytest.raises(HomeAssistantError):
        await home.call("update.install", home.entity_id(node, "update", "firmware"))


@pytest.mark.parametrize("word", ["old", "off", "full", "hash"])
async def test_a_no_is_told(home: Home, word: str) -> None:
    taker = await taker_of(home)
    taker.answers = [{"err": word}]
    with pytest.raises(ServiceValidationError) as caught:
        await home.call("update.install", home.entity_id(taker.node, "update", "firmware"))
    assert caught.value.translation_key == f"refused_{word}"
    assert home.state(taker.node, "update", "firmware").attributes["in_progress"] is False


async def test_one_that_was_undone_is_told(home: Home) -> None:
    taker = await taker_of(home)
    taker.after = lambda: taker.node.background(taker.restarts("0.0.9")) and None
    with pytest.raises(HomeAssistantError) as caught:
        await home.call("update.install", home.entity_id(taker.node, "update", "firmware"))
    assert caught.value.translation_key == "update_undone"
    await home.shows(taker.node, "update", "firmware", "on")


async def test_it_ends_with_the_entry(home: Home) -> None:
    taker = await taker_of(home)
    taker.answers = [None]
    entity_id = home.entity_id(taker.node, "update", "firmware")
    installing = home.hass.async_create_task(home.call("update.install", entity_id))
    await until(lambda: taker.asked)
    entry = home.coordinator(taker.node).config_entry
    await home.hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(HomeAssistantError) as caught:
        await installing
    assert caught.value.translation_key == "not_connected"
