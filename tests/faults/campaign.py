"""Rounds in which a node pairs, another pumps, a third talks, and somebody is killed meanwhile."""

import asyncio
import random
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from firmware.simulator.bench import SimulatedNode
from firmware.simulator.chip import FLASH
from scripts.lab.api import ApiError, Json
from tests.e2e.stage import DOMAIN, Stage, entity, until

from .counted import LIGHT, PARTS, JournalWatch, counting

# Only what is needed to talk to nodes and to remember: a real Home Assistant, but a small one.
CONFIGURATION = """\
homeassistant:
  name: Kills
  latitude: 52.37
  longitude: 4.89
  elevation: 2
  unit_system: metric
  time_zone: UTC
  country: NL
api:
config:
history:
recorder:
  commit_interval: 1
logger:
  default: warning
  logs:
    custom_components.plant_vita: debug
plant_vita:
"""
SETTINGS = {"tuning": {"0": {"db": 100.0}, str(LIGHT): {"med": 1, "db": 0, "hb": 1}}}
PULSE_S = 2.0
TOLERANCE_MS = 5.0  # of the timer's own clock
BACK_S = 60.0
SPREAD_S = 0.8
AFTER_S = 0.6
# A node that is cut off again and again waits up to a minute before it calls; here, a second.
IMPATIENT = "from plantnode import link\n\nlink._MOST_MS = 1_000\n"
LOST = (ApiError, aiohttp.ClientError, ConnectionError, RuntimeError, TimeoutError)


def impatient(folder: Path) -> Path:
    """The node's programs, with a start that changes one number."""
    folder.mkdir()
    (folder / "plantnode").symlink_to(FLASH / "plantnode")
    for name in ("boot.py", "slots.py"):
        shutil.copy(FLASH / name, folder)
    (folder / "main.py").write_text(IMPATIENT + (FLASH / "main.py").read_text())
    return folder


