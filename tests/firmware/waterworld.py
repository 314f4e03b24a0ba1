"""A world with real water in it, around the node's own ledger, pumps and commands.

Time, power, flash, contacts and Home Assistant misbehave by a seeded plan; the pins are recorded at
every edge (not only between steps), and `check` compares them with the promises of docs/protocol.md
§8.
"""

import random

import pytest

from tests.firmware import rig

rig.plantnode()

from plantnode import clock, files, ledger  # noqa: E402
from plantnode.commands import Commands  # noqa: E402
from plantnode.interlock import Interlock  # noqa: E402
from plantnode.ledger import Ledger  # noqa: E402
from plantnode.lifetime import Lifetime  # noqa: E402
from plantnode.light import Lights  # noqa: E402
from plantnode.outputs import Outputs  # noqa: E402
from plantnode.pump import Pumps  # noqa: E402

PUMPS = (4, 5)
DAY = 86_400_000


class PowerCut(BaseException):
    """The plug has been pulled in the middle of something."""


class Medium(files.Medium):
    """A flash in memory that can be cut, full, or damaged."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.cut_in: int | None = None
        self.full = False
        self.operations = 0

    def step(self) -> bool:
        """Whether the power goes before this operation."""
        self.operations += 1
        if self.cut_in is None:
            return False
        self.cut_in -= 1
        return self.cut_in < 0

    def read(self, path):
        if path not in self.files:
            raise OSError(2, path)
        return self.files[path]

    def store(self, path, data, mode="wb"):
        before = self.files.get(path, b"") if mode == "ab" else b""
        if self.full:
            self.files[path] = before
            raise OSError(28, path)
        if self.step():
            self.files[path] = before + data[: len(data) // 2]
            raise PowerCut
        self.files[path] = before + data
        if self.step():
            raise PowerCut

    def rename(self, old, new):
        if old not in self.files:
            raise OSError(2, old)
        if self.step():
            raise PowerCut
        self.files[new] = self.files.pop(old)
        if self.step():
            raise PowerCut

    def remove(self, path):
        if path not in self.files:
            raise OSError(2, path)
        if self.step():
            raise PowerCut
        del self.files[path]

    def names(self, folder):
        return list(self.files)

    def free(self, folder):
        return 1 << 20


def medium_fixture():
    """The fixture, to be given the name `medium` in a test module: a flash of the test's own."""

    def flash():
        medium = Medium()
        before = files.use(medium, "")
        yield medium
        files.use(before, "")

    return pytest.fixture(flash)


class Pin:
    """A pump's pin; the world sees every edge."""

    def __init__(self, world, channel) -> None:
        self.world, self.channel = world, channel

    def on(self):
        self.world.edge(self.channel, level=1)

    def off(self):
        self.world.edge(self.channel, level=0)


class Timer:
    """The hardware timer; the world rings it, also while the program hangs."""

    ONE_SHOT = 0

    def __init__(self) -> None:
        self.due = None

    def init(self, *, mode, period, callback, at=None):
        self.due, self.callback = clock.ticks() + period, callback

    def deinit(self):
        self.due = None


class Contact:
    index, kind = 24, "tank"

    def __init__(self, world) -> None:
        self.world = world

    def active(self):
        return self.world.wet


class Stand:
    """A thing with attributes."""

    def __init__(self, **parts) -> None:
        self.__dict__.update(parts)


