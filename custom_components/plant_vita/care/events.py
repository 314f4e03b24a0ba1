"""What an arbiter is told, and what it wants done.

Whoever drives an arbiter hands it one event at a time, each with the `Moment` of now, and carries
out the actions it gets back in their order. An event may come late, twice, out of order or never:
the arbiter is built for that. An action is carried out once or not at all, never twice.
"""

from dataclasses import dataclass

from ..model.watering import (
    Booking,
    Cause,
    Demand,
    InterlockKind,
    Memory,
    PumpFacts,
    Result,
    Settlement,
    Soil,
    Trouble,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Somebody wants water."""

    demand: Demand


@dataclass(frozen=True, kw_only=True, slots=True)
class Stopped:
    """Somebody wants no more water from this pump, now; `by` is for the log."""

    by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Booked:
    """The booking is on the disk: the only way to a `Send` (W10)."""

    booking_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BookFailed:
    """The booking may not be on the disk."""

    booking_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Acked:
    """The pump has acknowledged this very pulse (a foreign switch: shows on, after our call)."""

    booking_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeRefused:
    """The pump said no to this very pulse, and did not run; `reason` is the protocol's `err`.

    Except for `repeat`: then it has run. `retry_ms` says when it may be asked again.
    """

    booking_id: str
    reason: str
    retry_ms: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NotSent:
    """The pulse certainly did not leave this machine (no session, the service does not exist)."""

    booking_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Unanswered:
    """The pulse may have left and was not acknowledged in time: it counts as given (W10, W17)."""

    booking_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reported:
    """What the pump says it does, on its own account: the state that is read back (W11, W17).

    `on` is None where it does not know. `lock` is its own interlock (protocol: `lock`). Not to be
    made of what was asked for, nor of what was known before a link was lost.
    """

    on: bool | None
    lock: InterlockKind | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """The pump is off again after this very pulse.

    `ms` is how long it ran, exactly, if the pump has told that; None if it is only known to be off
    (then the time since it was sent is an upper bound, and counts).
    """

    booking_id: str
    ms: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkDown:
    """The pump cannot be reached any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkUp:
    """The pump can be reached; what it does is known only with the next `Reported`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Interlock:
    """A contact says that no pump may run (`on`), or that this one has no objection any more.

    `sensor` names the contact: with two leak sensors, both have to be dry again (W16).
    """

    kind: InterlockKind
    sensor: str
    on: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """A reading of a plant's soil, the present one or an older one that has come late."""

    soil: Soil


@dataclass(frozen=True, kw_only=True, slots=True)
class Cleared:
    """A person has looked, and unlocks the pump (W14)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Configured:
    """The pump was set up, or set up differently; None: there is no such pump any more."""

    facts: PumpFacts | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Tick:
    """Time has passed; due at each `WakeAt`, harmless at any other time."""


type Event = (
    Asked
    | Stopped
    | Booked
    | BookFailed
    | Acked
    | NodeRefused
    | NotSent
    | Unanswered
    | Reported
    | Ended
    | LinkDown
    | LinkUp
    | Interlock
    | Measured
    | Cleared
    | Configured
    | Tick
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Book:
    """Write this line to the disk (fsync), then answer `Booked` or `BookFailed`.

    With `send` False there is no answer needed: the water has been given already.
    """

    booking: Booking
    send: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Settle:
    """Write down that a booking gave less; if that fails, the larger figure stands."""

    settlement: Settlement


@dataclass(frozen=True, kw_only=True, slots=True)
class Send:
    """Run the pump for `ms`, once; answer `Acked`, `NodeRefused`, `NotSent` or `Unanswered`."""

    booking_id: str
    ms: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SendOff:
    """Turn the pump off now, whatever it does; needs no budget and may be said too often."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tell:
    """What became of a demand. `Started` may be followed by `Finished`; the others are the end."""

    demand_id: str
    result: Result


@dataclass(frozen=True, kw_only=True, slots=True)
class Remember:
    """Keep this for the arbiter that is made after a restart."""

    memory: Memory


@dataclass(frozen=True, kw_only=True, slots=True)
class Raise:
    """A person has to be told; `cause` where the trouble is `NO_RESPONSE`."""

    trouble: Trouble
    cause: Cause | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Clear:
    """That trouble is over."""

    trouble: Trouble


@dataclass(frozen=True, kw_only=True, slots=True)
class WakeAt:
    """Hand in a `Tick` when the steady clock shows `steady`; replaces the one asked for before."""

    steady: float


type Action = Book | Settle | Send | SendOff | Tell | Remember | Raise | Clear | WakeAt
