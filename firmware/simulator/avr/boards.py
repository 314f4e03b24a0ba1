"""The boards: which chip they carry, and which of its legs is printed as which pin."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
BUILT = ROOT / ".cache" / "arduino"


@dataclass(frozen=True, kw_only=True)
class BoardKind:
    """An Arduino board.

    memory: last addresses of RAM, flash and EEPROM. pins: printed name → (port, bit).
    analog: printed name → channel of the converter. loader_s: how long its boot loader waits after
    an external reset before it starts the program.
    """

    mcu: str
    memory: tuple[int, int, int]
    pins: dict[str, tuple[str, int]]
    analog: dict[str, int]
    loader_s: float
    watchdog_vector: int
    hz: int = 16_000_000


def _pins(first: str, ports: str) -> dict[str, tuple[str, int]]:
    """Pins that follow one another: `first` "D0", ports "D0 D1 …"."""
    kind, number = first[0], int(first[1:])
    return {
        f"{kind}{number + place}": (leg[0], int(leg[1:])) for place, leg in enumerate(ports.split())
    }


# From the pin maps of the boards (arduino.cc, "Uno Rev3 pinout", "Mega 2560 pinout").
UNO = BoardKind(
    mcu="atmega328p",
    memory=(0x8FF, 0x7FFF, 0x3FF),
    pins=_pins("D0", "D0 D1 D2 D3 D4 D5 D6 D7 B0 B1 B2 B3 B4 B5")
    | _pins("A0", "C0 C1 C2 C3 C4 C5"),
    analog={f"A{channel}": channel for channel in range(6)},
    loader_s=1.0,
    watchdog_vector=6,
)
MEGA = BoardKind(
    mcu="atmega2560",
    memory=(0x21FF, 0x3FFFF, 0xFFF),
    pins=_pins(
        "D0",
        "E0 E1 E4 E5 G5 E3 H3 H4 H5 H6 B4 B5 B6 B7 J1 J0 H1 H0 D3 D2 D1 D0 A0 A1 A2 A3 A4 A5 A6 A7 "
        "C7 C6 C5 C4 C3 C2 C1 C0 D7 G2 G1 G0 L7 L6 L5 L4 L3 L2 L1 L0 B3 B2 B1 B0",
    )
    | _pins("A0", "F0 F1 F2 F3 F4 F5 F6 F7 K0 K1 K2 K3 K4 K5 K6 K7"),
    # simavr 1.6 converts only the first eight of the Mega's sixteen.
    analog={f"A{channel}": channel for channel in range(8)},
    loader_s=2.0,
    watchdog_vector=12,
)
BOARDS = {"uno": UNO, "mega": MEGA}


def built(board: str) -> Path:
    """Where the firmware's Makefile puts the program of a board."""
    return BUILT / board / "plant_node.elf"
