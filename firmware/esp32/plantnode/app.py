"""Puts the parts together and runs them. Nothing is decided here."""

import asyncio
import os

import machine

from plantnode import (
    VERSION,
    board,
    cable,
    clock,
    limits,
    messages,
    pairing,
    seal,
    settings,
    sleep,
    updates,
)
from plantnode.backlog import Backlog
from plantnode.button import Button
from plantnode.cable import Cable
from plantnode.camera import Cameras
from plantnode.commands import Commands
from plantnode.console import Console
from plantnode.finder import Finder
from plantnode.interlock import Interlock
from plantnode.led import Led
from plantnode.ledger import Ledger
from plantnode.lifetime import Lifetime
from plantnode.light import Lights
from plantnode.link import Link
from plantnode.outputs import Outputs
from plantnode.pump import Pumps
from plantnode.sampler import Sampler
from plantnode.sender import Sender
from plantnode.updates import Updates
from plantnode.watchdog import Watchdog
from plantnode.wifi import Wifi

_SAMPLER_PAUSE_MS = 5_000
_LINK_SILENCE_MS = 180_000
_SAFETY_SILENCE_MS = 2_000
_NEAR_MS = 5_000  # for whoever has heard an advertisement to call


class Node:
    """Everything there is, by name; the parts find each other here."""

    def __init__(self) -> None:
        cable.finish()
        kept = sleep.recall(machine)
        self.id = seal.to_hex(machine.unique_id())
        self.boot = kept.get("b") or seal.to_hex(os.urandom(4))
        self.up_before = kept.get("u", 0)
        self.heard_ms = 0
        self.restarting = False
        self.redial = None
        self.settings = settings.load()
        self.board = board.load(self.settings)
        self.lifetime = Lifetime()
        self.lifetime.at_least(kept.get("l", 0))
        self.ledger = Ledger(self.lifetime)
        interlock = Interlock(self.board.contacts)
        pumps = Pumps(self.board.pumps, self.ledger, interlock, machine.Timer(0))
        button = Button(self.board.button, self.new_code)
        self.outputs = Outputs(pumps, Lights(self.board.lights), interlock, button)
        self.watchdog = Watchdog(machine.WDT)
        self.keys = pairing.Keys(self.id)
        self.tries = pairing.Tries()
        self.backlog = Backlog(self.boot, kept.get("n", 1))
        self.sender = Sender(self.outputs, self.backlog, self.up)
        self.sampler = Sampler(self.board, self.settings)
        self.updates = Updates(self)
        self.cameras = Cameras(self)
        self.commands = Commands(self)
        self.led = Led(self.board.led)
        self.wifi = Wifi(self.settings, self.id)
        self.beacon = self._bluetooth(kept)
        self.led.waiting = self.wifi.unset() and self.beacon is None
        self.finder = Finder(self.settings, self.keys)
        self.link = Link(self)
        self.sleeper = sleep.Sleeper(self, machine, woken=bool(kept))
        self.console = Console(self, Cable(self))

    def _bluetooth(self, kept: dict):
        """Only a node that is asked for it pays for the radio, and for the programs."""
        if self.settings.get("ble") not in (1, True):
            return None
        from plantnode import ble
        from plantnode.beacon import Beacon

        radio = ble.radio()
        return None if radio is None else Beacon(self, radio, kept)

    def dials(self) -> bool:
        """Whether there is anything to dial over: a node may have Bluetooth only."""
        return self.beacon is None or not self.wifi.unset()

    def up(self) -> int:
        """Real ms since boot; deep sleep belongs to the boot before it."""
        return self.up_before + clock.real_ms()

    def every(self) -> int:
        """Seconds between two sets of readings."""
        return self.settings.number("every", 60, *limits.EVERY_S)

    def hello(self) -> dict:
        """The `hello` of this node."""
        about = {
            "id": self.id,
            "model": self.board.model[:32],
            "fw": VERSION,
            "boot": self.boot,
            "up": self.up(),
            "every": self.every(),
            "sleep": 1 if self.settings.get("sleep") in (1, True) else 0,
        }
        name = self.settings.text("name", 32)
        if name:
            about["name"] = name
        if self.beacon is not None:
            about["bt"], about["salt"] = self.beacon.radio.address, seal.to_hex(self.beacon.salt)
        if self.updates.wanted():
            about["img"] = updates.KIND
        return messages.hello(about, self.board.channels)

    def told(self, now: int) -> None:
        """`hi`."""
        self.backlog.told(now, self.up())

    def opened(self) -> None:
        """A session has begun."""
        print("link: connected")
        self.updates.works()
        self.link.status = "connected"
        self.led.connected = True
        self.heard_ms = clock.real_ms()
        self.backlog.rewind()
        self.outputs.due = True
        # What waited is history to Home Assistant; a steady value would be unknown there for long.
        self.sampler.tell_all()
        if self.ledger.lost:
            self.ledger.lost = False
            self.sender.put(messages.log("w", "watering ledger lost: no water for a day"))

    def closed(self) -> None:
        """The session is over: nobody could stop a pump now."""
        if self.beacon is not None and self.led.connected:
            self.beacon.met()
        self.led.connected = False
        self.outputs.pumps.end("link")
        self.cameras.forget()
        self.sender.queue = [waiting for waiting in self.sender.queue if waiting["t"] == "log"]

    def take_key(self, fields: dict) -> dict:
        """`key`: written before it is acknowledged."""
        try:
            self.keys.hold(*messages.new_key(fields))
        except OSError:
            return messages.ack(fields["c"], "busy", None)
        print("paired")
        return messages.ack(fields["c"], None, None)

    def new_code(self) -> None:
        """The button, for ten seconds."""
        try:
            self.keys.renew()
        except OSError:
            return
        self.tries = pairing.Tries()
        self.console.show_code()
        self.led.identify()
        self.redial = asyncio.create_task(self.link.restart())

    def report(self, values: dict, ticks_ms: int) -> None:
        """A set of readings."""
        measured = self.up() - (clock.ticks() - ticks_ms) // clock.SPEED
        self.backlog.add(values, max(0, measured))
        if self.beacon is not None:
            self.beacon.take(values)

    async def sample(self) -> None:
        """Keep the sampler going whatever a driver does."""
        while True:
            try:
                await self.sampler.run(self.report)
            except (OSError, ValueError, RuntimeError) as error:
                print("sampler:", error)
                self.sender.put(messages.log("e", "sampler: " + str(error)))
            await clock.pause_ms(_SAMPLER_PAUSE_MS)

    async def housekeeping(self) -> None:
        """What is written now and then, and the restart that was asked for."""
        while True:
            self.watchdog.alive("housekeeping")
            self.lifetime.save()
            self.backlog.keep(self.up())
            self.cameras.rest()
            if self.restarting:
                await clock.pause_ms(1000)  # for the acknowledgement
                await self.stop_and_reset()
            await clock.pause_ms(500)

    async def stop_and_reset(self) -> None:
        """Everything off, everything kept, reset."""
        self.outputs.stop("boot")
        self.backlog.keep(self.up(), everything=True)
        self.lifetime.save(force=True)
        machine.reset()

    async def doze(self) -> None:
        """A battery node's whole life between two deep sleeps."""
        began = clock.real_ms()
        while not self.backlog.ring and clock.real_ms() - began < 15_000:
            await clock.pause_ms(50)
        near = clock.real_ms() + _NEAR_MS
        while True:
            self.watchdog.alive("link")
            wait = await self.link.attempt(self.sleeper.linger) if self.dials() else _NEAR_MS
            if self.beacon is not None:
                await self.beacon.reachable(0 if self.heard_ms else near)
            if self.sleeper.wanted():
                self.sleeper.sleep()
            self.watchdog.alive("link")
            await clock.pause_ms(wait)

    async def run(self) -> None:
        """For ever."""
        print("plantnode", VERSION, self.id, self.board.model)
        self.console.greet()
        self.outputs.alive = lambda: self.watchdog.alive("safety")
        self.watchdog.expect("safety", _SAFETY_SILENCE_MS)
        self.watchdog.expect("link", _LINK_SILENCE_MS)
        self.watchdog.expect("housekeeping", _LINK_SILENCE_MS)
        asleep = self.settings.get("sleep") in (1, True)
        talk = self.doze if asleep else self.link.run
        near = []
        if self.beacon is not None:
            more = [self.sleeper.linger] if asleep else []
            near = [self.beacon.run(), self.link.serve(self.beacon.radio, *more)]
        await asyncio.gather(
            self.outputs.guard(),
            self.watchdog.run(),
            self.housekeeping(),
            self.sample(),
            self.led.run(),
            self.console.run(),
            talk(),
            *near,
        )


def maintenance(node: Node) -> None:
    """Somebody pressed Ctrl-C to work at the console.

    No water, and no watchdog biting in the middle of it.
    """
    node.board.safe()
    device = node.watchdog.device
    if device is not None:
        timer = machine.Timer(0)
        timer.init(mode=timer.PERIODIC, period=1000, callback=lambda _timer: device.feed())
    print("stopped; reset the node to start it again")


def main() -> None:
    """Run the node; whatever ends it leaves the pumps off."""
    node = Node()
    try:
        asyncio.run(node.run())
    except KeyboardInterrupt:
        maintenance(node)
    except Exception:
        node.board.safe()
        raise
