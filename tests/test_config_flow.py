"""The config flow as Home Assistant finds it; its steps are tested in tests/flows."""

import pytest
from homeassistant.config_entries import HANDLERS, SOURCE_USER, ConfigFlow
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.loader import async_get_integration

from custom_components.plant_vita.config_flow import PlantVitaConfigFlow
from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.flows.cable import CableSteps
from custom_components.plant_vita.flows.wiring import NodeOptionsFlow
from tests.nodes.fake_node import CODE
from tests.nodes.home import Home, home_fixture

home = home_fixture()


async def test_the_handler_is_ours(home: Home) -> None:
    assert HANDLERS[DOMAIN] is PlantVitaConfigFlow
    assert (PlantVitaConfigFlow.VERSION, PlantVitaConfigFlow.MINOR_VERSION) == (1, 1)


async def test_by_hand_it_asks_how_the_node_is_connected(home: Home) -> None:
    node = home.node()
    node.background(node.keep_dialling())
    manager = home.hass.config_entries.flow
    flow = await manager.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert flow["type"] is FlowResultType.MENU
    assert flow["menu_options"][:2] == ["node", "cable"]
    flow = await manager.async_configure(flow["flow_id"], {"next_step_id": "node"})
    assert flow["type"] is FlowResultType.SHOW_PROGRESS
    while flow["type"] is FlowResultType.SHOW_PROGRESS:
        await home.hass.async_block_till_done()
        flow = await manager.async_configure(flow["flow_id"])
    assert flow["step_id"] == "choose"
    flow = await manager.async_configure(flow["flow_id"], {"node": node.hardware_id})
    flow = await manager.async_configure(flow["flow_id"], {"code": CODE})
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    entry = flow["result"]
    assert (entry.version, entry.minor_version) == (1, 1)
    options = await home.hass.config_entries.options.async_init(entry.entry_id)
    assert options["type"] is FlowResultType.MENU


async def test_what_an_entry_can_do(home: Home) -> None:
    entry = await home.add(home.node())
    assert isinstance(PlantVitaConfigFlow.async_get_options_flow(entry), NodeOptionsFlow)
    assert entry.supports_options
    assert entry.supports_reconfigure
    assert entry.supported_subentry_types == {}


@pytest.mark.parametrize("source", ["dhcp", "zeroconf", "usb"])
async def test_every_discovery_of_the_manifest_has_its_step(home: Home, source: str) -> None:
    integration = await async_get_integration(home.hass, DOMAIN)
    assert integration.manifest[source]
    assert hasattr(CableSteps, f"async_step_{source}")
    ours = getattr(PlantVitaConfigFlow, f"async_step_{source}")
    assert ours is not getattr(ConfigFlow, f"async_step_{source}")