class World:
    """Runs one plan."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.now = 1000  # real ms, never reset
        self.booted = 0
        self.medium = Medium()
        self.wet = self.hung = self.broken = False
        self.wet_since = 0
        self.high: dict[int, int] = {}
        self.runs: list[tuple[int, int, int]] = []  # channel, from, to
        self.started: list[tuple[str, int, int]] = []  # id, when, ms asked for
        self.asking = None
        self.sent: list[tuple[str, int, int]] = []
        self.count = 0
        self.before = files.use(self.medium, "")
        clock._monotonic = self
        ledger.provision()
        self.boot()

    def read(self) -> int:
        """What the clock reads: ms since boot."""
        return self.now - self.booted

    def edge(self, channel: int, *, level: int) -> None:
        """A pin was driven."""
        if level and channel not in self.high:
            assert not self.high, "W5: two pumps at once"
            self.high[channel] = self.now
            if self.asking:
                assert self.asking[0] not in [name for name, _, _ in self.started], "W6: ran twice"
                assert self.asking[2] <= 30_000, "W2: longer than the cap"
                self.started.append((self.asking[0], self.now, self.asking[2]))
            ends = [end for other, _, end in self.runs if other == channel]
            assert all(self.now - end >= 60_000 for end in ends), "W5: no soak"
        elif not level and channel in self.high:
            self.runs.append((channel, self.high.pop(channel), self.now))
            self.check()

    def check(self) -> None:
        """W2 and W4 at the moment a pump stops, which is when a window is fullest."""
        began, ended = self.runs[-1][1:]
        assert ended - began <= 30_001, "W2: a pulse that did not end"
        start = ended - DAY
        poured = sum(max(0, end - max(begin, start)) for _, begin, end in self.runs)
        assert poured <= 120_000 + 10, f"W4: {poured} ms in a day"

    def boot(self) -> None:
        """Power comes (back): pins are low, RAM is gone."""
        for channel in list(self.high):
            self.edge(channel, level=0)
        self.booted = self.now
        self.hung = False
        self.medium.cut_in = None
        self.lifetime = Lifetime()
        self.ledger = Ledger(self.lifetime)
        self.timer = Timer()
        interlock = Interlock([Contact(self)])
        pins = {channel: Pin(self, channel) for channel in PUMPS}
        pumps = Pumps(pins, self.ledger, interlock, self.timer)
        button = Stand(poll=lambda: False)
        self.outputs = Outputs(pumps, Lights({}), interlock, button)
        updates, cameras = Stand(installing=lambda: False), Stand(make_way=lambda: None)
        parts = {"updates": updates, "cameras": cameras}
        self.commands = Commands(Stand(outputs=self.outputs, ledger=self.ledger, **parts))

    def pass_time(self, ms: int) -> None:
        """Time goes by with timers and the safety loop; big steps when nothing can happen."""
        end = self.now + ms
        while self.now < end:
            step = (
                50 if self.outputs.pumps.channel is not None and not self.hung else end - self.now
            )
            if self.timer.due is not None:
                step = min(step, max(1, self.timer.due - self.read()))
            self.now = min(end, self.now + max(1, step))
            if self.timer.due is not None and self.read() >= self.timer.due:
                self.timer.due = None
                self.timer.callback(self.timer)
            if not self.hung:
                self.outputs.poll()
                self.lifetime.save()
                if self.wet and self.now - self.wet_since > 1000:
                    assert not self.high, "W8: pumping with an empty tank"

    def say(self, name: str, channel: int, ms: int) -> None:
        """Home Assistant's command arrives; the power may go at any file operation."""
        self.asking = (name, channel, ms)
        try:
            answer = self.commands.run({"t": "cmd", "c": name, "op": "on", "ch": channel, "ms": ms})
            ran = name in [started for started, _, _ in self.started]
            assert ran or "ok" not in answer, "an ok without water"
        except PowerCut:
            self.power_cut()
        finally:
            self.asking = None
            self.medium.cut_in = None

    def power_cut(self) -> None:
        """Off for a while that nobody measures, and on again."""
        for channel in list(self.high):
            self.edge(channel, level=0)
        self.now += self.random.choice([1, 1000, 70_000, 3_600_000, DAY])
        self.boot()

    # What the plan is made of -------------------------------------------------------------------

    def water(self) -> None:
        """A new command, sometimes a silly one; the power fails during it now and then."""
        self.count += 1
        ms = self.random.choice([1, 500, 5000, 20_000, 29_999, 30_000, 30_000, 30_001, 10**9])
        command = (f"c{self.count}", self.random.choice(PUMPS), ms)
        self.sent.append(command)
        if self.random.random() < 0.2:
            self.medium.cut_in = self.random.randrange(8)
        self.say(*command)

    def again(self) -> None:
        """A duplicate, late and out of order.

        Some of the 16 ids kept are of commands a power cut stopped.
        """
        names = [name for name, _, _ in self.started[-10:]]
        known = [command for command in self.sent if command[0] in names]
        if known:
            self.say(*(known[-1] if self.random.random() < 0.5 else self.random.choice(known)))

    def stop(self) -> None:
        """W7."""
        op = self.random.choice(["stop", "stop", "off"])
        for channel in PUMPS if op == "off" else (None,):
            self.commands.run({"t": "cmd", "c": "s", "op": op, "ch": channel})
        assert not self.high, "W7: stop did not stop"

    def wait(self) -> None:
        """Short and long."""
        self.pass_time(self.random.choice([10, 400, 3000, 31_000, 61_000, 61_000, 600_000]))

    def wait_long(self) -> None:
        """Hours."""
        self.pass_time(self.random.choice([3_600_000, 6 * 3_600_000, 12 * 3_600_000]))

    def tank(self) -> None:
        """The contact changes."""
        self.wet = not self.wet
        self.wet_since = self.now

    def hang(self) -> None:
        """The main loop hangs until the watchdog bites."""
        self.hung = True
        self.pass_time(self.random.choice([100, 5000]))
        self.boot()

    def hang_long(self) -> None:
        """As if there were no watchdog: the timer alone must end the pulse."""
        self.hung = True
        self.pass_time(60_000)
        self.boot()

    def reset(self) -> None:
        """A reset without losing power: no time passes."""
        self.boot()

    def damage(self) -> None:
        """The ledger's newest generation goes bad; so does what it knew."""
        name = ledger.NAME
        if self.high or name not in self.medium.files:
            return
        content = self.medium.files[name]
        self.medium.files[name] = self.random.choice(
            [b"", content[:-9], content[:40] + b"7" + content[41:]]
        )
        if self.medium.files[name] == content:
            return
        self.medium.files.pop(name + files.NEW, None)
        self.broken_at = self.now
        self.boot()
        if self.ledger.lost:
            self.sent = []

    def full(self) -> None:
        """Flash full for one command."""
        self.medium.full = True
        self.count += 1
        command = (f"c{self.count}", self.random.choice(PUMPS), 1000)
        before = len(self.started)
        self.say(*command)
        assert len(self.started) == before, "W4: poured what could not be written down"
        self.medium.full = False

    def run(self, steps: int) -> None:
        """The plan."""
        acts = [self.water] * 8 + [self.again] * 4 + [self.wait] * 10 + [self.wait_long] * 2
        acts += [
            self.stop,
            self.tank,
            self.hang,
            self.hang_long,
            self.reset,
            self.power_cut,
            self.full,
        ]
        for step in range(steps):
            if step % 400 == 399:
                self.damage()
            if self.wet and self.random.random() < 0.5:
                self.tank()
            self.random.choice(acts)()
        self.pass_time(40_000)


def restore(world: World) -> None:
    """Leave the modules as they were."""
    files.use(world.before, "")
    clock._monotonic = clock._Monotonic()
