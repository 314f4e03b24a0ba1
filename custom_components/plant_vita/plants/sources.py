"""The entities that a plant is bound to: what they say, and since when they have said nothing."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import fmean, median
from typing import TypedDict

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er

from ..analysis.lamps import Source as Lamp
from ..model.plant import FAULTS, Flaw
from .definition import Input, PlantDefinition, Scale
from .units import converted, possible

# A source that has been silent for three of its usual times, and for an hour, is not believed.
MISSED_TIMES = 3
LEAST_PATIENCE_S = 3600.0
# Whoever is new may be one that speaks every hour.
FIRST_PATIENCE_S = 3 * 3600.0
_KNOWN_DISTANCES = 2
# In the dark a light sensor that only reports changes has nothing to say until the morning, be it a
# winter's. Under 0.5 μmol/(m² s), some 27 lx, no plant grows.
NIGHT_S = 18 * 3600.0
DARK = 0.5
# One word that cannot be true is none; what still says nothing else after this time is at fault.
FAULT_S = 240.0
ATTR_FAULT = "fault"
_DISTANCES_KEPT = 15
# Several states within a second are one report.
_ONE_REPORT_S = 1.0

_TOLD = {"open": Flaw.OPEN, "short": Flaw.SHORT, "range": Flaw.OUT_OF_RANGE}


class StoredSource(TypedDict):
    """What is kept of a source on disk; `silent_s` is how long it had been silent at `at`."""

    value: float | None
    measured_at: float | None
    silent_s: float
    distances: list[float]


@dataclass(frozen=True, kw_only=True, slots=True)
class InputState:
    """One input of a plant: the mean of those of its sources that are still believed.

    If none is, `value` is the last that was known, and `stale` is True; it is not while a source
    that was never heard may still speak in time. `flaw` is set where all that can be said comes
    from sensors that cannot be right, or where they are doubted (JUMP). `measured_at` is when the
    newest of them spoke, in Unix seconds. `gone` names the entities that do not exist any more.
    """

    value: float | None = None
    measured_at: float | None = None
    stale: bool = True
    fresh: int = 0
    sources: int = 0
    gone: tuple[str, ...] = ()
    flaw: Flaw | None = None

    @property
    def faulty(self) -> bool:
        """Whether it says something that cannot be true."""
        return self.flaw in FAULTS

    @property
    def believed(self) -> bool:
        """Whether anything may be concluded from it."""
        return not self.stale and not self.faulty


class Source:
    """One bound entity.

    Silence is only counted while we listen: a source is not blamed for a restart of Home
    Assistant, and its silence before it is not forgotten either.
    """

    def __init__(self, reference: str, one: Input, now: float) -> None:
        """Nothing has been heard of it; patience begins `now`."""
        self.reference = reference
        self.input = one
        self.called = reference
        self.entity_id: str | None = None
        self.gone = False
        self.scale: Scale | None = None
        self.lamp = Lamp.SUNLIGHT
        self.value: float | None = None
        self.measured_at: float | None = None
        self._fault: tuple[Flaw, float] | None = None
        self._silent_since = now
        self._distances: deque[float] = deque(maxlen=_DISTANCES_KEPT)
        self._interrupted = True
        self._heard: tuple[float, float] | None = None

    @callback
    def async_resolve(self, hass: HomeAssistant) -> None:
        """Find out what the entity is called now, and whether there still is one."""
        found = er.async_resolve_entity_id(er.async_get(hass), self.reference)
        self.gone = found is None
        self.entity_id = found or self.entity_id

    @property
    def name(self) -> str:
        """What a person knows the entity by, also if it was gone before we looked."""
        return self.entity_id or self.called

    def take(self, state: State) -> bool:
        """Take in what the entity says; False if it says nothing that can be used, or no news."""
        at = state.last_reported_timestamp
        value = self._value(state)
        if value is None:
            return False
        if isinstance(value, Flaw):
            self._fault = (value, self._fault[1] if self._fault else at)
            return False
        self._fault = None
        # Where it is older than what was known, a wrong clock has been set back: it is news, too.
        before, self._heard = self._heard, (at, value)
        if self._heard == before:
            return False
        if before is None and value == self.value:
            # Most likely only restored, at a start, from before it: nobody has measured since, and
            # neither has the soil stood still nor does the sensor live.
            return False
        if self.measured_at is not None and not self._interrupted:
            distance = at - self.measured_at
            if distance >= _ONE_REPORT_S:
                self._distances.append(distance)
        self._interrupted = False
        self.value, self.measured_at, self._silent_since = value, at, at
        return True

    def _value(self, state: State) -> float | Flaw | None:
        """What it says in the unit of its input, or why that cannot be true."""
        try:
            said = float(state.state)
        except ValueError:
            # Our own nodes say what is wrong with a probe; others only that they know nothing.
            return _TOLD.get(state.attributes.get(ATTR_FAULT, ""))
        unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
        value = converted(self.input, said, unit, self.scale, self.lamp)
        return value if value is None or possible(self.input, value) else Flaw.OUT_OF_RANGE

    @property
    def patience_s(self) -> float:
        """After how many seconds of silence it is not believed any more."""
        usual = median(self._distances) if self._distances else 0.0
        least = LEAST_PATIENCE_S if len(self._distances) >= _KNOWN_DISTANCES else FIRST_PATIENCE_S
        dark = self.input is Input.LIGHT and self.value is not None and self.value <= DARK
        return max(MISSED_TIMES * usual, NIGHT_S if dark else least)

    def flaw(self, now: float) -> Flaw | None:
        """What has been wrong with what it says for some minutes."""
        return self._fault[0] if self._fault and now >= self._fault[1] + FAULT_S else None

    @property
    def believed_until(self) -> float:
        """The moment from which on it is stale, if it stays silent."""
        return float("-inf") if self.gone else self._silent_since + self.patience_s

    def overdue(self, now: float) -> bool:
        """Whether it has been silent for too long."""
        # A clock that was ahead when it spoke must not make it young for ever.
        self._silent_since = min(self._silent_since, now)
        return now >= self.believed_until

    def fresh(self, now: float) -> bool:
        """Whether what it last said can be believed."""
        return self.value is not None and not self.overdue(now) and self.flaw(now) is None

    def next_turn(self, now: float) -> float | None:
        """When it will not be believed any more, if it says nothing else."""
        turns = [self.believed_until, *([self._fault[1] + FAULT_S] if self._fault else ())]
        return min((turn for turn in turns if turn > now), default=None)

    def as_stored(self, now: float) -> StoredSource:
        """Everything that a restart must not forget."""
        return {
            "value": self.value,
            "measured_at": self.measured_at,
            "silent_s": max(now - self._silent_since, 0.0),
            "distances": [round(distance, 1) for distance in self._distances],
        }

    def restore(self, stored: StoredSource, now: float) -> None:
        """Go on from what was stored, as if no time had passed since."""
        self.value, self.measured_at = stored["value"], stored["measured_at"]
        self._silent_since = now - stored["silent_s"]
        self._distances.extend(stored["distances"])


class Sources:
    """All entities that one plant is bound to."""

    def __init__(self) -> None:
        """Bound to nothing."""
        self._known: dict[tuple[Input, str], Source] = {}
        self.scale: Scale | None = None

    def __iter__(self) -> Iterator[Source]:
        """Every source, one for each input it is bound to."""
        return iter(self._known.values())

    @callback
    def async_bind(self, hass: HomeAssistant, definition: PlantDefinition, now: float) -> None:
        """Bind to what the definition names; a source that was bound before keeps what it knows."""
        self.scale = definition.scale
        wanted = [(one, ref) for one, refs in definition.inputs.items() for ref in refs]
        self._known = {
            (one, ref): self._known.get((one, ref)) or Source(ref, one, now) for one, ref in wanted
        }
        for source in self._known.values():
            source.scale, source.lamp = definition.scale_of(source.reference), definition.lamp
            source.called = definition.called.get(source.reference, source.reference)
            source.async_resolve(hass)

    def of(self, one: Input) -> list[Source]:
        """The sources of one input."""
        return [source for (bound, _), source in self._known.items() if bound is one]

    def named(self, entity_id: str) -> list[Source]:
        """The sources that this entity is: it may be bound to several inputs."""
        return [source for source in self._known.values() if source.entity_id == entity_id]

    @property
    def entity_ids(self) -> set[str]:
        """What to listen to."""
        return {source.entity_id for source in self._known.values() if source.entity_id}

    def state(self, one: Input, now: float) -> InputState:
        """What one input is `now`."""
        bound = self.of(one)
        known = [source for source in bound if source.value is not None]
        fresh = [source for source in known if source.fresh(now)]
        believed = fresh or known
        return InputState(
            value=fmean(s.value for s in believed if s.value is not None) if believed else None,
            measured_at=max((s.measured_at for s in believed if s.measured_at), default=None),
            stale=all(source.overdue(now) for source in bound),
            fresh=len(fresh),
            sources=len(bound),
            gone=tuple(source.name for source in bound if source.gone),
            flaw=None if fresh else next(filter(None, (s.flaw(now) for s in bound)), None),
        )

    def states(self, now: float) -> dict[Input, InputState]:
        """Every input that is bound to something."""
        return {one: self.state(one, now) for one in Input if self.of(one)}

    def next_turn(self, now: float) -> float | None:
        """When the next source will not be believed any more, if it says nothing else."""
        turns = [source.next_turn(now) for source in self._known.values()]
        return min((turn for turn in turns if turn is not None), default=None)

    def as_stored(self, now: float) -> dict[str, dict[str, StoredSource]]:
        """Input → reference → source."""
        stored: dict[str, dict[str, StoredSource]] = {}
        for (one, reference), source in self._known.items():
            stored.setdefault(one, {})[reference] = source.as_stored(now)
        return stored

    def restore(self, stored: Mapping[str, Mapping[str, StoredSource]], now: float) -> None:
        """Give the sources that are still bound back what they knew."""
        for (one, reference), source in self._known.items():
            if known := stored.get(one, {}).get(reference):
                source.restore(known, now)
