"""`start.py` of the Raspberry Pi node on a bench: its own programs, with gpiozero's mock pins.

Started by pi_rig, by whatever Python it names. Pins report what is driven onto them, and the bench
keeps it: a process that dies tells nobody, and leaves its pins as they are.
"""

import json
import os
import socket
import sys
import threading
import time
from pathlib import Path

from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPin, MockPWMPin, MockSPIDevice

FIRMWARE = Path(__file__).resolve().parents[2] / "firmware"
sys.path[:0] = [str(FIRMWARE / "raspberry_pi"), str(FIRMWARE / "esp32")]

SOIL_UV = 1_500_000


class Bench:
    """The connection of this process to the bench."""

    def __init__(self) -> None:
        self.port = socket.create_connection(("127.0.0.1", int(os.environ["PLANTNODE_BENCH"])), 10)
        self.port.settimeout(None)
        self.lines = self.port.makefile("r")
        self.lock = threading.Lock()
        self.levels: dict[int, int] = {}
        self.ahead = 0
        self.tell("is", sys.argv[1], os.getpid())
        self.obey(json.loads(self.lines.readline()))
        threading.Thread(target=self.listen, daemon=True).start()

    def tell(self, *what) -> None:
        with self.lock:
            self.port.sendall(json.dumps([*what, time.monotonic()]).encode() + b"\n")

    def obey(self, order: dict) -> None:
        self.levels.update({int(pin): level for pin, level in order.get("in", {}).items()})
        if "ahead" in order:
            self.ahead += order["ahead"]
            self.tell("jumped")

    def listen(self) -> None:
        for line in self.lines:
            self.obey(json.loads(line))
        os._exit(1)  # the test is over


class Told:
    """A pin whose level the bench keeps, and whose input the bench drives."""

    def output_with_state(self, state) -> None:
        self._function = "output"
        self._state = None
        self._change_state(float(state))

    def _change_state(self, value):
        changed = super()._change_state(value)
        if changed and self._function == "output":
            bench.tell("pin", int(self.info.name[4:]), float(value))
        return changed

    def _set_function(self, value) -> None:
        if self._function == "output" and value == "input":
            bench.tell("pin", int(self.info.name[4:]), None)
        super()._set_function(value)

    def _get_state(self):
        number = int(self.info.name[4:])
        if self._function == "input" and number in bench.levels:
            return bench.levels[number]
        return super()._get_state()


class GuardiansPin(Told, MockPWMPin):
    pass


class NodesPin(Told, MockPin):
    pass


class Mcp3008(MockSPIDevice):
    """Start bit, single-ended, three bits of channel; a pause, a zero and ten bits of result."""

    def on_bit(self) -> None:
        bits = [int(bit) for bit in self.rx_buf]
        if 1 in bits and len(bits) - bits.index(1) == 5:
            single, channel = bits[-4], bits[-3] * 4 + bits[-2] * 2 + bits[-1]
            volts = SOIL_UV if single and channel == 0 else 0
            self.tx_buf = [0, 0]
            self.tx_word(volts * 1023 // 3_300_000, 10)


def node() -> None:
    """What only the node process has: a converter, a clock that jumps, a planted fault."""
    Mcp3008(11, 10, 9, 8)
    if "PLANTNODE_CAMERA" in os.environ:
        import fake_picamera2  # noqa: PLC0415 - it wants pillow, which not every Python has

        fake_picamera2.put_in_place(os.environ["PLANTNODE_CAMERA"])
    ticks = clock.ticks
    clock.ticks = lambda: ticks() + bench.ahead
    exec(os.environ.get("PLANTNODE_BEFORE", ""), {})


bench = Bench()
Device.pin_factory = MockFactory(pin_class=NodesPin if sys.argv[1] == "node" else GuardiansPin)
from plant_vita_node import command, identity  # noqa: E402 - the paths and pins are set now
from plantnode import clock  # noqa: E402 - as above

identity.unique_id = lambda: bytes.fromhex("a4cf12000001")
if sys.argv[1] == "node":
    node()
if __name__ == "__main__":
    sys.exit(command.main(sys.argv[1:], (sys.executable, __file__)))
