"""The BME280 driver against the datasheet's example and registers filled by other formulas."""

import random
import struct

import pytest

from firmware.simulator import bme280 as part
from firmware.simulator.weather import Air
from tests.firmware import rig, under_micropython

rig.plantnode()
from plantnode.drivers import air_bme280 as driver  # noqa: E402

# Bosch's example (BMP280 datasheet, section 3.12; the BME280 has the same sensor inside).
T = (27504, 26435, -1000)
P = (36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000)
RAW_T, RAW_P = 519888, 415148


def test_the_datasheets_temperature():
    fine = driver.fine_temperature(RAW_T, T)
    assert int(fine) == 128422
    assert fine / 5120 == pytest.approx(25.08, abs=0.005)


def test_the_datasheets_pressure():
    fine = driver.fine_temperature(RAW_T, T)
    assert driver.pressure(RAW_P, fine, P) == pytest.approx(100653.27, abs=0.3)


def test_the_integer_form_in_the_simulator_gives_the_same():
    assert part.t_fine(RAW_T) == 128422
    assert part.pressure(RAW_P, 128422) == pytest.approx(100653.27, abs=0.3)


def test_a_part_without_pressure_coefficients_is_no_part():
    with pytest.raises(OSError, match="5"):
        driver.pressure(RAW_P, 128422, (0,) * 9)


def test_coefficients_of_twelve_bits_with_a_sign():
    high = struct.pack("<hB", 362, 0) + bytes((0xFE, 0x2C, 0xFF)) + struct.pack("b", -30)
    made = driver.Coefficients(bytes(24) + b"\x00\x4b", high)
    assert made.h == (75, 362, 0, -20, -14, -30)


class Bus:
    """A bus with one simulated part, or none."""

    def __init__(self, air, *, there=True):
        self.part = part.Bme280(random.Random(1), lambda: air)
        self.there = there
        self.reads = []

    def readfrom_mem(self, address, register, count):
        self._check(address)
        self.reads.append(register)
        self.part.write(bytes((register,)))
        return self.part.read(count)

    def writeto_mem(self, address, register, data):
        self._check(address)
        self.part.write(bytes((register,)) + data)

    def _check(self, address):
        if not self.there or address != 0x76:
            raise OSError(19)


def air(temperature, humidity, pressure):
    return Air(temperature=temperature, humidity=humidity, pressure=pressure, radiation=0, light=0)


@pytest.mark.parametrize(
    "truth", [(21.3, 45, 1013), (-10, 88, 980), (40, 15, 1040), (25, 99, 900), (0, 60, 700)]
)
def test_reads_the_air_that_was_put_into_the_registers(truth):
    sensor = driver.Bme280(Bus(air(*truth)), (8, 9, 10))
    sensor.start()
    values = sensor.read()
    assert values[8] == pytest.approx(truth[0], abs=0.15)
    assert values[9] == pytest.approx(truth[1], abs=1.2)
    assert values[10] == pytest.approx(truth[2], abs=0.3)


def test_learns_its_coefficients_once_and_after_it_was_away():
    bus = Bus(air(20, 50, 1000))
    sensor = driver.Bme280(bus, (8, 9, 10))
    for _ in range(3):
        sensor.start()
        sensor.read()
    assert bus.reads.count(0x88) == 1


def test_nobody_there():
    sensor = driver.Bme280(Bus(air(20, 50, 1000), there=False), (8, 9, 10))
    with pytest.raises(OSError, match="19"):
        sensor.start()
    with pytest.raises(OSError, match="5"):
        sensor.read()


def test_another_part_at_this_address():
    bus = Bus(air(20, 50, 1000))
    bus.part._registers[0xD0] = 0x58  # a BMP280: no humidity
    with pytest.raises(OSError, match="5"):
        driver.Bme280(bus, (8, 9, 10)).start()


def test_micropython_agrees():
    source = f"""
from plantnode.drivers import air_bme280 as d
fine = d.fine_temperature({RAW_T}, {T})
h = (75, 362, 0, 324, 50, 30)
result = [fine, d.pressure({RAW_P}, fine, {P})] + [d.humidity(r, fine, h) for r in range(20000, 50000, 999)]
"""  # noqa: E501
    values = under_micropython.both(source)
    assert 25 < values[2 + 10] < 75
