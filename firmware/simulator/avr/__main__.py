"""Run one simulated Arduino until SIGTERM or SIGINT, in real time, behind a pseudo-terminal.

Example::

    python -m firmware.simulator.avr --dir nodes/basil --board uno --plant basil

Prints one JSON object a line: {"event": "port", "path": …}, and pump, reset, truth, error, off.
Takes one JSON object a line:

- {"do": "kill"}, "start", "stop", "truth", "reset"
- {"do": "unplug", "powered": false}, {"do": "replug", "path": "…"}
- {"do": "fault", "name": "tank", "on": true}
"""

import argparse
import contextlib
import json
import os
import select
import signal
import stat
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from ..gardens import GARDENS
from ..pot import PLANTS
from .bench import PARTS, Bench, Part
from .boards import BOARDS
from .cable import Cable

STEP_S = 0.002
MOST_BEHIND_S = 0.25  # of real time; what a busy machine cannot keep up with is skipped
SAVE_S = 1.0
DAY_S = 24 * 3600


def say(event: dict[str, Any]) -> None:
    """One line on stdout; a reader that has gone away is no reason to stop a board."""
    with contextlib.suppress(BrokenPipeError):
        print(json.dumps(event), flush=True)


class Runner:
    """A bench at the speed of the clock on the wall, its cable, and somebody's orders."""

    def __init__(self, bench: Bench, cable: Cable, image: Path, *, reset_on_open: bool) -> None:
        self.bench, self.cable, self.image = bench, cable, image
        self.ended = False
        self._reset_on_open = reset_on_open
        self._told = 0
        self._running: dict[int, bool] = {}
        self._clock_at = 0.0  # what our clock showed when the board's was 0
        self._saved = bench.eeprom
        self._save_due = 0.0
        self._orders = b""
        self._listening = _can_be_asked()
        if image.exists():
            bench.eeprom = image.read_bytes()

    def start(self) -> None:
        """Power, and a port."""
        self.bench.power()
        if not self.cable.plugged:
            self.plug(None)

    def plug(self, path: Path | None) -> None:
        """Put the cable in."""
        self.cable.plug(path)
        say({"event": "port", "path": str(self.cable.path)})

    def run(self) -> None:
        """Until `ended`."""
        self.start()
        self._clock_at = time.monotonic() - self.bench.now
        while not self.ended:
            self._listen()
            behind = time.monotonic() - self._clock_at - self.bench.now
            if behind > MOST_BEHIND_S or not self.bench.board:
                self._clock_at = time.monotonic() - STEP_S - self.bench.now
                behind = STEP_S
            if behind >= STEP_S:
                self._step(behind)
            time.sleep(max(0.0, STEP_S - behind if behind < STEP_S else STEP_S / 4))
        self.stop()

    def stop(self) -> None:
        """The end: power off, port gone, EEPROM kept."""
        self._cut()
        self.cable.unplug()
        say({"event": "off"})

    def _step(self, seconds: float) -> None:
        bench, cable = self.bench, self.cable
        if cable.was_opened() and self._reset_on_open:
            bench.reset()
        # The board catches up with the clock before it hears: nothing comes before it was sent.
        cable.write(bench.run(min(seconds, MOST_BEHIND_S) * 1000))
        sent = cable.read()
        if bench.board and sent:
            bench.board.uart.send(sent)
        self._tell()
        self._save()

    def _tell(self) -> None:
        pulses = self.bench.record.edges[self._told :]
        self._told += len(pulses)
        for seconds, number, _ in pulses:
            on = self.bench.record.running(number)
            if self._running.get(number, False) != on:
                self._running[number] = on
                self._say_pump(seconds, number, on=on)
        for cause in self.bench.resets:
            say({"event": "reset", "cause": cause})
        self.bench.resets.clear()

    def _say_pump(self, seconds: float, number: int, *, on: bool) -> None:
        """`at`: the same moment by our clock, however late it is told."""
        say({
            "event": "pump",
            "pin": list(self.bench.kind.pins)[number],
            "on": on,
            "seconds": round(seconds, 6),
            "at": round(self._clock_at + seconds, 6),
        })  # fmt: skip

    def _save(self) -> None:
        """So that a killed process is a power cut, too, a second late at the most."""
        board, now = self.bench.board, time.monotonic()
        if board and now >= self._save_due:
            self._save_due = now + SAVE_S
            self._write(board.eeprom.image())

    def _write(self, image: bytes) -> None:
        if image != self._saved:
            self._saved = image
            self.image.parent.mkdir(parents=True, exist_ok=True)
            new = self.image.with_suffix(".new")
            new.write_bytes(image)
            new.replace(self.image)

    def _cut(self) -> None:
        running = [pulse.pin for pulse in self.bench.record.pulses if pulse.end is None]
        self.bench.cut()
        for number in running:
            self._running[number] = False
            self._say_pump(self.bench.now, number, on=False)
        self._write(self.bench.eeprom)

    # ── orders ──────────────────────────────────────────────────────────────────────────

    def _listen(self) -> None:
        if not self._listening or not select.select([sys.stdin], [], [], 0)[0]:
            return
        found = os.read(sys.stdin.fileno(), 4096)
        if not found:
            self._listening = False
        *lines, self._orders = (self._orders + found).split(b"\n")
        for line in lines:
            try:
                self._obey(json.loads(line))
            except (ValueError, TypeError, OSError) as error:
                say({"event": "error", "message": f"{type(error).__name__}: {error}"})

    def _obey(self, order: dict[str, Any]) -> None:
        match order:
            case {"do": "kill" | "stop"}:
                self._cut()
            case {"do": "start"}:
                self.start()
            case {"do": "reset"}:
                self.bench.reset()
            case {"do": "unplug"}:
                if not order.get("powered", False):
                    self._cut()  # the cable is its supply
                self.cable.unplug()
            case {"do": "replug"}:
                self.bench.power()
                self.plug(Path(order["path"]) if order.get("path") else None)
            case {"do": "fault", "name": str(name)}:
                self.bench.fault(name, on=bool(order.get("on", True)))
            case {"do": "truth"}:
                say({"event": "truth", **self.bench.truth()})
            case _:
                raise ValueError("not an order")
        if order["do"] != "truth":
            say({"event": "done", "do": order["do"]})


