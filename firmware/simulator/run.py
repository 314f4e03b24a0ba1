"""Run one simulated node until SIGTERM or SIGINT.

Example::

    python -m firmware.simulator.run --url http://127.0.0.1:8123 --dir nodes/basil --name Basil

Prints one JSON object a line: {"event": "code", "code": …}, and on, pump, pwm, reset, sleep, log,
truth, off, error. Takes one JSON object a line:

- {"do": "kill"}, "start", "stop", "restart", "truth"
- {"do": "fault", "name": "tank", "on": true}
- {"do": "press", "seconds": 0.3}, {"do": "type", "line": "status"}
- {"do": "advance", "seconds": 3600}
"""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import stat
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from .bench import SimulatedNode
from .gardens import GARDENS

DAY_S = 24 * 3600


def say(event: dict[str, Any]) -> None:
    """One line on stdout; a reader that has gone away is no reason to stop a node."""
    with contextlib.suppress(BrokenPipeError):
        print(json.dumps(event), flush=True)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--url", default="", help="Home Assistant; empty: the node looks for it")
    parser.add_argument("--dir", type=Path, required=True, help="the node's flash, made if absent")
    parser.add_argument("--name", required=True)
    parser.add_argument("--pot", choices=sorted(GARDENS), default="basil")
    parser.add_argument("--board", help="esp32dev, esp32s3, esp32c3, …; default: the garden's")
    parser.add_argument("--speed", type=int, default=1, help="the plant's time to ours")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=float, help="first water, as a share of the soil")
    parser.add_argument("--every", type=int, default=60, help="seconds between a node's reports")
    parser.add_argument("--wifi", nargs=2, metavar=("NAME", "PASSWORD"), default=("bench", ""))
    parser.add_argument("--blank", action="store_true", help="told no Wi-Fi: it waits for `join`")
    parser.add_argument("--cable", action="store_true", help="its console as a serial port here")
    parser.add_argument("--hour", type=float, help="hour of the first day; default: now")
    return parser.parse_args()


def node_from(options: argparse.Namespace) -> SimulatedNode:
    """The node that the command line describes."""
    garden = dict(GARDENS[options.pot])
    climate = garden.pop("climate")()
    settings = {"every": options.every} | garden.pop("settings", {})
    board = options.board or garden.pop("board", "esp32dev")
    garden.pop("board", None)
    return SimulatedNode(
        options.dir,
        name=options.name,
        url=options.url,
        board=board,
        climate=climate,
        settings=settings,
        seed=options.seed,
        speed=options.speed,
        start=options.start,
        began=options.hour * 3600 if options.hour is not None else _today(),
        wifi=tuple(options.wifi),
        blank=options.blank,
        cable=options.cable,
        notify=say,
        **garden,
    )


def _today() -> float:
    """Seconds since the first of this month: the plant's day is the spectator's day."""
    now = datetime.now().astimezone()
    return (now.day - 1) * DAY_S + now.hour * 3600 + now.minute * 60 + now.second


async def obey(node: SimulatedNode, order: dict[str, Any]) -> None:
    """One order from stdin."""
    match order:
        case {"do": "kill" | "start" | "stop" | "restart" as what}:
            action: dict[str, Callable[[], Awaitable[None]]] = {
                "kill": node.kill, "start": node.start, "stop": node.stop, "restart": node.restart,
            }  # fmt: skip
            await action[what]()
        case {"do": "truth"}:
            say({"event": "truth", **node.truth()})
        case {"do": "fault", "name": str(name)}:
            node.fault(name, on=bool(order.get("on", True)))
        case {"do": "press"}:
            await node.press(float(order.get("seconds", 0.3)))
        case {"do": "type", "line": str(line)}:
            node.type(line)
        case {"do": "advance", "seconds": int() | float() as seconds}:
            await node.advance(seconds)
        case _:
            raise ValueError("not an order")


async def listen(node: SimulatedNode) -> None:
    """Obey stdin, line by line; when it ends, or is no pipe, the node goes on."""
    mode = os.fstat(sys.stdin.fileno()).st_mode
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or sys.stdin.isatty()):
        return
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        try:
            await obey(node, json.loads(line))
        except (ValueError, TypeError, OSError, TimeoutError) as error:
            say({"event": "error", "message": f"{type(error).__name__}: {error}"})


async def main() -> None:
    """Run until told to end."""
    node = node_from(arguments())
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    async with node:
        cable = {"console": node.console_path} if node.console_path else {}
        say({"event": "on", "id": node.id, "name": node.name, **cable})
        listener = asyncio.create_task(listen(node))
        await ended.wait()
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(main())
