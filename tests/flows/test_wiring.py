"""What is connected to which pin: chosen here, kept by the board, seen as entities."""

from typing import Any

import pytest
from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
from homeassistant.data_entry_flow import FlowResultType, InvalidData

from custom_components.plant_vita.flows import wiring
from custom_components.plant_vita.model.quantity import BY_WIRE, KINDS
from tests.nodes.cable_node import CableNode, Json
from tests.nodes.fake_node import until
from tests.nodes.home import home_fixture
from tests.nodes.plugboard import Plugboard, board_fixture

home = home_fixture()
board = board_fixture()

FORM, CREATED, MENU = FlowResultType.FORM, FlowResultType.CREATE_ENTRY, FlowResultType.MENU


class Board(CableNode):
    """Wires itself as it is told, and says so in a new hello."""

    def wired(self, command: Json) -> Json:
        wish, index = command["set"], command["ch"]
        self.channels = [channel for channel in self.channels if channel[0] != index]
        if wish:
            self.channels.append([index, wish["k"], wish.get("lb"), wish["at"]])
        self.channels.sort()
        return {"ok": 1}


@pytest.fixture
async def node(board: Plugboard) -> Board:
    node = Board(channels=[[0, "m", None, "A0"]], slots=4)

    def answer(command: Json) -> Json:
        return node.wired(command) if command["op"] == "wire" else {"ok": 1}

    node.answer = answer
    board.plug("uno", node)
    return node


@pytest.fixture
async def entry(board: Plugboard, node: Board) -> ConfigEntry:
    entry = await board.add(board.cables["uno"], node)
    await until(lambda: board.connected(node))
    return entry


async def submit(board: Plugboard, flow: ConfigFlowResult, **typed: Any) -> ConfigFlowResult:
    return await board.home.hass.config_entries.options.async_configure(flow["flow_id"], typed)


async def begin(board: Plugboard, entry: ConfigEntry) -> ConfigFlowResult:
    flow = await board.home.hass.config_entries.options.async_init(entry.entry_id)
    assert (flow["type"], flow["menu_options"]) == (MENU, ["wiring", "rhythm", "channel"])
    return await submit(board, flow, next_step_id="wiring")


async def slot(board: Plugboard, entry: ConfigEntry, number: str) -> ConfigFlowResult:
    flow = await submit(board, await begin(board, entry), slot=number)
    assert (flow["type"], flow["step_id"]) == (FORM, "wire")
    assert flow["description_placeholders"] == {"slot": number}
    return flow


def suggested(flow: ConfigFlowResult) -> dict[str, Any]:
    return {
        str(field): field.description["suggested_value"]
        for field in flow["data_schema"].schema
        if field.description
    }


async def test_a_channel_is_wired_and_its_entity_appears(
    board: Plugboard, entry: ConfigEntry, node: Board
) -> None:
    flow = await slot(board, entry, "1")
    assert suggested(flow) == {"kind": "nothing"}
    flow = await submit(board, flow, kind="pump", place="!D7", label="Fern")
    assert flow["type"] is CREATED
    assert node.commands == [
        {"op": "wire", "ch": 1, "set": {"k": "pump", "at": "!D7", "lb": "Fern"}}
    ]
    assert entry.options == {}
    assert board.home.entity_id(node, "switch", "1_pump") is None
    node.hello()
    await until(lambda: board.home.entity_id(node, "switch", "1_pump"))
    assert entry.data["node"]["channels"] == [[0, "m", None, "A0"], [1, "pump", "Fern", "!D7"]]
    assert suggested(await slot(board, entry, "1")) == {
        "kind": "pump",
        "place": "!D7",
        "label": "Fern",
    }


async def test_a_channel_is_freed_and_its_entity_goes(
    board: Plugboard, entry: ConfigEntry, node: Board
) -> None:
    assert board.home.entity_id(node, "sensor", "0_m")
    flow = await slot(board, entry, "0")
    assert suggested(flow) == {"kind": "m", "place": "A0"}
    flow = await submit(board, flow, kind="nothing", place="A0")
    assert flow["type"] is CREATED
    assert node.commands == [{"op": "wire", "ch": 0, "set": {}}]
    node.hello()
    await until(lambda: board.home.entity_id(node, "sensor", "0_m") is None)


