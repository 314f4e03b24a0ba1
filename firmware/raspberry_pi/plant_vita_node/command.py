"""The commands of `start.py`."""

import argparse
import json
import os
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

from . import announcement, config, identity, node
from .bank import Bank
from .config import Config, ConfigError
from .guardian import Guardian

EX_CONFIG = 78  # sysexits.h; the service is not started again after it
FOLDER = Path("/var/lib/plant-vita-node")
OUTPUTS = "outputs.json"  # [[pin, the level at which it rests], …] of the service that ran last


def arguments(words: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="plant-vita-node", description=__doc__)
    place = os.environ.get("PLANT_VITA_NODE_CONFIG", config.PLACE)
    folder = os.environ.get("STATE_DIRECTORY", FOLDER)
    parser.set_defaults(config=Path(place), folder=Path(folder), fds=[])
    does = parser.add_subparsers(dest="command", required=True)
    does.add_parser("run", help="be a node until told to end (the service)")
    does.add_parser("off", help="switch every pump and lamp off (after the service)")
    does.add_parser("check", help="look at the file of settings")
    does.add_parser("provision", help="give a new node its empty watering ledger")
    does.add_parser("announce", help="let Avahi tell the network that a node is here")
    does.add_parser("code", help="show the pairing code")
    does.add_parser("node").add_argument("fds", nargs=2, type=int)
    return parser.parse_args(words)


def main(words: Sequence[str], command: Sequence[str]) -> int:
    """Carry out what the words say. `command` starts this program; returns its exit code."""
    given = arguments(words)
    try:
        return _COMMANDS[given.command](given, command)
    except ConfigError as error:
        print(error, flush=True)
        return EX_CONFIG


def _run(given: argparse.Namespace, command: Sequence[str]) -> int:
    wanted = config.load(given.config)
    outputs = config.outputs(wanted)
    _remember(given.folder / OUTPUTS, outputs)
    bank = Bank()
    pumps = [part.options["pin"] for part in wanted.parts if part.kind == "pump"]
    _rest({pin: outputs[pin] for pin in pumps}, bank)  # W1; what is dimmed begins with the node
    Guardian(command, bank).run()
    return 0


def _remember(place: Path, outputs: dict[int, int]) -> None:
    """Let `off` know what was driven, whatever becomes of the file of settings meanwhile."""
    fresh = place.with_suffix(".new")
    fresh.write_text(json.dumps(list(outputs.items())))
    fresh.replace(place)


def _rest(outputs: dict[int, int], bank: Bank) -> int:
    """Put pins to the level at which they rest; how many could not be had."""
    failed = 0
    for pin, level in outputs.items():
        try:
            bank.switch(pin, level)
        except OSError as error:
            print(f"GPIO {pin} could not be put to rest: {error}", flush=True)
            failed += 1
    return failed


def _off(given: argparse.Namespace, _command: Sequence[str]) -> int:
    try:
        outputs = dict(json.loads((given.folder / OUTPUTS).read_bytes()))
    except FileNotFoundError:
        return 0  # it has never run
    return 1 if _rest(outputs, Bank()) else 0


def _check(given: argparse.Namespace, _command: Sequence[str]) -> int:
    wanted = config.load(given.config)
    print(f"good: {len(wanted.parts)} parts")
    return 0


def _provision(given: argparse.Namespace, _command: Sequence[str]) -> int:
    node.enter(Config(), given.folder)
    print("ledger made" if node.provision() else "ledger kept")
    return 0


def _announce(given: argparse.Namespace, _command: Sequence[str]) -> int:
    name = config.load(given.config).settings.get("name", "")
    if not announcement.announce(identity.unique_id().hex(), name):
        print("no Avahi: choose Add integration in Home Assistant")
    return 0


def _code(given: argparse.Namespace, _command: Sequence[str]) -> int:
    try:
        code = json.loads((given.folder / "keys.json").read_bytes())["code"]
    except (OSError, ValueError, KeyError, TypeError):
        print("no code yet: the service has not run, or you may not read its files (sudo)")
        return 1
    shown = "-".join(code[at : at + 4] for at in range(0, len(code), 4))
    print(f"pairing code: {shown}" if code else "this node is paired")
    return 0


def _node(given: argparse.Namespace, _command: Sequence[str]) -> int:
    port, lifeline = given.fds
    node.run(config.load(given.config), given.folder, socket.socket(fileno=port), lifeline)
    return 0


_COMMANDS: dict[str, Callable[[argparse.Namespace, Sequence[str]], int]] = {
    "run": _run,
    "off": _off,
    "check": _check,
    "provision": _provision,
    "announce": _announce,
    "code": _code,
    "node": _node,
}
