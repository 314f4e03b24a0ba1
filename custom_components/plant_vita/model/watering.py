"""Giving water: who asks for how much, what is written down before, and what became of it.

Amounts are ml, pulses are ms. Unless it says otherwise a time is Unix seconds.
"""

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """Now, by two clocks, in seconds.

    `wall` is Unix time and may jump either way. `steady` counts since the machine was started,
    sleep included (CLOCK_BOOTTIME), and never jumps within one start, which `boot_id` names; an
    empty `boot_id` is not known, and equal to none.
    """

    wall: float
    steady: float
    boot_id: str = ""


class Source(StrEnum):
    """Who asks for water, the most important first: so they are served."""

    MANUAL = "manual"  # a person, at a switch, a button or a service
    SCHEDULE = "schedule"  # a time that a person has set
    AUTOMATIC = "automatic"  # the soil is dry
    VOICE = "voice"  # a person, through something that understands speech
    AI = "ai"  # a model, on its own

    @property
    def rank(self) -> int:
        """0 comes first."""
        return list(Source).index(self)


# Nobody stands beside the pot: these need a node that has told its state, a sound sensor where
# there is one, and soil that has had its time (W11, W12, W13).
UNATTENDED = frozenset({Source.SCHEDULE, Source.AUTOMATIC, Source.AI})
# The soil decides, so without a sensor there is nothing to decide by.
BY_THE_SOIL = frozenset({Source.AUTOMATIC, Source.AI})


class Why(StrEnum):
    """Why no water is given, or no more of it; `watering_<why>` is its text in the translations."""

    # Interlocks, the node's own words included.
    LEAK = "leak"
    TANK_EMPTY = "tank_empty"
    OVERCURRENT = "overcurrent"
    INTERLOCK = "interlock"  # the node's, and it does not say which
    # Locked until a person has looked (W14).
    LOCKED = "locked"
    # Caps.
    BUDGET_SPENT = "budget_spent"
    PUMP_TIME_SPENT = "pump_time_spent"
    AI_OFF = "ai_off"
    AI_BUDGET = "ai_budget"
    SOAKING = "soaking"
    LEDGER_DAMAGED = "ledger_damaged"
    TOO_SMALL = "too_small"
    TOO_MUCH = "too_much"
    UNANSWERED = "unanswered"  # the soil has yet to answer to the water before (W14)
    # The sensor (W11, W12).
    NO_READING = "no_reading"
    NOT_FRESH = "not_fresh"  # none of the last 15 minutes has come since the start
    SENSOR_STALE = "sensor_stale"
    SENSOR_FLAT = "sensor_flat"
    SENSOR_RANGE = "sensor_range"
    SENSOR_FLAWED = "sensor_flawed"
    # The pump.
    NO_PUMP = "no_pump"
    NODE_GONE = "node_gone"
    NOT_READ_BACK = "not_read_back"  # what it does is not known yet, or not any more
    NO_ANSWER = "no_answer"
    DISK = "disk"
    # The queue.
    BUSY = "busy"
    QUEUE_FULL = "queue_full"
    TOO_LATE = "too_late"
    STOPPED = "stopped"
    CHANGED = "changed"  # the pump was set up differently meanwhile
    # What the plan of a plant says; decided before anybody asks for water.
    TOO_WET = "too_wet"
    QUIET_HOURS = "quiet_hours"
    RAIN = "rain"
    FROST = "frost"
    HOLIDAY = "holiday"
    AUTOMATIC_OFF = "automatic_off"
    # The node said no (protocol: `err` of an `ack`).
    NODE_TOO_LONG = "node_too_long"
    NODE_BUDGET = "node_budget"
    NODE_SOAK = "node_soak"
    NODE_BUSY = "node_busy"
    NODE_REPEAT = "node_repeat"
    NODE_REFUSED = "node_refused"  # in any other words


