"""A node: what it is, what it measures, and what its actuators do."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple


class Fault(StrEnum):
    """Why a channel has no number (protocol: values)."""

    OPEN = "open"
    SHORT = "short"
    RANGE = "range"
    SILENT = "silent"
    WARM = "warm"


type Value = float | Fault


@dataclass(frozen=True, kw_only=True, slots=True)
class Channel:
    """One input or output of a node; `kind` is a word of the quantity table.

    `place` names the pins as they are printed on the board, if the node says where it is wired.
    """

    index: int
    kind: str
    label: str | None = None
    place: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Radio:
    """A node's Bluetooth radio: its `address` (6 bytes), and the `salt` (8) of what it tells all.

    The salt is no secret, and another one each time the node has forgotten its count.
    """

    address: bytes
    salt: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeInfo:
    """What a node says of itself in its `hello`.

    `uptime_ms` counts since its boot, `every` is the rhythm in seconds at which it is heard at
    least, `sleeps` says whether it closes the link between. So many channels as it has `slots` can
    be wired from here. `joins` is true for a node that reports over the network and can be told
    over a cable which. `image` is the kind of firmware that it takes over its link, if it takes
    any, and `radio` how it is heard and called over Bluetooth, if it is.
    """

    hardware_id: str
    model: str
    firmware: str
    boot: str
    uptime_ms: int
    every: int
    sleeps: bool
    name: str | None
    channels: tuple[Channel, ...]
    slots: int = 0
    joins: bool = False
    image: str | None = None
    radio: Radio | None = None

    def has(self, kind: str) -> bool:
        """Whether there is a channel of this kind."""
        return any(channel.kind == kind for channel in self.channels)


class Reading(NamedTuple):
    """One value of one channel, with the Unix time in seconds at which it was measured.

    A tuple, because thousands are made in a second.
    """

    value: Value
    measured_at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Actuator:
    """What the node last said of one output; `until` is a Unix time in seconds, None when off.

    `on` is None when a command was sent and its fate is not known (W17).
    """

    on: bool | None
    until: float | None = None
    level: int | None = None
    lock: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeState:
    """Everything Home Assistant shows of a node; replaced as a whole, never changed.

    `readings` and `actuators` are keyed by channel index. `last_seen` is a Unix time in seconds.
    """

    info: NodeInfo | None = None
    connected: bool = False
    last_seen: float | None = None
    started_at: float | None = None
    why: str | None = None
    readings: dict[int, Reading] = field(default_factory=dict)
    actuators: dict[int, Actuator] = field(default_factory=dict)

    @property
    def faults(self) -> dict[int, Fault]:
        """The channels that have no number, and why."""
        return {
            index: reading.value
            for index, reading in self.readings.items()
            if isinstance(reading.value, Fault)
        }

    def measured(self, readings: dict[int, Reading], seen: float) -> NodeState:
        """The same node with these readings, last heard when it was `seen`."""
        # Written out, because `replace` takes three times as long.
        return NodeState(
            info=self.info,
            connected=self.connected,
            last_seen=seen,
            started_at=self.started_at,
            why=self.why,
            readings=readings,
            actuators=self.actuators,
        )

    def unsure_outputs(self) -> dict[int, Actuator]:
        """What was on when a link ended may be off since: nobody knows before the node says so."""
        return {
            index: Actuator(on=None, level=actuator.level, lock=actuator.lock)
            if actuator.on
            else actuator
            for index, actuator in self.actuators.items()
        }

    def without(self, channels: Collection[int]) -> NodeState:
        """The same node, with nothing known of these channels."""
        return replace(
            self,
            readings={n: one for n, one in self.readings.items() if n not in channels},
            actuators={n: one for n, one in self.actuators.items() if n not in channels},
        )
