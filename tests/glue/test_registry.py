"""Home Assistant's registries follow what a node says of itself."""

from homeassistant.helpers import device_registry as dr, entity_registry as er

from custom_components.plant_vita.const import DOMAIN
from tests.nodes.fake_node import FakeNode, until
from tests.nodes.home import Home, home_fixture

home = home_fixture()


def unique_ids(home: Home, node: FakeNode) -> set[str]:
    """The channels' entities."""
    entry = home.coordinator(node).config_entry
    found = er.async_entries_for_config_entry(er.async_get(home.hass), entry.entry_id)
    tails = {entity.unique_id.removeprefix(f"{node.hardware_id}_") for entity in found}
    return {tail for tail in tails if tail[:1].isdigit()}


def device(home: Home, node: FakeNode) -> dr.DeviceEntry:
    entry = home.coordinator(node).config_entry
    found = dr.async_get(home.hass).async_get_device_by_identifier(
        (DOMAIN, node.hardware_id), entry.entry_id
    )
    assert found is not None
    return found


def called(home: Home, node: FakeNode, platform: str, tail: str) -> str:
    return home.state(node, platform, tail).name


async def test_the_device_says_what_the_node_says(home: Home) -> None:
    node = home.node()
    await home.add(node)
    shown = device(home, node)
    assert (shown.name, shown.model, shown.sw_version) == ("Kitchen", "esp32dev", "0.1.0")
    assert (shown.manufacturer, shown.serial_number) == ("Plant Vita", "a4cf12000001")
    assert shown.connections == {("mac", "a4:cf:12:00:00:01")}


async def test_a_hardware_id_that_is_no_mac_address_makes_no_connection(home: Home) -> None:
    node = home.node(hardware_id="bench-1", name=None)
    await home.add(node)
    assert device(home, node).connections == set()
    assert device(home, node).name == "Node"


async def test_new_firmware_and_a_new_name_reach_the_device(home: Home) -> None:
    node = home.node()
    await home.add(node)
    await node.connect()
    await node.hello(firmware="0.2.0", name="Pantry", model="esp32c3")
    await until(lambda: device(home, node).sw_version == "0.2.0")
    assert (device(home, node).name, device(home, node).model) == ("Pantry", "esp32c3")


async def test_channels_come_and_go(home: Home) -> None:
    node = home.node(channels=[[0, "m", "Basil"], [1, "t"]])
    await home.add(node)
    await node.connect()
    assert unique_ids(home, node) == {"0_m", "0_m_calibrate_dry", "0_m_calibrate_wet", "1_t"}
    await node.hello(channels=[[0, "m", "Basil"], [10, "lx"], [2, "pump"]])
    await until(
        lambda: (
            unique_ids(home, node)
            == {
                *("0_m", "0_m_calibrate_dry", "0_m_calibrate_wet"),
                *("10_lx", "2_pump", "2_pump_pulse"),
            }
        )
    )
    await node.measures({0: 50, 10: 900})
    await home.shows(node, "sensor", "0_m", "50.0")
    await home.shows(node, "sensor", "10_lx", "900.0")
    assert node.listening


async def test_a_channel_that_comes_back_works_again(home: Home) -> None:
    node = home.node(channels=[[0, "m", "Basil"], [1, "t"]])
    await home.add(node)
    await node.connect()
    await node.hello(channels=[[0, "m", "Basil"]])
    await until(lambda: "1_t" not in unique_ids(home, node))
    await node.hello(channels=[[0, "m", "Basil"], [1, "t"]])
    await until(lambda: "1_t" in unique_ids(home, node))
    await node.measures({1: 21})
    await home.shows(node, "sensor", "1_t", "21.0")


async def test_a_rewired_channel_forgets_what_it_measured(home: Home) -> None:
    node = home.node(channels=[[0, "m"], [1, "st"]])
    await home.add(node)
    await node.connect()
    await node.measures({0: 45, 1: "open"})
    await home.shows(node, "sensor", "0_m", "45.0")
    await home.shows(node, "binary_sensor", "problem", "on")
    await node.hello(channels=[[0, "t"]])
    await until(lambda: home.entity_id(node, "sensor", "0_t"))
    await home.shows(node, "sensor", "0_t", "unknown")
    assert home.state(node, "binary_sensor", "problem").state == "off"
    await node.measures({0: 22})
    await home.shows(node, "sensor", "0_t", "22.0")


async def test_a_new_label_renames_the_entities(home: Home) -> None:
    node = home.node(channels=[[0, "m", "Basil"]])
    entry = await home.add(node)
    assert called(home, node, "sensor", "0_m") == "Kitchen Soil moisture Basil"
    node.background(node.keep_dialling())
    await until(lambda: node.heard_of("hi"))
    node.channels = [[0, "m", "Mint"]]
    await node.hello()
    await until(lambda: called(home, node, "sensor", "0_m") == "Kitchen Soil moisture Mint")
    assert entry.data["node"]["channels"] == [[0, "m", "Mint"]]
    await until(lambda: home.coordinator(node).session and node.heard_of("hi"))
    await node.measures({0: 51})
    await home.shows(node, "sensor", "0_m", "51.0")


async def test_a_second_of_its_kind_makes_numbers(home: Home) -> None:
    node = home.node(channels=[[0, "m"]])
    await home.add(node)
    assert called(home, node, "sensor", "0_m") == "Kitchen Soil moisture"
    node.channels = [[0, "m"], [4, "m"]]
    node.background(node.keep_dialling())
    await until(lambda: called(home, node, "sensor", "0_m") == "Kitchen Soil moisture 1")
    await until(lambda: home.entity_id(node, "sensor", "4_m"))
    assert called(home, node, "sensor", "4_m") == "Kitchen Soil moisture 2"


async def test_a_node_that_says_the_same_again_changes_nothing(home: Home) -> None:
    node = home.node(channels=[[0, "m", "Basil"]])
    entry = await home.add(node)
    before = home.coordinator(node)
    await node.connect()
    await node.hello()
    await node.measures({0: 1})
    await home.shows(node, "sensor", "0_m", "1.0")
    assert home.coordinator(node) is before
    assert entry.state.value == "loaded"