def _can_be_asked() -> bool:
    mode = os.fstat(sys.stdin.fileno()).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or sys.stdin.isatty()


def part(text: str) -> Part:
    """`pump@D7`, or `pump@!D7` for one that is on when its pin is low; see Part."""
    kind, _, place = text.partition("@")
    return Part(kind=kind, place=place.removeprefix("!"), inverted=place.startswith("!"))


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--dir", type=Path, required=True, help="EEPROM and port, made if absent")
    parser.add_argument("--board", choices=sorted(BOARDS), default="uno")
    parser.add_argument("--elf", type=Path, help="the program; default: as built")
    parser.add_argument("--port", type=Path, help="where the port appears; default: DIR/ttyACM0")
    parser.add_argument("--parts", nargs="*", type=part, default=PARTS, metavar="KIND@PIN")
    parser.add_argument("--plant", choices=sorted(PLANTS), default="basil")
    parser.add_argument("--pot", choices=sorted(GARDENS), help="weather and plant of a garden")
    parser.add_argument("--speed", type=float, default=1.0, help="the pot's time to ours")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=float, help="first water, as a share of the soil")
    parser.add_argument("--hour", type=float, help="hour of the first day; default: now")
    parser.add_argument("--no-reset-on-open", action="store_true", help="opening changes nothing")
    return parser.parse_args()


def bench_from(options: argparse.Namespace) -> Bench:
    """The bench that the command line describes."""
    garden = GARDENS.get(options.pot or "", {})
    now = datetime.now().astimezone()
    today = (now.day - 1) * DAY_S + now.hour * 3600 + now.minute * 60 + now.second
    return Bench(
        options.board,
        parts=options.parts,
        elf=options.elf,
        plant=garden.get("plant", options.plant),
        climate=garden["climate"]() if garden else None,
        start=options.start,
        began=today if options.hour is None else options.hour * 3600,
        seed=options.seed,
        speed=options.speed,
    )


def main() -> None:
    """Run until told to end."""
    options = arguments()
    cable = Cable(options.port or options.dir / "ttyACM0")
    runner = Runner(
        bench_from(options), cable, options.dir / "eeprom.bin",
        reset_on_open=not options.no_reset_on_open,
    )  # fmt: skip

    def end(_number: int, _frame: object) -> None:
        runner.ended = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    runner.run()


if __name__ == "__main__":
    main()