@dataclass(kw_only=True)
class Campaign:
    """A stage, the dice, and three nodes: one talks, one pumps, one is to be paired.

    commands: how often a pump was asked to run, by node. figures: what happened, for a person.
    """

    stage: Stage
    dice: random.Random
    watch: JournalWatch
    talker: SimulatedNode = field(init=False)
    pumper: SimulatedNode = field(init=False)
    newcomer: SimulatedNode = field(init=False)
    entry_ids: dict[str, str] = field(default_factory=dict)
    commands: dict[str, int] = field(default_factory=dict)
    met: dict[str, int] = field(default_factory=dict)
    starts: list[float] = field(default_factory=list)
    _count: int = 0

    async def open(self) -> None:
        """Bring the first three nodes in."""
        self.flash = impatient(self.stage.folder / "flash")
        self.talker, self.sensor = await self.counted_node("Talker")
        await self.settle(self.talker)
        self.pumper = await self.new_node()
        await self.settle(self.pumper)
        await self.set_pulse()
        self.newcomer = await self.new_node()

    async def new_node(self) -> SimulatedNode:
        """An unpaired node, of which there was none before."""
        self._count += 1
        return await self.stage.node(
            f"N{self._count}", parts=PARTS, settings=SETTINGS, flash=self.flash
        )

    async def counted_node(self, name: str):
        """An unpaired node with a counting sensor."""
        folder = self.stage.folder / name.lower()
        settings = {"every": 5, "sample": 1} | SETTINGS
        node = SimulatedNode(
            folder,
            name=name,
            url=self.stage.url,
            parts=PARTS,
            settings=settings,
            flash=self.flash,
        )
        sensor = counting(node)
        self.watch.follow(node)
        self.stage.nodes.append(node)
        await node.start()
        return node, sensor

    # ── a round ─────────────────────────────────────────────────────────────────────────

    async def act(self) -> list[asyncio.Task[Any]]:
        """Begin to pair and to pump within the next second, each at a random moment."""
        flow_id = await self.stage.discovered(self.newcomer)
        code = await self.newcomer.wait_code()
        return [
            asyncio.create_task(self._later(self.stage.type_code(flow_id, code))),
            asyncio.create_task(self._later(self._pump())),
        ]

    async def _later(self, doing) -> Any:
        """What comes of `doing`, or None if somebody was killed meanwhile."""
        await asyncio.sleep(self.dice.uniform(0, SPREAD_S))
        with suppress(*LOST):
            return await doing
        return None

    async def _pump(self) -> None:
        name = self.pumper.name
        self.commands[name] = self.commands.get(name, 0) + 1
        await self.stage.switch(self.pumper)

    async def at_random(self) -> None:
        """Let a random moment pass, in which everything goes on."""
        await asyncio.sleep(self.dice.uniform(0, SPREAD_S + AFTER_S))

    async def start(self) -> None:
        """Start Home Assistant again, and remember when."""
        self.starts.append(time.time())
        await self.stage.start()

    async def recover(self, acts: list[asyncio.Task[Any]]) -> None:
        """The dead are up again: everybody is back, nothing more was poured; and roles change."""
        await asyncio.wait(acts, timeout=BACK_S)
        assert all(act.done() for act in acts)
        for node in (self.talker, self.pumper):
            await self.is_back(node)
        await self.settle(self.newcomer)
        # A command may have reached a node that had just come back.
        await self.pumper.wait_for(self._is_dry, PULSE_S + 3)
        await self.retire(self.pumper)
        self.pumper = self.newcomer
        await self.set_pulse()
        self.newcomer = await self.new_node()

    async def is_back(self, node: SimulatedNode) -> None:
        """The node serves its entry again, the same as before, without anybody's help."""
        await self.connected(node)
        entry = (await self.stage.entries())[node.name]
        assert entry["entry_id"] == self.entry_ids[node.name]
        flows = await self.stage.api.flows_in_progress(DOMAIN)
        assert not [flow for flow in flows if flow["context"].get("unique_id") == node.id]

    async def connected(self, node: SimulatedNode) -> None:
        """Wait until Home Assistant shows the node's pump off: it has said so since it is back."""
        pump = entity(node, "switch", "pump")

        async def look() -> bool:
            return await self.stage.state(pump) == "off"

        await until(look, BACK_S, f"{node.name} is back; it says {node.log[-6:]}", every=0.1)

    async def settle(self, node: SimulatedNode) -> None:
        """Bring the pairing of a node to its end: with the code it has, or without any."""
        code = await node.wait_code()

        async def look() -> bool:
            if entry := (await self.stage.entries()).get(node.name):
                self.entry_ids[node.name] = entry["entry_id"]
                return True
            flows = await self.stage.api.flows_in_progress(DOMAIN)
            for flow in flows:
                if flow["context"].get("unique_id") == node.id:
                    await self._answer(flow["flow_id"], code)
            return False

        await until(look, BACK_S, f"{node.name} paired; it says {node.log[-6:]}", every=0.1)
        assert node.code == code  # it never had to make a new one
        await self.on_disk(self.entry_ids[node.name])
        await self.connected(node)

    async def _answer(self, flow_id: str, code: str) -> None:
        shown = await self.stage.api.flow_step(flow_id)
        step = shown.get("step_id")
        self._meet(f"step {step}")
        if step == "confirm":
            result = await self._submit(flow_id, {})
        else:
            result = await self._submit(flow_id, {"code": code})
        if errors := result.get("errors"):
            self._meet(f"told {errors['base']}")
            assert errors["base"] in {"no_answer", "not_connected", "node_silent"}, errors

    async def _submit(self, flow_id: str, answer: Json) -> Json:
        return await self.stage.api.flow_step(flow_id, answer)

    def _meet(self, what: str) -> None:
        self.met[what] = self.met.get(what, 0) + 1

    # ── water ───────────────────────────────────────────────────────────────────────────

    async def set_pulse(self) -> None:
        """Have the pump run for two seconds at a time."""
        target = {"entity_id": entity(self.pumper, "number", "pump_run_time")}
        await self.stage.api.action("number.set_value", {"value": PULSE_S}, target=target)

    def _is_dry(self) -> bool:
        return all(pulse.end is not None for pulse in self.pumper.pulses)

    def check_water(self, node: SimulatedNode) -> None:
        """Not more pulses than commands, none longer than commanded, none that goes on."""
        pulses = node.pulses
        assert len(pulses) <= self.commands.get(node.name, 0), pulses
        assert all(pulse.end is not None for pulse in pulses), pulses
        assert all(pulse.ms <= 1000 * PULSE_S + TOLERANCE_MS for pulse in pulses), pulses
        self._meet("pulses")
        if pulses:
            self._meet("pulses cut" if pulses[0].ms < 1000 * PULSE_S - 20 else "pulses whole")

    async def retire(self, node: SimulatedNode) -> None:
        """Let go of a node whose part is over."""
        await node.stop()
        self.check_water(node)
        entry_id = self.entry_ids.pop(node.name)
        await self.stage.api.rest("DELETE", f"/api/config/config_entries/entry/{entry_id}")
        self.stage.nodes.remove(node)

    async def on_disk(self, entry_id: str) -> None:
        """Wait until Home Assistant has written that it has this entry.

        It does so a second later; killed before, it asks for the node once more, without a code.
        """
        kept = self.stage.home.folder / ".storage" / "core.config_entries"

        async def look() -> bool:
            return kept.exists() and entry_id in kept.read_text()

        await until(look, 10, "the entries on the disk")
