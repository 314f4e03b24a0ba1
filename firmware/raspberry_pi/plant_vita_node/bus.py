"""The I²C bus of the header, with the face of `machine.I2C`."""

from smbus2 import SMBus, i2c_msg

NUMBER = 1  # GPIO 2 and 3 of every Raspberry Pi but the very first


class Bus:
    """Transfers on the bus; all of them raise OSError where nobody answers, or there is no bus."""

    def __init__(self, number: int = NUMBER) -> None:
        self._number = number
        self._opened: SMBus | None = None

    @property
    def _bus(self) -> SMBus:
        # Not before the first transfer: where it is switched off, parts are silent and pumps run.
        if self._opened is None:
            self._opened = SMBus(self._number)
        return self._opened

    def writeto(self, address: int, data: bytes) -> int:
        """Send bytes; how many."""
        self._bus.i2c_rdwr(i2c_msg.write(address, data))
        return len(data)

    def readfrom(self, address: int, count: int) -> bytes:
        """Receive bytes."""
        answer = i2c_msg.read(address, count)
        self._bus.i2c_rdwr(answer)
        return bytes(answer)

    def writeto_mem(self, address: int, register: int, data: bytes) -> None:
        """Write a register."""
        self.writeto(address, bytes([register]) + data)

    def readfrom_mem(self, address: int, register: int, count: int) -> bytes:
        """Read a register, without letting go of the bus in between."""
        answer = i2c_msg.read(address, count)
        self._bus.i2c_rdwr(i2c_msg.write(address, [register]), answer)
        return bytes(answer)
