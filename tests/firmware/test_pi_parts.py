"""What stands for the chip on a Raspberry Pi: outputs, converters, the bus, who it is."""

import time

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin, MockSPIDevice

from tests.firmware import pi_rig

pi_rig.package()
from plant_vita_node import bus, identity, wire  # noqa: E402 - the path is set now
from plant_vita_node.bank import Bank  # noqa: E402 - as above
from plant_vita_node.converter import Ads1115, Mcp3008  # noqa: E402 - as above


@pytest.fixture
def pins():
    before, Device.pin_factory = Device.pin_factory, MockFactory(pin_class=MockPWMPin)
    yield Device.pin_factory
    Device.pin_factory.close()
    Device.pin_factory = before


def levels(pins, number):
    return [state.state for state in pins.pin(number).states]


class TestBank:
    def test_an_output_never_shows_the_other_level(self, pins):
        bank = Bank()
        bank.switch(17, 0)
        assert (pins.pin(17).function, levels(pins, 17)) == ("output", [0])

    def test_an_output_that_is_asked_for_again_rests(self, pins):
        bank = Bank()
        bank.switch(17, 0)
        bank.put(17, 1)
        bank.switch(17, 0)
        assert pins.pin(17).state == 0

    def test_everything_rests_or_only_what_is_switched(self, pins):
        bank = Bank()
        bank.switch(17, 1)
        bank.dim(18, 0, 1000)
        bank.put(17, 0)
        bank.put(18, 32768)
        assert abs(pins.pin(18).state - 0.5) < 0.001
        assert pins.pin(18).frequency == 1000
        bank.rest(dimmed=False)
        assert pins.pin(17).state == 1
        assert pins.pin(18).state > 0.4
        bank.rest()
        assert pins.pin(18).state == 0

    def test_one_line_that_fails_keeps_no_other_from_its_rest(self, pins, capsys):
        bank = Bank()
        for pin in (17, 27):
            bank.switch(pin, 0)
            bank.put(pin, 1)
        bank.lines[17].device.close()
        bank.rest()
        assert pins.pin(27).state == 0
        assert "GPIO 17 could not be put to rest" in capsys.readouterr().out

    def test_what_is_no_output_is_an_os_error(self, pins):
        with pytest.raises(OSError, match="pin 5 is no output"):
            Bank().put(5, 1)
        with pytest.raises(OSError, match="PinInvalidPin"):
            Bank().switch(99, 0)


class Held(Bank):
    """Lines that somebody else has: the first for some tries, or for ever."""

    def __init__(self, tries) -> None:
        super().__init__()
        self.tries, self.asked = tries, []

    def switch(self, pin, level):
        self.asked.append((pin, level))
        if pin == 17 and len(self.asked) <= self.tries:
            raise OSError(16, "busy")


class TestTakeOver:
    def test_lines_that_the_kernel_still_holds_are_waited_for(self):
        bank = Held(3)
        wire.take_over([("out", 17, 1), ("dim", 18, 65535), ("dim", 19, 0)], bank, 0)
        assert bank.asked == [(17, 1)] * 4 + [(18, 1), (19, 0)]

    def test_one_that_never_comes_keeps_no_other_and_ends(self, capsys):
        bank = Held(1 << 30)
        wire.take_over([("out", 17, 0), ("out", 27, 0)], bank, 0)
        assert bank.asked[-1] == (27, 0)
        assert "GPIO 17 could not be put to rest" in capsys.readouterr().out


class SpiPart(MockSPIDevice):
    """An MCP3008, from its datasheet (DS21295, section 5): counts on its channels."""

    counts = (465, 1023, 0, 1, 2, 3, 4, 1022)

    def on_bit(self):
        bits = [int(bit) for bit in self.rx_buf]
        if 1 in bits and len(bits) - bits.index(1) == 5:
            single, *channel = bits[-4:]
            assert single
            self.tx_buf = [0, 0]  # it samples, then a zero
            self.tx_word(self.counts[channel[0] * 4 + channel[1] * 2 + channel[2]], 10)


def test_mcp3008_gives_microvolts_of_each_channel():
    before, Device.pin_factory = Device.pin_factory, MockFactory()
    with SpiPart(11, 10, 9, 8):
        part = Mcp3008()
        assert [part.microvolts(channel) for channel in range(8)] == [
            1_500_000, 3_300_000, 0, 3225, 6451, 9677, 12903, 3_296_774,
        ]  # fmt: skip
    Device.pin_factory.close()
    Device.pin_factory = before


class Wires:
    """An I²C bus with an ADS1115 on it, from its datasheet (SBAS444, sections 7 and 8)."""

    def __init__(self, number):
        self.number, self.pointer = number, 0
        self.volts = [1.5, 3.3, -0.01, 0.0]
        self.config, self.busy = 0x8583, 0
        self.never = False

    def i2c_rdwr(self, *transfers):
        for message in transfers:
            if message.addr != 0x48:
                raise OSError(121, "Remote I/O error")
            if message.flags & 1:
                self.read(message)
            else:
                self.write(bytes(message))

    def write(self, data):
        self.pointer = data[0]
        if len(data) == 3 and data[0] == 1:
            self.config = int.from_bytes(data[1:], "big")
            assert self.config & 0x8000
            assert self.config & 0x0100  # one shot
            self.busy = 2

    def read(self, message):
        value = self.config & 0x7FFF
        if self.pointer == 1:
            self.busy -= not self.never
            value |= 0x8000 if self.busy <= 0 else 0
        else:
            mux, gain = self.config >> 12 & 7, self.config >> 9 & 7
            assert mux & 4
            full = {0: 6.144, 1: 4.096, 2: 2.048}[gain]
            value = round(self.volts[mux & 3] / full * 32768) & 0xFFFF
        for place, byte in enumerate(value.to_bytes(2, "big")):
            message.buf[place] = bytes([byte])


@pytest.fixture
def wires(monkeypatch):
    monkeypatch.setattr(bus, "SMBus", Wires)
    return bus.Bus()


def test_ads1115_gives_microvolts_of_each_channel(wires):
    part = Ads1115(wires)
    assert [part.microvolts(channel) for channel in range(4)] == [1_500_000, 3_300_000, 0, 0]


def test_ads1115_that_never_finishes_is_an_error_and_no_wait_for_ever(wires):
    wires._bus.never = True
    began = time.monotonic()
    with pytest.raises(OSError, match="does not finish"):
        Ads1115(wires).microvolts(0)
    assert time.monotonic() - began < 5


def test_nobody_on_the_bus_is_an_error(wires):
    with pytest.raises(OSError, match="Remote"):
        Ads1115(wires, 0x49).microvolts(0)
    with pytest.raises(OSError, match="Remote"):
        wires.writeto(0x44, b"\x24\x00")


def test_a_pi_is_its_serial_number_and_tells_no_machine_id(tmp_path):
    serial, machine = tmp_path / "serial", tmp_path / "machine-id"
    with pytest.raises(OSError, match="no serial number"):
        identity.unique_id((serial, machine))
    machine.write_text("0123456789abcdef0123456789abcdef\n")
    by_machine = identity.unique_id((serial, machine))
    assert len(by_machine) == 6
    assert by_machine.hex() not in machine.read_text()
    serial.write_bytes(b"10000000abcdef12\0")
    assert identity.unique_id((serial, machine)) == identity.unique_id((serial,)) != by_machine
