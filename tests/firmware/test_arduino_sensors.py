"""What the real Arduino program makes of volts, bits and contacts."""

import pytest

from firmware.simulator.avr.dht22 import Dht22
from firmware.simulator.avr.twi import Bh1750
from tests.firmware.arduino_rig import (
    AIR,
    DAMP,
    LEAK,
    LUX,
    SOIL,
    TANK,
    TANK_PIN,
    Node,
    image,
    wired,
)

QUICK = {"med": 1, "db": 0, "hb": 5}


@pytest.fixture(scope="module")
def quick():
    """A wired board that tells what it sees, without patience for noise."""
    with Node(image()) as node:
        node.greet()
        assert node.command("q", "config", set={"every": 5, "sample": 1})["ok"] == 1
        for channel in (SOIL, AIR, DAMP, LUX):
            assert node.command(f"q{channel}", "config", ch=channel, set=QUICK)["ok"] == 1
        return node.board.eeprom.image()


@pytest.fixture
def node(quick):
    with Node(quick) as made:
        yield made


def told(node, channel, ms=8000):
    """The next value of a channel that is news."""
    before = len(node.heard)
    found = node.until(
        lambda: [m for m in node.heard[before:] if m["t"] == "tele" and str(channel) in m["r"]], ms
    )
    node.confirm()
    return found[-1]["r"][str(channel)]


def settled(node, channel):
    """The value of a channel after all that was changed before this call has been measured."""
    node.stride(8)
    node.confirm()
    before = len(node.heard)
    for _ in range(12):
        node.stride(1)
        found = [m for m in node.heard[before:] if m["t"] == "tele" and str(channel) in m["r"]]
        if found:
            return found[-1]["r"][str(channel)]
    raise AssertionError(node.heard[before:])


def test_volts_become_moisture(node):
    node.greet()
    for volts, moisture in ((2600, 0), (1875, 50), (1150, 100), (2310, 20)):
        node.millivolts["A0"] = node.board.millivolts["A0"] = volts
        assert abs(settled(node, SOIL) - moisture) <= 1


def test_a_broken_wire_is_no_number(node):
    node.greet()
    for volts, fault in ((0, "open"), (5000, "short"), (3500, "range")):
        node.board.millivolts["A0"] = volts
        assert settled(node, SOIL) == fault
    node.board.millivolts["A0"] = 1875
    assert abs(settled(node, SOIL) - 50) <= 1


def test_air_and_light(node):
    Dht22(node.board.chip, node.board.pins, "D2", lambda: (-7.3, 61.4))
    node.board.bus.devices[Bh1750.ADDRESS] = Bh1750(node.board.chip, lambda: 840.0)
    node.greet()
    node.run(5000)
    assert settled(node, AIR) == -7.3
    assert settled(node, DAMP) == 61.4
    assert settled(node, LUX) == pytest.approx(840, abs=2)


def test_nobody_there_is_silent(node):
    node.greet()
    node.stride(8)
    assert settled(node, AIR) == "silent"
    assert settled(node, DAMP) == "silent"
    assert settled(node, LUX) == "silent"
    assert node.command("p", "ping")["ok"] == 1


def test_a_sensor_that_stops_answering_mid_word_hangs_nothing(node):
    there = True
    Dht22(node.board.chip, node.board.pins, "D2", lambda: (21.0, 50.0) if there else None)
    node.greet()
    assert settled(node, AIR) == 21.0
    there = False
    node.stride(8)
    assert settled(node, AIR) == "silent"
    assert node.board.chip.resets == []
    node.board.pins.drive("D2", 0)  # the line is held down for ever
    node.stride(12)
    assert node.board.chip.resets == []
    assert node.command("p", "ping")["ok"] == 1


def test_contacts_are_told_at_once(node):
    node.greet()
    node.run(2000)
    node.confirm()
    node.contact(TANK_PIN, 1)
    assert told(node, TANK, 2000) == 1
    first = node.of("tele")[-1]
    assert first["age"] < 1000
    assert str(LEAK) not in first["r"] or first["r"][str(LEAK)] == 0


def test_a_photoresistor(quick):
    wires = {SOIL: ("lx", "A1")}
    with Node(wired(wires)) as node:
        node.greet()
        node.command("q", "config", ch=SOIL, set=QUICK)
        values = []
        for volts in (500, 2500, 4500):
            node.board.millivolts["A1"] = volts
            values.append(settled(node, SOIL))
        assert values == sorted(values)
        assert values[0] < values[2]


def test_two_calibration_points_make_the_scale_and_are_kept(node):
    node.greet()
    for at, volts in (("dry", 3000), ("wet", 1000)):
        node.millivolts["A0"] = node.board.millivolts["A0"] = volts
        node.stride(3)
        assert node.command(f"c{at}", "cal", ch=SOIL, set={"at": at})["ok"] == 1
    node.again()
    node.greet()
    node.board.millivolts["A0"] = 2500
    assert abs(settled(node, SOIL) - 25) <= 1
    assert node.command("c3", "cal", ch=SOIL, set={"at": "wet"})["ok"] == 1
    node.board.millivolts["A0"] = 2600
    node.stride(3)
    assert node.command("c4", "cal", ch=SOIL, set={"at": "dry"})["err"] == "fault"
    node.board.millivolts["A0"] = 0
    node.stride(6)
    assert node.command("c5", "cal", ch=SOIL, set={"at": "dry"})["err"] == "fault"
    assert node.command("c6", "cal", ch=TANK, set={"at": "dry"})["err"] in {
        "bad",
        "unknown",
        "fault",
    }
    assert node.command("c7", "cal", ch=SOIL, set={"at": "damp"})["err"] == "bad"
