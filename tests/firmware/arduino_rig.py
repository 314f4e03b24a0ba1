"""What the tests of the Arduino need: its real program, a board to run it, and lines to talk in.

Lines and messages are read by the integration's own package, so that both ends check each other.
"""

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from random import Random

from custom_components.plant_vita.protocol import messages
from custom_components.plant_vita.protocol.limits import CABLE_FROM_NODE_BYTES_MAX
from custom_components.plant_vita.transport.lines import LineReader, framed
from firmware.simulator.avr.board import Board
from firmware.simulator.avr.pwm import duty
from scripts.lab.arduino import build
from tests.firmware.rig import ROOT

PROBE = ROOT / "tests" / "firmware" / "arduino_probe.c"
SOURCES = ROOT / "firmware" / "arduino"
FULL = os.environ.get("PLANT_VITA_FULL") == "1"

SOIL, AIR, DAMP, LUX, PUMP, LIGHT, TANK, LEAK = range(8)
WIRED = {
    SOIL: ("m", "A0"),
    AIR: ("t", "D2"),
    DAMP: ("h", "D2"),
    LUX: ("lx", "i2c"),
    PUMP: ("pump", "D7"),
    LIGHT: ("light", "D9"),
    TANK: ("tank", "D3"),
    LEAK: ("leak", "D4"),
}
PUMP_PIN, LIGHT_PIN, TANK_PIN, LEAK_PIN = "D7", "D9", "D3", "D4"
SECOND, SECOND_PIN = LIGHT, "D8"
TWO_PUMPS = {SOIL: ("m", "A0"), PUMP: ("pump", PUMP_PIN), SECOND: ("pump", SECOND_PIN)}
NOW_MS = 1_780_000_000_000


def probe(folder: Path) -> Path:
    """Compile the small program that tests the simulator."""
    made = folder / "probe.elf"
    words = ["avr-gcc", "-mmcu=atmega328p", "-DF_CPU=16000000L", "-Os", "-o", made, PROBE]
    subprocess.run(words, check=True, timeout=60)
    return made


@cache
def firmware(board: str = "uno") -> Path:
    """The firmware as it is."""
    return build(board)


@cache
def symbol(elf: Path, name: str) -> int:
    """Where in the RAM a variable of the program stands."""
    listed = subprocess.run(["avr-nm", elf], capture_output=True, check=True, text=True, timeout=60)
    found = [line.split() for line in listed.stdout.splitlines()]
    [place] = [word[0] for word in found if f"{len(name)}{name}E" in word[-1]]
    return int(place, 16) - 0x800000


