"""SHT30, SHT31, SHT35: temperature and humidity over I2C, every word with a CRC.

Datasheet: Sensirion SHT3x-DIS, sections 4.3 (single shot, high repeatability: 15 ms), 4.12 (CRC-8,
polynomial 0x31, start 0xFF) and 4.13 (conversion).
"""

from plantnode.drivers import Sensor

ADDRESS = 0x44
SINGLE_SHOT = b"\x24\x00"
EIO = 5


def crc8(data: bytes) -> int:
    """The checksum of one word: 0xBEEF gives 0x92."""
    crc = 0xFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1) ^ 0x31 if crc & 0x80 else crc << 1
            crc &= 0xFF
    return crc


def convert(answer: bytes) -> tuple:
    """(°C, %) of the six bytes of a measurement; raises OSError where a checksum is wrong."""
    if len(answer) != 6 or crc8(answer[0:2]) != answer[2] or crc8(answer[3:5]) != answer[5]:
        raise OSError(EIO)
    warmth = -45 + 175 * (answer[0] << 8 | answer[1]) / 65535
    damp = 100 * (answer[3] << 8 | answer[4]) / 65535
    return warmth, damp


class Sht3x(Sensor):
    """One sensor, two channels."""

    settle_ms = 16

    def __init__(self, bus, indices: tuple, address: int = ADDRESS) -> None:
        self._bus = bus
        self._address = address
        self.indices = indices

    def start(self) -> None:
        """Ask for one measurement of high repeatability."""
        self._bus.writeto(self._address, SINGLE_SHOT)

    def read(self) -> dict:
        """Temperature in °C and relative humidity in %."""
        warmth, damp = convert(self._bus.readfrom(self._address, 6))
        return {self.indices[0]: warmth, self.indices[1]: damp}
