"""Which parts a node has, from its settings, on a stand-in for the chip, under MicroPython."""

import json

import pytest

from firmware.simulator.bench import SimulatedNode

PROGRAM = """
import json
from plantnode import board, settings
made = board.load(settings.load())
print("board", json.dumps({
    "model": made.model,
    "channels": [[c.index, c.kind, c.label] for c in made.channels],
    "pumps": sorted(made.pumps), "lights": sorted(made.lights),
    "contacts": [[c.index, c.kind, c.active()] for c in made.contacts],
    "button": made.button is not None and made.button.pressed(), "led": made.led is not None,
    "problems": made.problems,
}))
for output in made.pumps.values():
    output.on()
made.safe()
print("safe", [output.value() for output in made.pumps.values()])
"""


@pytest.fixture
def loaded(tmp_path):
    """What board.load makes of these settings; and the pins it drove."""

    async def load(board="esp32dev", named=None, **settings):
        settings |= {"board": named} if named else {}
        flash = tmp_path / "flash"
        flash.mkdir()
        (flash / "boot.py").write_text("")
        (flash / "main.py").write_text(PROGRAM)
        source = SimulatedNode.__init__.__kwdefaults__["flash"] / "plantnode"
        (flash / "plantnode").symlink_to(source)
        node = SimulatedNode(
            tmp_path / "node", board=board, parts=("soil",), settings=settings, flash=flash
        )
        async with node:
            line = await node.wait_log("^board ")
            await node.wait_log("^safe ")
        assert not any("Traceback" in words for words in node.log), node.log
        return json.loads(line.removeprefix("board ")), node

    return load


async def test_everything_on_the_first_board(loaded):
    parts = ["soil", "soil", "bme280", "bh1750", "battery", "radio", "tank", "leak",
             "pump", "pump", "light"]  # fmt: skip
    made, _ = await loaded(parts=parts, labels={"0": "Basil", "32": "Pump"})
    assert made["problems"] == []
    assert made["channels"] == [
        [0, "m", "Basil"], [1, "m", None], [8, "t", None], [9, "h", None], [10, "p", None],
        [11, "lx", None], [12, "bat", None], [13, "v", None], [14, "rssi", None],
        [20, "tank", None], [24, "leak", None], [32, "pump", "Pump"], [33, "pump", None],
        [40, "light", None],
    ]  # fmt: skip
    assert (made["pumps"], made["lights"]) == ([32, 33], [40])
    assert made["button"] is False
    assert made["led"] is True


@pytest.mark.parametrize(
    ("board", "channels"), [("esp32s3", [0, 8, 9, 32]), ("esp32c3", [0, 8, 9, 32])]
)
async def test_other_boards(loaded, board, channels):
    made, _ = await loaded(board=board, parts=["soil", "sht3x", "pump"])
    assert made["model"] == board
    assert [channel[0] for channel in made["channels"]] == channels
    assert made["problems"] == []


async def test_a_board_with_a_camera(loaded):
    made, node = await loaded(named="esp32cam", parts=["camera", "sht3x", "pump"])
    assert [channel[:2] for channel in made["channels"]] == [[32, "pump"], [48, "camera"]]
    assert made["problems"] == ["sht3x 1: ValueError no pins left for I2C"]
    # The lamp of the camera is dark; so is the LED, which is lit by a low pin.
    assert [(pin, level) for _, pin, level in node.edges if pin in (4, 33)] == [(4, 0), (33, 1)]


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ([["camera", {}], "light"], "light 1: ValueError a camera needs the channel that dims"),
        ([["camera", {"flash": 6}]], "camera 1: ValueError no such pin"),
        (["camera", "camera"], None),
    ],
)
async def test_what_a_camera_goes_with(loaded, parts, problem):
    made, _ = await loaded(parts=parts)
    assert made["problems"] == ([problem] if problem else [])
    assert made["lights"] == []


async def test_pump_pins_are_driven_low_first_of_all(loaded):
    _, node = await loaded(parts=["soil", "light", "pump", "pump"])
    assert [(pin, level) for _, pin, level in node.edges[:2]] == [(26, 0), (27, 0)]


async def test_a_relay_that_is_on_when_low_never_sees_low_by_mistake(loaded):
    _, node = await loaded(parts=[["pump", {"active": 0}]])
    pins = [level for _, pin, level in node.edges if pin == 26]
    assert pins == [1, 0, 1]  # off, the test's on(), safe()


async def test_a_slip_in_one_part_leaves_the_others(loaded):
    parts = ["soil", "laser", 7, ["soil", {"pin": 99}], "soil", "soil", "dht22", "sht3x", "pump"]
    made, _ = await loaded(parts=parts)
    assert [channel[0] for channel in made["channels"]] == [0, 8, 9, 32]
    assert len(made["problems"]) == 6


@pytest.mark.parametrize(
    "part",
    [["pump", {"pin": 34}], ["pump", {"pin": 12}], ["pump", {"pin": 6}], ["soil", {"pin": 25}],
     ["light", {"pin": 39}]],
)  # fmt: skip
async def test_pins_that_can_not_do_it_are_refused(loaded, part):
    made, node = await loaded(parts=[part])
    assert made["channels"] == []
    assert len(made["problems"]) == 1
    assert part[1]["pin"] not in [pin for _, pin, _ in node.edges]


async def test_a_guard_that_can_not_be_made_stays_an_alarm(loaded):
    made, _ = await loaded(parts=["pump", ["leak", {"pin": 99}]])
    assert [contact[1:] for contact in made["contacts"]] == [["leak", True]]
    assert [channel[0] for channel in made["channels"]] == [32]


@pytest.mark.parametrize("parts", [None, 3, {}, []])
async def test_parts_that_are_no_list(loaded, parts):
    made, _ = await loaded(parts=parts)
    assert [channel[0] for channel in made["channels"]] == ([0, 32] if parts is None else [])


async def test_an_unknown_board_is_the_first(loaded):
    made, _ = await loaded(parts=[], named="abacus")
    assert made["model"] == "esp32dev"