async def test_every_channel_says_what_it_is(
    board: Plugboard, entry: ConfigEntry, node: Board
) -> None:
    node.channels = [[0, "m", None, "A0"], [2, "pump", "Fern", "!D7"], [3, "zz", None, "D4"]]
    node.hello()
    await until(lambda: len(board.coordinator(node).info.channels) == 3)
    flow = await begin(board, entry)
    (field,) = flow["data_schema"].schema.values()
    assert [(one["value"], one["label"]) for one in field.config["options"]] == [
        ("0", "0: Soil moisture probe · A0"),
        ("1", "1: Nothing"),
        ("2", "2: Pump · Fern · !D7"),
        ("3", "3: zz · D4"),
    ]


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"kind": "m"}, {"place": "place"}),
        ({"kind": "m", "place": "7"}, {"place": "place"}),
        ({"kind": "m", "place": "!i2c"}, {"place": "place"}),
        ({"kind": "m", "place": "A0,D7"}, {"place": "place"}),
        ({"kind": "m", "place": "D123"}, {"place": "place"}),
        ({"kind": "m", "place": "A0", "label": "x" * 17}, {"label": "label"}),
        ({"kind": "m", "place": "A0", "label": "ä" * 9}, {"label": "label"}),
    ],
)
async def test_what_cannot_be_is_not_sent(
    board: Plugboard, entry: ConfigEntry, node: Board, typed: dict[str, str], errors: dict[str, str]
) -> None:
    flow = await submit(board, await slot(board, entry, "1"), **typed)
    assert (flow["step_id"], flow["errors"]) == ("wire", errors)
    assert suggested(flow) == typed
    assert node.commands == []
    flow = await submit(board, flow, kind="m", place="A1", label="ä" * 8)
    assert flow["type"] is CREATED


async def test_what_nobody_knows_is_no_choice(board: Plugboard, entry: ConfigEntry) -> None:
    with pytest.raises(InvalidData):
        await submit(board, await slot(board, entry, "1"), kind="st", place="A1")


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("bad", "wire_bad"),
        ("busy", "wire_busy"),
        ("unknown", "wire_refused"),
        ("newer", "wire_refused"),
    ],
)
async def test_the_board_refuses(
    board: Plugboard, entry: ConfigEntry, node: Board, word: str, told: str
) -> None:
    node.answer = lambda _: {"err": word}
    flow = await submit(board, await slot(board, entry, "1"), kind="light", place="D9")
    assert (flow["step_id"], flow["errors"]) == ("wire", {"base": told})
    assert suggested(flow) == {"kind": "light", "place": "D9"}


async def test_the_board_does_not_answer(board: Plugboard, entry: ConfigEntry, node: Board) -> None:
    node.answer = lambda _: None
    flow = await submit(board, await slot(board, entry, "1"), kind="light", place="D9")
    assert flow["errors"] == {"base": "no_answer"}


async def test_the_board_is_not_there(board: Plugboard, entry: ConfigEntry, node: Board) -> None:
    flow = await slot(board, entry, "1")
    board.cables["uno"].unplug()
    await until(lambda: board.coordinator(node).session is None)
    flow = await submit(board, flow, kind="light", place="D9")
    assert flow["errors"] == {"base": "not_connected"}
    board.cables["uno"].plug()
    await until(lambda: board.connected(node))
    assert (await submit(board, flow, kind="light", place="D9"))["type"] is CREATED


async def test_the_entry_is_not_loaded(board: Plugboard, entry: ConfigEntry) -> None:
    flow = await slot(board, entry, "1")
    await board.home.hass.config_entries.async_unload(entry.entry_id)
    flow = await submit(board, flow, kind="light", place="D9")
    assert flow["errors"] == {"base": "not_connected"}


async def test_what_does_not_fit_into_a_line_is_said(
    board: Plugboard, entry: ConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "WIRE_LABEL_BYTES_MAX", 1000)
    flow = await slot(board, entry, "1")
    flow = await submit(board, flow, kind="light", place="D9", label="x" * 400)
    assert flow["errors"] == {"base": "wire_refused"}


async def test_a_node_without_slots_has_nothing_to_wire(board: Plugboard) -> None:
    entry = await board.home.add(board.home.node())
    flow = await board.home.hass.config_entries.options.async_init(entry.entry_id)
    assert flow["menu_options"] == ["rhythm", "channel"]


async def test_other_options_are_kept(board: Plugboard, entry: ConfigEntry, node: Board) -> None:
    flow = await board.home.hass.config_entries.options.async_init(entry.entry_id)
    flow = await submit(board, flow, next_step_id="rhythm")
    await submit(board, flow, every=30)
    await submit(board, await slot(board, entry, "2"), kind="tank", place="D3")
    assert entry.options == {"every": 30}


def test_what_can_be_wired_is_what_exists() -> None:
    assert {str(kind) for kind in wiring.KINDS} <= {str(kind) for kind in KINDS}
    assert {"m", "t", "h", "lx"} == set(wiring.KINDS) & set(BY_WIRE)


@pytest.mark.parametrize(
    ("slots", "count", "first", "last"), [(8, 21, "A0", "D13"), (16, 69, "A0", "D53")]
)
def test_the_pins_of_a_board(slots: int, count: int, first: str, last: str) -> None:
    places = wiring.places(slots)
    assert (len(places), places[0], places[-2], places[-1]) == (count, first, last, "i2c")
    assert all(wiring._PLACE.fullmatch(place) for place in places)
    assert not {"D0", "D1"} & set(places)
