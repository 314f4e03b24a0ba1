"""The garden: made on first need, once, and the first plant follows at once."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER, FlowType
from homeassistant.data_entry_flow import FlowResultType

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.flows.garden import GARDEN_ID
from custom_components.plant_vita.protocol.handshake import HARDWARE_ID
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()


async def begin(growing: Growing) -> Any:
    manager = growing.hass.config_entries.flow
    flow = await manager.async_init(DOMAIN, context={"source": SOURCE_USER})
    return await manager.async_configure(flow["flow_id"], {"next_step_id": "garden"})


async def test_the_first_plant_makes_the_garden(growing: Growing) -> None:
    flow = await begin(growing)
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert (flow["title"], flow["data"]) == ("Plants", {"kind": "garden"})
    kind, next_flow = flow["next_flow"]
    assert kind is FlowType.CONFIG_SUBENTRIES_FLOW
    subentries = growing.hass.config_entries.subentries
    plant = await subentries.async_configure(next_flow, {"name": "Basil", "outdoors": False})
    plant = await subentries.async_configure(next_flow, {})
    assert plant["type"] is FlowResultType.CREATE_ENTRY
    await growing.hass.async_block_till_done()
    growing.entry = flow["result"]
    (basil,) = growing.garden.plants.values()
    assert basil.definition.name == "Basil"


async def test_there_is_one_garden(growing: Growing) -> None:
    await growing.grow()
    flow = await begin(growing)
    assert (flow["type"], flow["reason"]) == (FlowResultType.ABORT, "garden_exists")


def test_no_node_can_pass_for_the_garden() -> None:
    assert not HARDWARE_ID.fullmatch(GARDEN_ID)


async def test_what_a_garden_can_do(growing: Growing) -> None:
    await growing.grow()
    assert growing.entry.supports_options
    assert growing.entry.supported_subentry_types == {"plant": {"supports_reconfigure": True}}
    flow = await growing.entry.start_reconfigure_flow(growing.hass)
    assert (flow["type"], flow["reason"]) == (FlowResultType.ABORT, "nothing_to_set")