# What keeps a pump from giving water to anybody, for as long as it lasts.
STANDING = (
    Why.LEAK,
    Why.TANK_EMPTY,
    Why.OVERCURRENT,
    Why.LOCKED,
    Why.LEDGER_DAMAGED,
    Why.NODE_GONE,
    Why.NOT_READ_BACK,
    Why.NO_PUMP,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Demand:
    """Somebody asks for water: either `ml` or `ms` of it, never both.

    `demand_id` is unique for ever; that of a schedule is made of what is scheduled and `due_at`,
    so that one that was missed runs at most once (W11). `asked_at` is for people; `due_at` is when
    a schedule was to run. `plant_ids` are those the water is meant for, empty for a pump that
    serves no plant.
    """

    demand_id: str
    pump_id: str
    plant_ids: tuple[str, ...]
    source: Source
    asked_at: float
    ml: float | None = None
    ms: int | None = None
    due_at: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """Not a drop was given for a demand; `until` says when to ask again, None if nobody knows."""

    why: Why
    until: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Started:
    """The pump runs for a demand, as it has acknowledged; `ms` and `ml` are of the whole dose."""

    ms: int
    ml: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Finished:
    """A demand is over; `ms` and `ml` are what was given at most.

    `why` is None for a dose that was given whole, else what ended it before. With `sure` False the
    fate of a command is not known: it counts as given, and it may be less.
    """

    ms: int
    ml: float
    why: Why | None = None
    sure: bool = True


type Result = Refusal | Started | Finished


class Phase(StrEnum):
    """What a pump is about."""

    IDLE = "idle"
    BOOKING = "booking"  # the pulse is being written down
    SENT = "sent"  # and was sent, and is not acknowledged yet
    RUNNING = "running"  # acknowledged
    PAUSED = "paused"  # between two pulses of a dose, or before a first that has to wait
    STOPPING = "stopping"  # it was told to stop, and has not said yet that it did
    UNKNOWN = "unknown"  # what it does has to be read back (W11, W17)


class Cause(StrEnum):
    """Why soil did not answer to water, most likely (W14)."""

    TANK_EMPTY = "tank_empty"
    CLOGGED = "clogged"
    PUMP_DEAD = "pump_dead"
    PROBE_OUT = "probe_out_of_soil"


class InterlockKind(StrEnum):
    """What forbids a pump to run, whoever asks."""

    LEAK = "leak"
    TANK_EMPTY = "tank_empty"
    OVERCURRENT = "overcurrent"


class Trouble(StrEnum):
    """What a person has to be told of."""

    NO_RESPONSE = "no_response"  # locked: the soil did not answer twice (W14)
    STUCK_ON = "stuck_on"  # it was told to be off and is not, or does not say
    DISK = "disk"  # nothing can be written down, so no water


@dataclass(frozen=True, kw_only=True, slots=True)
class PumpFacts:
    """How a pump was set up.

    `plants` are those it waters, `sensed` those of them that have a soil sensor. `ml_per_s` is None
    before calibration. One pulse lasts `cap_ms` at most, and between two `pause_s` pass. `daily_ml`
    is the least of its plants' budgets, `most_ml` the greatest; `daily_ms` how long it may run in a
    day, None for as long as it takes (a pump that waters no plant gets 120 s even then).
    `bounded_by_hardware` is true for a node, which ends each pulse by itself whatever happens here,
    and false for a foreign switch. `tank_watched`: a contact tells when the tank is empty.
    """

    plants: tuple[str, ...] = ()
    sensed: frozenset[str] = frozenset()
    ml_per_s: float | None = None
    cap_ms: int = 30_000
    pause_s: float = 60.0
    daily_ml: float = 500.0
    most_ml: float = 500.0
    daily_ms: int | None = 120_000
    soak_s: float = 1800.0
    ai_allowed: bool = False
    bounded_by_hardware: bool = True
    tank_watched: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Booking:
    """One pulse in the ledger, written down before it is sent (W10).

    `ms` and `ml` are what it may give at most. `budget_at` is the budget's own time (W15).
    `settled_ml` and `settled_ms` are what it gave, where the pump has told; None counts whole.
    """

    booking_id: str
    demand_id: str
    pump_id: str
    plant_ids: tuple[str, ...]
    source: Source
    at: Moment
    budget_at: float
    ms: int
    ml: float
    settled_ms: int | None = None
    settled_ml: float | None = None

    @property
    def counts_ml(self) -> float:
        """What it takes from the budget, in ml."""
        return self.ml if self.settled_ml is None else self.settled_ml

    @property
    def counts_ms(self) -> int:
        """What it takes from the pump's time, in ms."""
        return self.ms if self.settled_ms is None else self.settled_ms


@dataclass(frozen=True, kw_only=True, slots=True)
class Settlement:
    """A line of the ledger: the pulse `booking_id` gave only so much."""

    booking_id: str
    ms: int
    ml: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchor:
    """A line of the ledger: when it was `at`, the budget's own time was `budget_at` (W15)."""

    at: Moment
    budget_at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Damage:
    """A line of the ledger: what was before it is lost; all is spent for a day from `at` (W18)."""

    at: Moment
    budget_at: float


type Line = Booking | Settlement | Anchor | Damage


@dataclass(frozen=True, kw_only=True, slots=True)
class Soil:
    """One reading of a plant's soil moisture, in %.

    `at` is when it was measured, `every_s` how often its sensor is heard. `changed_at` is since
    when the value is the same, if the history tells. `flawed`: its sensor was judged not to be
    trusted; `out_of_soil` that its probe does not seem to be in the soil.
    """

    plant_id: str
    moisture: float
    at: float
    every_s: float = 0.0
    changed_at: float | None = None
    flawed: bool = False
    out_of_soil: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """Water that waits for the answer of one plant's soil (W14).

    `before` is its moisture in % when the first of `ml` was given, `best` the highest since, None
    without any reading. `began` and `ended` are the budget's own time at the beginning of the first
    and the end of the last of it.
    """

    before: float
    ml: float
    began: float
    ended: float
    best: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """What an arbiter must still know after a restart: W14 by plant, and whether it is locked.

    `looked_at` is the budget's own time when a person last looked after the pump, None for never:
    how soils answered before says nothing of how they do now.
    """

    locked: Cause | None = None
    misses: dict[str, int] = field(default_factory=dict)
    watches: dict[str, Watch] = field(default_factory=dict)
    looked_at: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PumpStatus:
    """What can be shown of a pump.

    `on` is True only when it has acknowledged or told so, and None while nobody knows (W17).
    `until` is when the present pulse ends. `blocked` is why nothing would be given to a person now,
    as far as that does not depend on how much is asked for.
    """

    phase: Phase
    on: bool | None
    until: float | None = None
    demand: Demand | None = None
    queued: int = 0
    locked: Cause | None = None
    blocked: Why | None = None
