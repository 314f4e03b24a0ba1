"""Simulated plant nodes: the device's own firmware in a process of its own, and its pairing."""

import asyncio
import contextlib
import json
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path

from scripts.environment.commands import clean_environment
from scripts.environment.layout import ROOT
from scripts.lab.api import Api

DOMAIN = "plant_vita"
CODE_SECONDS = 30.0
DISCOVERY_SECONDS = 60.0
PAIRING_SECONDS = 60.0
STOP_SECONDS = 10.0
POLL_SECONDS = 0.25


@dataclass(kw_only=True)
class SimulatedNode:
    """A node that runs.

    hardware_id: what the node calls itself. code: what it shows for pairing, once it shows it.
    """

    name: str
    process: asyncio.subprocess.Process
    log: Path
    hardware_id: str = ""
    code: str = ""
    _introduced: asyncio.Event = field(default_factory=asyncio.Event)
    _reader: asyncio.Task[None] | None = None

    async def listen(self, *, for_code: bool) -> None:
        """Follow what the node prints, and return once its id (and its code) are known."""
        self._reader = asyncio.create_task(self._read())
        async with asyncio.timeout(CODE_SECONDS):
            while not self.hardware_id or (for_code and not self.code):
                await self._introduced.wait()
                self._introduced.clear()
                if self._reader.done():
                    raise RuntimeError(f"{self.name} has ended; see {self.log}")

    async def stop(self) -> None:
        """End this node, and nothing else."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    await self.process.wait()
            except TimeoutError:
                self.process.kill()
                await self.process.wait()
        if self._reader is not None:
            await self._reader

    async def _read(self) -> None:
        assert self.process.stdout is not None
        try:
            with self.log.open("ab") as log:
                async for line in self.process.stdout:
                    log.write(line)
                    log.flush()
                    with contextlib.suppress(ValueError):
                        self._notice(json.loads(line))
        finally:
            self._introduced.set()

    def _notice(self, event: dict[str, str]) -> None:
        if event.get("event") == "on":
            self.hardware_id = event["id"]
        elif event.get("event") == "code":
            self.code = event["code"]
        self._introduced.set()


async def start_node(name: str, url: str, folder: Path, *, pot: str) -> SimulatedNode:
    """Start one node: the only place that knows how the simulator is called.

    folder: the node's flash, kept from one start to the next. pot: what is planted and fitted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    log = folder.with_suffix(".log")
    words = ["--url", url, "--dir", str(folder), "--name", name, "--pot", pot]
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "firmware.simulator.run", *words, "--seed", str(sum(name.encode()))),
            cwd=ROOT,
            env=clean_environment({"PYTHONPATH": str(ROOT)}),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            # Ctrl-C in a terminal must reach only who started it, which stops nodes in order.
            start_new_session=True,
        )
    return SimulatedNode(name=name, process=process, log=log)


async def is_paired(api: Api, name: str) -> bool:
    """Tell whether Home Assistant holds an entry for the node of this name."""
    entries = await api.command("config_entries/get", domain=DOMAIN)
    return any(entry["title"] == name for entry in entries)


async def pair(api: Api, node: SimulatedNode) -> None:
    """Do what a person does: open what Home Assistant discovered, and type the node's code."""
    flow_id = await _discovered(api, node)
    async with asyncio.timeout(PAIRING_SECONDS):
        result = await api.flow_step(flow_id, {"code": node.code})
    if result["type"] != "create_entry":
        raise RuntimeError(f"{node.name} could not be paired: {result.get('errors') or result}")


async def _discovered(api: Api, node: SimulatedNode) -> str:
    async with asyncio.timeout(DISCOVERY_SECONDS):
        while True:
            for flow in await api.flows_in_progress(DOMAIN):
                if flow["context"].get("unique_id") == node.hardware_id:
                    return str(flow["flow_id"])
            await asyncio.sleep(POLL_SECONDS)
