"""The SHT3x driver: its checksum, its formulas, its way to be asked."""

import random

import pytest

from firmware.simulator import instruments
from firmware.simulator.weather import Air
from tests.firmware import rig, under_micropython

rig.plantnode()
from plantnode.drivers import air_sht3x as driver  # noqa: E402

AIR = Air(temperature=21.5, humidity=55.5, pressure=1000, radiation=0, light=0)


def test_the_datasheets_checksum():
    assert driver.crc8(b"\xbe\xef") == 0x92


def test_checksums_of_what_the_part_sends_for_cold_and_warm():
    assert driver.crc8(b"\x00\x00") == 0x81
    assert driver.crc8(b"\xff\xff") == 0xAC


def word(value):
    data = bytes((value >> 8, value & 255))
    return data + bytes((driver.crc8(data),))


def test_ends_and_middle_of_the_scale():
    assert driver.convert(word(0) + word(0)) == (-45, 0)
    assert driver.convert(word(0xFFFF) + word(0xFFFF)) == (130, 100)
    assert driver.convert(word(0x6666) + word(0x8000)) == pytest.approx((25, 50), abs=0.01)


@pytest.mark.parametrize("place", range(6))
@pytest.mark.parametrize("bit", [0, 3, 7])
def test_every_flipped_bit_is_found(place, bit):
    answer = bytearray(word(0x6666) + word(0x8000))
    answer[place] ^= 1 << bit
    with pytest.raises(OSError, match="5"):
        driver.convert(bytes(answer))


def test_an_answer_cut_short():
    with pytest.raises(OSError, match="5"):
        driver.convert(word(0x6666))


class Bus:
    def __init__(self):
        self.part = instruments.Sht3x(random.Random(1), lambda: AIR)
        self.written = []

    def writeto(self, address, data):
        self.written.append((address, data))
        self.part.write(data)

    def readfrom(self, _address, count):
        try:
            return self.part.read(count)
        except instruments.BusError as error:
            raise OSError(error.number) from error


def test_asks_waits_and_reads():
    bus = Bus()
    sensor = driver.Sht3x(bus, (8, 9))
    sensor.start()
    assert bus.written == [(0x44, b"\x24\x00")]
    assert sensor.settle_ms >= 15
    values = sensor.read()
    assert values[8] == pytest.approx(21.5, abs=0.15)
    assert values[9] == pytest.approx(55.5, abs=0.8)


def test_the_part_refuses_to_be_read_without_being_asked():
    with pytest.raises(OSError, match="19"):
        driver.Sht3x(Bus(), (8, 9)).read()


def test_micropython_agrees():
    source = """
from plantnode.drivers import air_sht3x as d
words = [bytes((n >> 8, n & 255)) for n in range(0, 65536, 771)]
result = [d.crc8(w) for w in words] + [d.crc8(b"\\xbe\\xef")]
result += [list(d.convert(w + bytes((d.crc8(w),)) + w + bytes((d.crc8(w),)))) for w in words]
"""
    assert 0x92 in under_micropython.both(source)
