"""The options of a node: sent at once, and again whenever it comes back."""

from typing import Any

import pytest
from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
from homeassistant.data_entry_flow import FlowResultType, InvalidData

from tests.nodes.fake_node import FakeNode, until
from tests.nodes.home import Home, home_fixture

home = home_fixture()

CHANNELS = [[0, "m", "Basil"], [1, "m"], [2, "pump"], [3, "tank"], [4, "st"]]


async def choose(home: Home, entry: ConfigEntry, step: str) -> ConfigFlowResult:
    menu = await home.hass.config_entries.options.async_init(entry.entry_id)
    assert (menu["type"], menu["menu_options"]) == (FlowResultType.MENU, ["rhythm", "channel"])
    return await submit(home, menu, next_step_id=step)


async def submit(home: Home, flow: ConfigFlowResult, **typed: Any) -> ConfigFlowResult:
    return await home.hass.config_entries.options.async_configure(flow["flow_id"], typed)


def suggested(form: ConfigFlowResult) -> dict[str, Any]:
    return {
        str(field): (field.description or {}).get("suggested_value")
        for field in form["data_schema"].schema
    }


@pytest.fixture
async def node(home: Home) -> FakeNode:
    node = home.node(channels=CHANNELS, every=60)
    await home.add(node, options={"pulses": {"2": 3.0}})
    await node.connect()
    return node


@pytest.fixture
def entry(home: Home, node: FakeNode) -> ConfigEntry:
    return home.coordinator(node).config_entry


async def test_a_rhythm_reaches_the_node_now_and_at_its_return(
    home: Home, node: FakeNode, entry: ConfigEntry
) -> None:
    form = await choose(home, entry, "rhythm")
    assert suggested(form) == {"every": 60}
    assert (await submit(home, form, every=600.0))["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == {"pulses": {"2": 3.0}, "every": 600}
    told = [{"op": "config", "set": {"every": 600}}]
    await until(lambda: node.commands == told)
    await node.connect()
    await until(lambda: node.commands == told)
    assert suggested(await choose(home, entry, "rhythm")) == {"every": 600}


async def test_a_rhythm_can_be_left_to_the_node_again(
    home: Home, node: FakeNode, entry: ConfigEntry
) -> None:
    await submit(home, await choose(home, entry, "rhythm"), every=600)
    await submit(home, await choose(home, entry, "rhythm"))
    assert entry.options == {"pulses": {"2": 3.0}}


@pytest.mark.parametrize("seconds", [4, 86_401])
async def test_a_rhythm_beyond_the_protocol_is_refused(
    home: Home, entry: ConfigEntry, seconds: int
) -> None:
    form = await choose(home, entry, "rhythm")
    with pytest.raises(InvalidData):
        await submit(home, form, every=seconds)


async def test_a_filter_reaches_its_channel(home: Home, node: FakeNode, entry: ConfigEntry) -> None:
    form = await choose(home, entry, "channel")
    (field,) = form["data_schema"].schema.values()
    assert [(one["value"], one["label"]) for one in field.config["options"]] == [
        ("0", "Soil moisture Basil"),
        ("1", "Soil moisture 2"),
        ("4", "Soil temperature"),
    ]
    form = await submit(home, form, channel="1")
    assert suggested(form) == {"median": None, "dead_band": None, "heartbeat": None}
    fields = form["data_schema"].schema.values()
    assert [field.config["step"] for field in fields] == [1, "any", 1]
    await submit(home, form, median=5.0, dead_band=0.5, heartbeat=600.0)
    settings = {"median": 5, "dead_band": 0.5, "heartbeat": 600}
    assert entry.options["channels"] == {"1": settings}
    kept = entry.options["channels"]["1"]
    assert [type(kept[name]) for name in settings] == [int, float, int]
    await until(
        lambda: (
            node.commands == [{"op": "config", "ch": 1, "set": {"med": 5, "db": 0.5, "hb": 600}}]
        )
    )
    form = await submit(home, await choose(home, entry, "channel"), channel="1")
    assert suggested(form) == settings


@pytest.mark.parametrize("median", [2, 30, 3.6])
async def test_an_even_median_is_refused(home: Home, entry: ConfigEntry, median: float) -> None:
    form = await submit(home, await choose(home, entry, "channel"), channel="0")
    form = await submit(home, form, median=median, dead_band=1)
    assert form["errors"] == {"median": "median_even"}
    assert suggested(form) == {"median": median, "dead_band": 1, "heartbeat": None}
    assert (await submit(home, form, median=3))["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options["channels"] == {"0": {"median": 3}}


async def test_an_emptied_filter_gives_the_node_its_own_back(
    home: Home, node: FakeNode, entry: ConfigEntry
) -> None:
    form = await submit(home, await choose(home, entry, "channel"), channel="0")
    await submit(home, form, median=3)
    await until(lambda: len(node.commands) == 1)
    form = await submit(home, await choose(home, entry, "channel"), channel="0")
    await submit(home, form)
    told = {"op": "config", "ch": 0, "set": {}}
    await until(lambda: node.commands[1:] == [told])
    await node.connect()
    await until(lambda: node.commands == [told])


async def test_other_channels_keep_their_filters(home: Home, entry: ConfigEntry) -> None:
    for channel, median in (("0", 3), ("4", 7)):
        form = await submit(home, await choose(home, entry, "channel"), channel=channel)
        await submit(home, form, median=median)
    assert entry.options["channels"] == {"0": {"median": 3}, "4": {"median": 7}}


async def test_a_node_without_inputs_has_no_filters(home: Home) -> None:
    node = home.node(channels=[[2, "pump"]])
    entry = await home.add(node)
    result = await choose(home, entry, "channel")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "no_inputs")


async def test_inputs_are_named_in_the_language_of_the_house(home: Home) -> None:
    await home.hass.config.async_update(language="de")
    await home.hass.async_block_till_done()
    entry = await home.add(home.node(channels=[[0, "m", "Basil"], [1, "m"], [2, "lx"]]))
    form = await choose(home, entry, "channel")
    (field,) = form["data_schema"].schema.values()
    assert [one["label"] for one in field.config["options"]] == [
        "Bodenfeuchte Basil",
        "Bodenfeuchte 2",
        "Licht",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("median", 0),
        ("median", 32),
        ("dead_band", -0.1),
        ("dead_band", 10_001),
        ("heartbeat", 9),
        ("heartbeat", 86_401),
    ],
)
async def test_a_filter_beyond_sense_is_refused(
    home: Home, entry: ConfigEntry, name: str, value: float
) -> None:
    form = await submit(home, await choose(home, entry, "channel"), channel="0")
    with pytest.raises(InvalidData) as refused:
        await submit(home, form, **{name: value})
    assert list(refused.value.schema_errors) == [name]
    assert "channels" not in entry.options


async def test_what_is_set_while_the_node_sleeps_is_told_when_it_wakes(home: Home) -> None:
    node = home.node(sleeps=True)
    entry = await home.add(node)
    await submit(home, await choose(home, entry, "rhythm"), every=899.6)
    form = await submit(home, await choose(home, entry, "channel"), channel="0")
    await submit(home, form, dead_band=0.25, heartbeat=1800)
    assert entry.options == {
        "every": 900,
        "channels": {"0": {"dead_band": 0.25, "heartbeat": 1800}},
    }
    await node.connect()
    await until(
        lambda: (
            node.commands
            == [
                {"op": "config", "set": {"every": 900}},
                {"op": "config", "ch": 0, "set": {"db": 0.25, "hb": 1800}},
            ]
        )
    )
