"""Everything outside the chip: the plant in its pot, air, tank, and what is wired to the pins."""

import random
import runpy
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from .bme280 import Bme280
from .instruments import ENODEV, Battery, Bh1750, BusError, Device, Dht22, Sht3x, SoilProbe
from .pot import PLANTS, Pot
from .weather import Air, Climate

BOARDS = Path(__file__).parents[1] / "esp32" / "plantnode" / "boards"
LAMP_LUX, LAMP_WATT = 9000.0, 60.0
# A camera evens out what is brighter; in the dark it sees noise.
BRIGHT_LUX, DARK = 300.0, 0.03
WILTING = 25.0
STEP_S = 60.0
I2C_PARTS: dict[str, tuple[int, type[Device]]] = {
    "sht3x": (0x44, Sht3x),
    "bme280": (0x76, Bme280),
    "bh1750": (0x23, Bh1750),
}
FAULTS = ("open", "short", "silent", "tank", "leak", "clog", "wifi")

type Part = str | tuple[str, dict[str, Any]]


def board_data(name: str) -> dict[str, Any]:
    """What the firmware knows of a board; the bench is wired by the same list of pins."""
    data: dict[str, Any] = runpy.run_path(str(BOARDS / f"{name}.py"))["BOARD"]
    return data


@lru_cache(maxsize=8)
def _photographed(
    seed: int,
    size: tuple[int, int],
    quality: int,
    look: tuple[float, float],
    turned: tuple[int, int],
) -> bytes:
    """A JPEG of the plant; `look` is the light and the share of yellow leaves."""
    # They load numpy and Pillow, which only a node with a camera needs.
    from PIL.Image import Transpose  # noqa: PLC0415

    from scripts.lab.clouds.pictures import jpeg, plant  # noqa: PLC0415

    picture = plant(seed, size, light=look[0], yellow=look[1])
    ways = (Transpose.FLIP_LEFT_RIGHT, Transpose.FLIP_TOP_BOTTOM)
    for way, wanted in zip(ways, turned, strict=True):
        picture = picture.transpose(way) if wanted else picture
    return jpeg(picture, quality)


