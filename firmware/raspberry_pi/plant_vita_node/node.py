"""The node itself: `plantnode` of the ESP32, with this computer in the place of the chip."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from . import bus, camera, chip, config
from .chip import ANALOGUE, Fitted
from .config import Config
from .converter import Ads1115, Converter, Mcp3008
from .wire import Wire

PROGRAM = Path(__file__).resolve().parents[2] / "esp32"
BOARD = "raspberrypi"
# What the file decides: whatever else the settings hold was learnt, and stays.
DECIDED = (*config.TEXTS, "board", "parts", "labels", "sleep", "updates")


def board_data(wanted: Config) -> dict[str, Any]:
    """The board as `plantnode.board` wants it; every part brings its own pin."""
    return {
        "model": BOARD,
        "chip": {
            "adc1": tuple(range(ANALOGUE, ANALOGUE + Mcp3008.channels)),
            "input_only": (),
            "strapping": config.PULLED_UP,
            "taken": (),
            "last": ANALOGUE + Mcp3008.channels - 1,
        },
        "adc_full_uv": Mcp3008.full_uv,
        "button": wanted.button,
        "led": wanted.led,
        "i2c": {"id": bus.NUMBER, "sda": 2, "scl": 3},
        "parts": (),
    }


def enter(wanted: Config, folder: Path) -> None:
    """From here on `import plantnode` works: the stand-ins, the board, the folder for its files."""
    os.environ["PLANTNODE_DIR"] = str(folder)
    sys.path.insert(0, str(PROGRAM))
    sys.modules["machine"] = chip
    sys.modules["deflate"] = ModuleType("deflate")  # only for updates, which this node refuses
    from plantnode import boards, files  # noqa: PLC0415 - there only now

    from .medium import Card  # noqa: PLC0415 - as above

    files.use(Card(), f"{folder}/")
    board = ModuleType(f"plantnode.boards.{BOARD}")
    board.__dict__["BOARD"] = board_data(wanted)
    sys.modules[board.__name__] = board
    sys.modules["plantnode.drivers.camera"] = camera
    boards.NAMES = (BOARD,)


def channels(kind: str, place: int) -> tuple[int, ...]:
    """The channels of a part: `place` is 0 for the first of its kind."""
    from plantnode import parts  # noqa: PLC0415 - there since `enter`

    match kind:
        case "bme280":
            return parts.AIR, parts.AIR + 1, parts.PRESSURE
        case "sht3x":
            return parts.AIR, parts.AIR + 1
        case "bh1750":
            return (parts.LIGHT_LEVEL,)
        case _:
            return (getattr(parts, kind.upper()) + place,)


def settings(wanted: Config, kept: dict[str, Any]) -> dict[str, Any]:
    """The node's settings: what it has learnt, and over it what the file says."""
    kinds = [part.kind for part in wanted.parts]
    labels = {
        str(channel): part.label
        for at, part in enumerate(wanted.parts)
        if part.label
        for channel in channels(part.kind, kinds[:at].count(part.kind))
    }
    learnt = {key: value for key, value in kept.items() if key not in DECIDED}
    return learnt | wanted.settings | {
        "board": BOARD,
        "parts": [[part.kind, part.options] for part in wanted.parts],
        "labels": labels,
        "updates": 0,  # its programs come with the system's tools, not over the link
    }  # fmt: skip


def write_settings(wanted: Config) -> None:
    """Bring the node's own file up to date; raises OSError."""
    from plantnode import files, settings as kept  # noqa: PLC0415 - there since `enter`

    before = kept.load().values
    after = settings(wanted, before)
    if after != before:
        files.write(kept.NAME, json.dumps(after).encode())


def provision() -> bool:
    """An empty watering ledger for a new node; False where there is any trace of one."""
    from plantnode import ledger  # noqa: PLC0415 - there since `enter`

    return bool(ledger.provision())


def make_converter(name: str) -> Converter | None:
    """The converter the file names, or None; one that is not there answers with OSError."""
    if name == "mcp3008":
        return Mcp3008()
    return Ads1115(bus.Bus()) if name == "ads1115" else None


def run(wanted: Config, folder: Path, port: socket.socket, lifeline: int) -> None:
    """For ever, or until SIGTERM; the guardian sees how it ends."""
    _be_the_first_to_go()
    Fitted.wire = Wire(port)
    Fitted.wire.outlive(lifeline)
    enter(wanted, folder)
    Fitted.converter = make_converter(wanted.converter)
    write_settings(wanted)
    from plantnode import app  # noqa: PLC0415 - there since `enter`

    asyncio.run(_live(app.Node()))


def _be_the_first_to_go() -> None:
    """Where memory runs out, the kernel is to end this process and not the guardian."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500", "ascii")


async def _live(node: Any) -> None:
    for problem in node.board.problems:
        print("not fitted:", problem, flush=True)
    with _stopped_by(signal.SIGTERM, node), _stopped_by(signal.SIGINT, node):
        await node.run()


@contextlib.contextmanager
def _stopped_by(number: int, node: Any) -> Iterator[None]:
    """Let a signal end the node in good order: everything off, everything written down."""
    ending: list[asyncio.Task[None]] = []

    def stop() -> None:
        if not ending:
            ending.append(asyncio.create_task(node.stop_and_reset()))

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        loop.remove_signal_handler(number)