class Node:
    """The real program on a board in virtual time, and what is said on its cable.

    heard: every message it sent, decoded. beats: empty lines. raw: all bytes since the power came.
    """

    def __init__(self, eeprom: bytes = b"", *, elf: Path | None = None, board: str = "uno") -> None:
        self.elf, self.kind = elf or firmware(board), board
        self.heard: list[dict] = []
        self.beats = 0
        self.raw = b""
        self.dice = Random(1)
        self._wires()
        self._power(eeprom)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.board.close()

    def _wires(self) -> None:
        self.millivolts = {"A0": 1875.0}
        self.contacts = {TANK_PIN: 0, LEAK_PIN: 1}  # full, and dry

    def _power(self, eeprom: bytes) -> None:
        self.board = Board(self.kind, elf=self.elf, eeprom=eeprom)
        self.board.millivolts.update(self.millivolts)
        for pin, level in self.contacts.items():
            self.board.pins.drive(pin, level)
        self._reader = LineReader(CABLE_FROM_NODE_BYTES_MAX)
        self._begun = b""

    def cut(self) -> bytes:
        """A power cut; what it leaves in the EEPROM."""
        image = self.board.eeprom.cut(self.dice)
        self.board.close()
        return image

    def again(self, image: bytes | None = None) -> None:
        """Power again, with what the EEPROM holds."""
        if image is None:
            image = self.cut()
        self._power(image)

    # ── the cable ───────────────────────────────────────────────────────────────────────

    def run(self, ms: float) -> None:
        """Let time pass, and hear what it says."""
        said = self.board.run(ms)
        self.raw += said
        lines = (self._begun + said).split(b"\n")
        self._begun = lines.pop()
        self.beats += sum(line in {b"", b"\r"} for line in lines)
        for payload in self._reader.feed(said):
            message = messages.decode(payload)
            assert message is not None, payload  # the integration must understand it
            self.heard.append(json.loads(payload))

    @property
    def garbled(self) -> int:
        """Lines from the node that were none."""
        return sum(self._reader.dropped.values())

    def send(self, message: dict | bytes, *, ms: float = 0) -> None:
        """Put a message on the cable, and let it arrive."""
        text = message if isinstance(message, bytes) else json.dumps(message).encode()
        self.raw_send(framed(text))
        self.run(ms)

    def raw_send(self, data: bytes) -> None:
        """Put bytes on the cable."""
        self.board.uart.send(data)

    def until(self, check, ms: float = 2000, step: float = 5):
        """Let time pass until `check()` gives something, and give that."""
        end = self.board.ms + ms
        while not (found := check()):
            if self.board.ms > end:
                raise TimeoutError(f"not within {ms} ms; heard {self.heard[-6:]}")
            self.run(step)
        return found

    def of(self, kind: str) -> list[dict]:
        """What it said, of one type."""
        return [message for message in self.heard if message["t"] == kind]

    def wait(self, kind: str, check=lambda message: True, ms: float = 2000) -> dict:
        """The first message of a type that passes `check`, from now or before."""
        return self.until(lambda: next((m for m in self.of(kind) if check(m)), None), ms)

    def hello(self, ms: float = 5000) -> dict:
        """Wait for a new hello, asking as Home Assistant does."""
        before = len(self.of("hello"))
        self.send({"t": "cmd", "op": "ping"})
        return self.until(lambda: self.of("hello")[before:], ms)[0]

    def greet(self, ms: float = 8000) -> dict:
        """Wait for its hello and answer it: it talks from now on."""
        before = len(self.of("hello"))
        found = self.until(lambda: self.of("hello")[before:], ms)[0]
        self.send({"t": "hi", "now": NOW_MS})
        return found

    def command(self, name: str, op: str, *, within: float = 2000, **fields) -> dict:
        """Send a command and give the answer."""
        before = len(self.heard)
        self.send({"t": "cmd", "c": name, "op": op, **fields})
        return self.until(
            lambda: next(
                (m for m in self.heard[before:] if m["t"] == "ack" and m["c"] == name), None
            ),
            within,
        )

    def confirm(self) -> None:
        """All that was told is stored."""
        told = self.of("tele")
        if told:
            boot = self.of("hello")[-1]["boot"]
            self.send({"t": "got", "b": boot, "n": told[-1]["n"]})

    def skip(self, seconds: float) -> None:
        """Put the program's own clocks forward; hardware timers, the pump's too, know nothing."""
        for name, each in (("milliseconds", seconds * 1000), ("quarters_passed", seconds * 4)):
            self.board.chip.add_to_word(symbol(self.elf, name), round(each))
        self.run(20)

    def stride(self, seconds: int) -> None:
        """Let seconds pass in a hurry: of each, the program gets a tenth to work in."""
        for _ in range(seconds):
            self.skip(0.92)
            self.run(80)

    # ── pins ────────────────────────────────────────────────────────────────────────────

    def contact(self, pin: str, level: int) -> None:
        """Open (1) or close (0) a contact."""
        self.contacts[pin] = level
        self.board.pins.drive(pin, level)

    def pump(self, pin: str = PUMP_PIN) -> bool:
        """Whether the pump has power; a pin that nobody drives is held low."""
        return self.board.pins.level(pin) == 1

    def duty(self, pin: str = LIGHT_PIN) -> float:
        """The share of its time a pin is high."""
        return duty(self.board.chip, self.board.pins, pin)

    def pulses(self, pin: str = PUMP_PIN) -> list[tuple[float, float]]:
        """When the pump had power since the board got its own: ms, ms."""
        found: list[tuple[float, float]] = []
        began = None
        for at, level in [*self.board.edges(pin), (self.board.ms, None)]:
            if level == 1 and began is None:
                began = at
            elif level != 1 and began is not None:
                found.append((began, at))
                began = None
        return found


def wired(wires: dict[int, tuple[str, str]], elf: Path | None = None) -> bytes:
    """The EEPROM of a board that was new and has been wired, over its cable."""
    with Node(elf=elf) as node:
        for channel, *_ in node.greet()["ch"]:
            assert node.command(f"clear{channel}", "wire", ch=channel, set={})["ok"] == 1
        for channel, (kind, place) in wires.items():
            wire = {"k": kind, "at": place}
            answer = node.command(f"wired{channel}", "wire", ch=channel, set=wire)
            assert answer.get("ok") == 1, (channel, answer)
        node.run(200)
        assert node.board.eeprom.unfinished is None
        return node.board.eeprom.image()


@cache
def image(two_pumps: bool = False) -> bytes:
    """The same for the firmware as it is, made once."""
    return wired(TWO_PUMPS if two_pumps else WIRED)