class World:
    """Truth by the second. The chip asks for volts and registers, its pins switch things."""

    def __init__(
        self,
        board: Mapping[str, Any],
        parts: Sequence[Part],
        *,
        climate: Climate,
        plant: str = "basil",
        start: float | None = None,
        seed: int = 1,
        began: float = 10 * 3600.0,
    ) -> None:
        self.board = board
        self.climate = climate
        self.began = began  # seconds since the first midnight of the record
        self.now = 0.0
        self.pot = Pot(PLANTS[plant], start=start)
        self.flow_ml_s = 20.0
        self.tank_ml, self.tank_low_ml = 2000.0, 150.0
        self.tank_full_ml = self.tank_ml
        self.pressed = False
        self.faults: set[str] = set()
        self.silent: set[str] = set()
        self.levels: dict[int, int] = {}
        self.duty: dict[int, int] = {}
        self._seed = seed
        self._dice = random.Random(seed)  # noqa: S311 - noise, not secrets
        self._wire(parts)

    def _wire(self, parts: Sequence[Part]) -> None:
        self.probes: dict[int, SoilProbe] = {}
        self.batteries: dict[int, Battery] = {}
        self.thermometers: dict[int, Dht22] = {}
        self.bus: dict[int, tuple[str, Device]] = {}
        self.pumps: dict[int, int] = {}  # pin -> level that means on
        self.lights: dict[int, int] = {}
        self.contacts: dict[int, str] = {}
        self.cameras = 0
        places: dict[str, int] = {}
        for part in parts:
            name, options = (part, {}) if isinstance(part, str) else part
            place = places.get(name, 0)
            places[name] = place + 1
            if name in I2C_PARTS:
                address, device = I2C_PARTS[name]
                wired = device(self._part_dice(name, place), self.air)
                self.bus[options.get("address", address)] = (name, wired)
            elif name == "camera":
                self.cameras += 1
            elif name != "radio":
                self._wire_pin(name, place, options)

    def _wire_pin(self, name: str, place: int, options: Mapping[str, Any]) -> None:
        slot = "dht" if name == "dht22" else name
        pin = options["pin"] if "pin" in options else self.board[slot][place]
        dice = self._part_dice(name, place)
        match name:
            case "soil":
                self.probes[pin] = SoilProbe(dice, depth=0.3 + 0.4 * place)
            case "battery":
                self.batteries[pin] = Battery(dice)
            case "dht22":
                self.thermometers[pin] = Dht22(dice)
            case "pump":
                self.pumps[pin] = options.get("active", 1)
            case "light":
                self.lights[pin] = options.get("active", 1)
            case _:
                self.contacts[pin] = name

    def _part_dice(self, name: str, place: int) -> random.Random:
        return random.Random(f"{self._seed} {name} {place}")  # noqa: S311

    # ── time ────────────────────────────────────────────────────────────────────────────

    def advance(self, now: float) -> None:
        """Let time pass until `now`, in seconds since the world began; the past stays as it is."""
        while self.now < now:
            part = min(STEP_S, now - self.now)
            wanted = self.flow_ml_s * part * self.pumping()
            given = min(wanted, self.tank_ml)
            self.tank_ml -= given
            if given:
                self.pot.pour(given)
            self.now += part
            self.pot.step(part, self.air())

    def air(self) -> Air:
        """The air around the plant, its lamp included."""
        air = self.climate.at(self.began + self.now)
        lit = self.lamp()
        if not lit:
            return air
        return Air(
            temperature=air.temperature,
            humidity=air.humidity,
            pressure=air.pressure,
            radiation=air.radiation + LAMP_WATT * lit,
            light=air.light + LAMP_LUX * lit,
        )

    def lamp(self) -> float:
        """The share of its power the grow light gives, 0–1."""
        shares = (
            duty / 65535 if self.lights[pin] else 1 - duty / 65535
            for pin, duty in self.duty.items()
            if pin in self.lights
        )
        return sum(shares)

    def truth(self) -> dict[str, Any]:
        """What is the case now, for a picture or an assertion: %, ml, °C, % and lx."""
        air, pot = self.air(), self.pot
        return {
            "moisture": round(pot.felt(), 2),
            "poured_ml": round(pot.poured, 2),
            "spilt_ml": round(pot.spilt, 2),
            "tank_ml": round(self.tank_ml, 2),
            "temperature": round(air.temperature, 2),
            "humidity": round(air.humidity, 1),
            "light": round(air.light),
            "lamp": round(self.lamp(), 3),
            "pumping": self.pumping(),
        }

    # ── what the chip does ──────────────────────────────────────────────────────────────

    def pumping(self) -> int:
        """How many pumps deliver now."""
        if "clog" in self.faults:
            return 0
        return sum(1 for pin, on in self.pumps.items() if self.is_on(pin, on))

    def is_on(self, pin: int, on: int) -> bool:
        """Whether this pump has power; a pin nobody drives is held off by its resistor."""
        return self.levels.get(pin, 1 - on) == on

    def pins_fall(self) -> None:
        """A reset: nothing is driven any more."""
        self.levels.clear()
        self.duty.clear()

    # ── what the chip sees ──────────────────────────────────────────────────────────────

    def inputs(self) -> dict[int, int]:
        """The levels of all input pins that something is wired to."""
        empty = "tank" in self.faults or self.tank_ml < self.tank_low_ml
        wet = "leak" in self.faults or self.pot.spilt > 0
        levels = {
            pin: (int(empty) if kind == "tank" else int(not wet))
            for pin, kind in self.contacts.items()
        }
        if self.board["button"] is not None:
            levels[self.board["button"]] = int(not self.pressed)
        return levels

    def adc(self, pin: int) -> int:
        """Microvolts at an analogue pin, as far as the converter can show them."""
        if pin in self.probes:
            value = self._probe(self.probes[pin])
        elif pin in self.batteries:
            value = self.batteries[pin].microvolts(self.now)
        else:
            value = abs(self._dice.gauss(0, 10_000))
        full: int = self.board["adc_full_uv"]
        return max(0, min(int(value), full))

    def _probe(self, probe: SoilProbe) -> float:
        if probe.fault is None and "open" in self.faults:
            return abs(self._dice.gauss(0, 10_000))
        if probe.fault is None and "short" in self.faults:
            return 3_300_000
        return probe.microvolts(self.pot, self.now)

    def dht(self, pin: int) -> list[float]:
        """A reading of the DHT22 at this pin; raises BusError."""
        if pin not in self.thermometers or self._mute("dht22"):
            raise BusError(110)
        return self.thermometers[pin].measure(self.air())

    def i2c(self, what: str, address: int, data: bytes, count: int) -> bytes | list[int]:
        """One transfer on the bus; raises BusError where nobody answers."""
        if what == "scan":
            return sorted(at for at, (name, _) in self.bus.items() if not self._mute(name))
        name, device = self.bus.get(address, ("", None))
        if device is None or self._mute(name):
            raise BusError(ENODEV)
        if data:
            device.write(data)
        return device.read(count) if count else b""

    def answer(self, question: Sequence[Any]) -> Any:
        """What the chip's hardware finds when it asks: a value, or the number of an error."""
        try:
            match question:
                case ["adc", pin, _]:
                    return self.adc(pin)
                case ["dht", pin]:
                    return self.dht(pin)
                case ["camera", width, height, quality, turned]:
                    return self._seen((width, height), quality, turned)
                case ["i2c", what, address, data, count]:
                    answer = self.i2c(what, address, bytes.fromhex(data), count)
                    return answer.hex() if isinstance(answer, bytes) else answer
        except BusError as error:
            return {"errno": error.number}
        return {"errno": 22}

    def _seen(self, size: tuple[int, int], quality: int, turned: Sequence[int]) -> str:
        if not self.cameras or self._mute("camera"):
            raise BusError(ENODEV)
        return b64encode(self.photo(size, quality, turned)).decode()

    def photo(self, size: tuple[int, int], quality: int, turned: Sequence[int] = (0, 0)) -> bytes:
        """What a camera sees of the plant now, as a JPEG: dry leaves, and the light there is."""
        lit = self.levels.get(self.board.get("flash", -1)) == 1
        light = 1.0 if lit else min(1.0, max(DARK, self.air().light / BRIGHT_LUX))
        dry = max(0.0, (WILTING - self.pot.felt()) / WILTING)
        look = (round(light, 2), round(0.1 + 0.8 * dry, 2))
        return _photographed(self._seed, size, quality, look, (turned[0], turned[1]))

    def _mute(self, name: str) -> bool:
        return "silent" in self.faults or name in self.silent

    # ── faults ──────────────────────────────────────────────────────────────────────────

    def fault(self, name: str, *, on: bool = True) -> None:
        """Break or mend something: one of FAULTS, or "silent:<part>". A mended leak is wiped up."""
        if name.startswith("silent:"):
            change = self.silent.add if on else self.silent.discard
            change(name.removeprefix("silent:"))
            return
        if name not in FAULTS:
            raise ValueError(f"no such fault: {name}")
        if on:
            self.faults.add(name)
            return
        self.faults.discard(name)
        if name == "tank":
            self.tank_ml = self.tank_full_ml
        elif name == "leak":
            self.pot.spilt = 0.0
