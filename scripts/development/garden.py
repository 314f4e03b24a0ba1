"""The laboratory behind `scripts/develop`: start everything, wait, stop everything."""

import argparse
import asyncio
import fcntl
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path

from scripts.environment.layout import ROOT
from scripts.lab.access import PASSWORD, USER, Access
from scripts.lab.api import Api, ApiError, Json
from scripts.lab.dashboard import show_garden, show_nodes
from scripts.lab.gardening import add_plant, plants
from scripts.lab.process import (
    PYTHON,
    PYTHON_LATEST,
    Home,
    LabError,
    free_port,
    provision,
)

from .arduino import arduino_on_a_cable
from .clouds import clouds, subscribe
from .model import install, let_ask
from .nodes import SimulatedNode, is_paired, pair, start_node

FOLDER = ROOT / ".develop"
RESTART = 100  # Home Assistant's exit code when somebody asked it to restart
NODES = (("Basil", "basil"), ("Monstera", "monstera"), ("Ficus", "ficus"))
# Each in the pot that a node is in; and one that nothing measures.
PLANTS = (
    ("Kitchen basil", "ocimum_basilicum", "basil"),
    ("Swiss cheese plant", "monstera_deliciosa", "monstera"),
    ("Fiddle-leaf fig", "ficus_lyrata", "ficus"),
    ("Grandmother's aloe", "aloe_vera", None),
)
# What of a node a plant is bound to; a node with two probes has numbers.
BOUND = {
    "moisture": "sensor.{}_soil_moisture{}",
    "temperature": "sensor.{}_temperature",
    "humidity": "sensor.{}_humidity",
    "light": "sensor.{}_light",
}
READY_SECONDS = 30.0


async def tend(folder: Path, options: argparse.Namespace) -> None:
    """Run Home Assistant and the nodes until cancelled, or until Home Assistant ends."""
    python = PYTHON_LATEST if options.latest else PYTHON
    print("starting Home Assistant …", flush=True)
    access = await provision(folder / "home", port=free_port(options.port), python=python)
    home = Home(folder=folder / "home", python=python)
    install(home.folder)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(home)
        async with Api(access) as api:
            for name, pot in NODES:
                node = await stack.enter_async_context(_running_node(name, pot, access, folder))
                await _introduce(api, node, discover=options.discover)
            if options.arduino:
                told = arduino_on_a_cable(api, folder / "nodes" / "uno", discover=options.discover)
                await stack.enter_async_context(told)
            if not options.discover:
                running = await stack.enter_async_context(clouds(folder))
                accounts = ", ".join([*await subscribe(api, running), await let_ask(api)])
                print(f"{accounts}: accounts with services of this machine", flush=True)
                await show_nodes(api)
                await plant_all(api)
                await show_garden(api)
        _print_way_in(access, home)
        while (code := await home.wait()) == RESTART:
            print("Home Assistant restarts …", flush=True)
            await home.start()
        raise LabError(f"Home Assistant ended with exit code {code}\n{home.tail()}")


async def _introduce(api: Api, node: SimulatedNode, *, discover: bool) -> None:
    if await is_paired(api, node.name):
        await node.listen(for_code=False)
        print(f"{node.name}: paired before", flush=True)
        return
    await node.listen(for_code=True)
    if discover:
        print(f"{node.name}: waits for its code, {node.code}", flush=True)
        return
    await pair(api, node)
    print(f"{node.name}: paired", flush=True)


async def plant_all(api: Api) -> None:
    """Have the plants of the nodes in a garden, unless they are there from the last time."""
    entries = await api.command("config_entries/get", domain="plant_vita")
    if any(entry["title"] == "Plants" for entry in entries):
        print(f"{', '.join(await plants(api))}: planted before", flush=True)
        return
    for name, species, node in PLANTS:
        inputs: Json = {}
        if node:
            await api.until_state(f"switch.{node}_pump", "off", within=READY_SECONDS)
            states = await api.states()
            bound = {
                one: [entity.format(node, tail) for tail in ("", "_1")]
                for one, entity in BOUND.items()
            }
            there = {one: [each for each in ids if each in states] for one, ids in bound.items()}
            inputs = {one: sorted(set(ids)) for one, ids in there.items() if ids}
            inputs["pump"] = f"switch.{node}_pump"
        await add_plant(api, name, species, inputs)
        print(f"{name}: planted", flush=True)


@asynccontextmanager
async def _running_node(
    name: str, pot: str, access: Access, folder: Path
) -> AsyncIterator[SimulatedNode]:
    node = await start_node(name, access.url, folder / "nodes" / pot, pot=pot)
    try:
        yield node
    finally:
        await node.stop()


def _print_way_in(access: Access, home: Home) -> None:
    print(
        f"\n  Home Assistant  {access.url}\n"
        f"  user            {USER}\n"
        f"  password        {PASSWORD}\n"
        f"  log             {home.log.relative_to(ROOT)}\n"
        "  Ctrl-C stops everything.\n",
        flush=True,
    )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep a second scripts/develop out of the same folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LabError("scripts/develop is running already in this clone") from None
        yield


async def run(options: argparse.Namespace) -> int:
    """Tend until Ctrl-C or SIGTERM; exit code 1 when something went wrong by itself."""
    folder = FOLDER / ("latest" if options.latest else "supported")
    with _alone(folder):
        if options.fresh:
            shutil.rmtree(folder)
            folder.mkdir()
        tending = asyncio.create_task(tend(folder, options))
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, _stop_once, tending)
        try:
            await tending
        except asyncio.CancelledError:
            print("stopped", flush=True)
    return 0


def _stop_once(tending: asyncio.Task[None]) -> None:
    # A second Ctrl-C must not interrupt the stopping itself, or children would be left behind.
    if not tending.cancelling():
        print("\nstopping …", flush=True)
        tending.cancel()


def main() -> int:
    """Run with the options that scripts/develop passes on."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    for name in ("arduino", "latest", "discover", "fresh"):
        parser.add_argument(f"--{name}", action="store_true")
    with suppress(KeyboardInterrupt):
        try:
            return asyncio.run(run(parser.parse_args()))
        except (LabError, ApiError, RuntimeError, TimeoutError) as error:
            print(f"scripts/develop: {str(error) or type(error).__name__}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
