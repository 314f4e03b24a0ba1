"""Automatic care and the arbiter of its pump over simulated pots, whole and with things broken.

Pots of 0.8 to 8 litres dry and are watered: `care.automatic.decide` after each reading (every ten
minutes), through `care.arbiter`, by a pump that is up to 15 % off its calibration, in soil that
takes three to ten ml a litre for a point, of which nobody is told but the size of the pot, a third
off. Probes are noisy, swing with the day, and now and then say something wild.

Healthy pots count the waterings after which a pump was locked although nothing was wrong. In the
others something breaks once they have run for two weeks. It is detected when the pump is locked or
automatic care says that the probe is not to be trusted, or that the soil answers with a fraction of
what it did before (then it waits for a week); `waterings` are those from the fault up to
then, as the rule counts them that asks whether the soil answered: at least 100 ml, in several doses
where the pot is small. An over-delivery is more in any 24 hours than the plant's budget of 500 ml.
"""

import math
import random
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import UTC

from custom_components.plant_vita.care import dose, events
from custom_components.plant_vita.care.arbiter import Arbiter
from custom_components.plant_vita.care.automatic import Facts, Mode, decide
from custom_components.plant_vita.care.dose import Given
from custom_components.plant_vita.care.ledger import Ledger
from custom_components.plant_vita.model.species import Band
from custom_components.plant_vita.model.watering import (
    Demand,
    Finished,
    Moment,
    PumpFacts,
    Soil,
    Why,
)

from .results import Report, Table, Target, ratio

DAY_S = 86_400.0
STEP_S = 600.0
BUDGET_ML = 500.0
HEALTHY_DAYS = 14
WATCHED_DAYS = 30
FULL_WATERINGS, SAMPLE_WATERINGS = 10_000, 600
FULL_POTS, SAMPLE_POTS = 60, 6
_BAND = Band(minimum=12, low=30, high=60, maximum=75)
_RATE = 8.0  # ml/s, as calibrated
_PLANT, _PUMP = "fern", "pump"
_SUSPECT = frozenset(
    {Why.SENSOR_FLAT, Why.SENSOR_STALE, Why.SENSOR_RANGE, Why.SENSOR_FLAWED, Why.NO_READING}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """What breaks: the share of the water that still arrives, and what the probe says instead.

    `says` is None for the truth, "nothing", "the same", or "air" (and a figure for it, in %).
    """

    name: str
    flow: float = 1.0
    says: str | None = None
    air: float = 0.0


FAULTS = (
    Fault(name="empty tank", flow=0.0),
    Fault(name="clog, a twentieth arrives", flow=0.05),
    Fault(name="leaking hose, a tenth arrives", flow=0.1),
    Fault(name="dead probe, silent", says="nothing"),
    Fault(name="dead probe, says the same for ever", says="the same"),
    Fault(name="probe pulled out, 0.5 % in air", says="air", air=0.5),
    Fault(name="probe pulled out, 4 % in air", says="air", air=4.0),
)


@dataclass(kw_only=True)
class Pot:
    """True soil; `level` in points, as much water on its way into it as `soaking`."""

    dice: random.Random
    litres: float = 0.0
    level: float = 45.0
    soaking: float = 0.0
    fault: Fault | None = None

    def __post_init__(self) -> None:
        """Roll what pot it is."""
        dice = self.dice
        self.litres = math.exp(dice.uniform(math.log(0.8), math.log(8.0)))
        self.each = self.litres * dice.uniform(3.0, 10.0)
        self.rate = dice.uniform(0.04, 0.2) / DAY_S
        self.floor = dice.uniform(3.0, 12.0)
        self.soak_s = dice.uniform(180.0, 900.0)
        self.noise = dice.choice([0.2, 0.5, 1.0])
        self.wild = dice.choice([0.0, 0.002])
        self.swing = dice.uniform(0.0, 1.0)
        self.pump = _RATE * dice.uniform(0.85, 1.15)
        self.frozen = 0.0

    def pour(self, ms: int) -> None:
        """The pump has run."""
        flow = self.fault.flow if self.fault else 1.0
        self.soaking += ms / 1000 * self.pump * flow / self.each

    def pass_time(self, seconds: float) -> None:
        """It dries, and what was poured soaks in; above 75 it drains through the hole."""
        share = 1.0 - math.exp(-seconds / self.soak_s)
        self.level += share * self.soaking
        self.soaking *= 1.0 - share
        drained = max(0.0, self.level - 75.0) * (1 - math.exp(-seconds / 7200))
        self.level += (self.floor - self.level) * self.rate * seconds - drained

    def breaks(self, fault: Fault) -> None:
        """From now on."""
        self.fault = fault
        # The worst that a dead probe can say: dry.
        self.frozen = min(round(self.level, 1), _BAND.low - 2.0)

    def reading(self, now: float) -> float | None:
        """What the probe says, on its grid of a tenth."""
        dice, says = self.dice, self.fault.says if self.fault else None
        if says == "nothing":
            return None
        if says == "the same":
            return self.frozen
        level = self.fault.air if self.fault and says == "air" else self.level
        noise = self.noise if says is None else 0.3
        error = dice.gauss(0, noise) + (dice.gauss(0, 12.0) if dice.random() < self.wild else 0.0)
        swing = self.swing * math.sin(2 * math.pi * now / DAY_S) if says is None else 0.0
        return round(min(100.0, max(0.0, level + error + swing)), 1)


@dataclass(kw_only=True)
class House:
    """One pot with its pump, and everything of ours that decides about them."""

    pot: Pot
    now: float = 1.8e9
    doses: list[tuple[float, float]] = field(default_factory=list)
    locked: bool = False
    suspect: Why | None = None
    weak: bool = False

    def __post_init__(self) -> None:
        """Everything is new."""
        moment = self._moment()
        self.ledger = Ledger.restored([], moment)
        self.arbiter = Arbiter(_PUMP, self.ledger)
        pump = PumpFacts(
            plants=(_PLANT,), sensed=frozenset({_PLANT}), ml_per_s=_RATE, daily_ml=BUDGET_ML
        )
        told = 1000 * self.pot.litres * self.pot.dice.uniform(0.67, 1.5)
        self.facts = Facts(
            plant_id=_PLANT,
            zone=UTC,
            mode=Mode.ON,
            sensed=True,
            band=_BAND,
            pot_ml=told,
            daily_ml=BUDGET_ML,
        )
        self._readings: deque[tuple[float, float]] = deque(maxlen=24)
        self._changed = (0.0, -1.0)
        self._wake: float | None = None
        self._count = 0
        self._hand(events.Configured(facts=pump))
        self._hand(events.LinkUp())
        self._hand(events.Reported(on=False))

    def _moment(self) -> Moment:
        return Moment(wall=self.now, steady=self.now - 1.7e9, boot_id="one")

    def _hand(self, event: events.Event) -> None:
        for action in self.arbiter.handle(event, self._moment()):
            match action:
                case events.Book(booking=booking, send=True):
                    self._hand(events.Booked(booking_id=booking.booking_id))
                case events.Send(booking_id=booking_id, ms=ms):
                    self._run(booking_id, ms)
                case events.WakeAt(steady=steady):
                    self._wake = steady + 1.7e9
                case events.Tell(result=Finished(ml=ml)):
                    self.doses.append((self.now, ml))
                    soil = self.facts.soil
                    given = Given(at=self.now, ml=ml, before=soil.moisture if soil else None)
                    self.facts = replace(self.facts, given=(*self.facts.given[-20:], given))
                case events.Raise():
                    self.locked = True
                case _:
                    pass

    def _run(self, booking_id: str, ms: int) -> None:
        self._hand(events.Acked(booking_id=booking_id))
        self._hand(events.Reported(on=True))
        self._pass(ms / 1000)
        self.pot.pour(ms)
        self._hand(events.Ended(booking_id=booking_id, ms=ms))
        self._hand(events.Reported(on=False))

    def _pass(self, seconds: float) -> None:
        self.pot.pass_time(seconds)
        self.now += seconds

    def step(self) -> None:
        """Ten minutes, with what the arbiter wants done between, and then a reading."""
        until = self.now + STEP_S
        while self._wake is not None and self._wake < until:
            wake, self._wake = self._wake, None
            self._pass(max(0.0, wake - self.now))
            self._hand(events.Tick())
        self._pass(max(0.0, until - self.now))
        self._measured()
        decision = decide(self.facts, self.now)
        self.suspect = decision.why if decision.why in _SUSPECT else None
        self.weak = decision.why is Why.UNANSWERED
        if decision.ml > 0 and not self.locked:
            self._count += 1
            demand = Demand(
                demand_id=f"d{self._count}",
                pump_id=_PUMP,
                plant_ids=(_PLANT,),
                source=decision.source,
                asked_at=self.now,
                ml=decision.ml,
            )
            self._hand(events.Asked(demand=demand))

    def _measured(self) -> None:
        level = self.pot.reading(self.now)
        if level is None:
            return
        if level != self._changed[1]:
            self._changed = (self.now, level)
        soil = Soil(
            plant_id=_PLANT,
            moisture=level,
            at=self.now,
            every_s=STEP_S,
            changed_at=self._changed[0],
        )
        self._readings.append((self.now, level))
        used = self.ledger.used_ml((_PLANT,), _PUMP, self._moment())
        recent = tuple(value for _, value in list(self._readings)[-3:])
        self.facts = replace(self.facts, soil=soil, recent=recent, used_ml=used)
        self._answered()
        self._hand(events.Measured(soil=soil))

    def _answered(self) -> None:
        given = self.facts.given
        if not given or given[-1].after is not None:
            return
        last = given[-1]
        if self.now < last.at + self.facts.soak_s + dose.WATCHED_S:
            return
        told = dose.answer(
            list(self._readings), start=last.at - 60, end=last.at, soak_s=self.facts.soak_s
        )
        if told:
            told_at = replace(last, before=told[0], after=told[1])
            self.facts = replace(self.facts, given=(*given[:-1], told_at))

    @property
    def found(self) -> bool:
        """Whether somebody is told that something is wrong."""
        return self.locked or self.weak or self.suspect is not None

    @property
    def most_a_day(self) -> float:
        """The most ml of any 24 hours."""
        return max(
            (
                sum(ml for at, ml in self.doses if begin <= at < begin + DAY_S)
                for begin, _ in self.doses
            ),
            default=0.0,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of one pot with a fault; `waterings` None: not detected."""

    waterings: int | None
    doses: int
    ml: float
    over: bool
    hours: float


def broken(fault: Fault, seed: int) -> Outcome:
    """One pot in which something breaks after two weeks."""
    house = House(pot=Pot(dice=random.Random(f"{fault.name} {seed}")))  # noqa: S311 - repeatable
    for _ in range(int(HEALTHY_DAYS * DAY_S / STEP_S)):
        house.step()
    since, before = house.now, len(house.doses)
    house.pot.breaks(fault)
    while not house.found and house.now < since + WATCHED_DAYS * DAY_S:
        house.step()
    given = [ml for _, ml in house.doses[before:]]
    found = house.found
    # It goes on for five days: nothing more may come.
    for _ in range(int(5 * DAY_S / STEP_S)):
        house.step()
    return Outcome(
        waterings=judged(given) if found else None,
        doses=len(given),
        ml=sum(given),
        over=house.most_a_day > BUDGET_ML + 1e-6 or len(house.doses) > before + len(given),
        hours=(house.now - since) / 3600 - 5 * 24,
    )


def judged(doses: list[float]) -> int:
    """How many waterings these doses are for the rule that asks for an answer: 100 ml each."""
    count, together = 0, 0.0
    for ml in doses:
        together += ml
        if together >= 100.0:
            count, together = count + 1, 0.0
    return count + (together > 0)


def healthy(waterings: int) -> tuple[int, int, int, int]:
    """Waterings, pumps locked although nothing was wrong, over-deliveries, and pots, of many."""
    given = locked = over = pots = 0
    while given < waterings:
        house = House(pot=Pot(dice=random.Random(f"healthy {pots}")))  # noqa: S311 - repeatable
        pots += 1
        for _ in range(int(90 * DAY_S / STEP_S)):
            house.step()
            if house.locked or house.weak:
                locked += 1
                break
        given += len(house.doses)
        over += house.most_a_day > BUDGET_ML + 1e-6
    return given, locked, over, pots


def _targets(missed: int, over: int, false: float) -> list[Target]:
    return [
        Target(text="faults not detected within two waterings: 0", measured=missed, most=0),
        Target(text="over-deliveries: 0", measured=over, most=0),
        Target(
            text="false lock-outs in 1,000 waterings below 1",
            measured=false,
            most=0.999,
        ),
    ]


def run(*, sample: bool) -> Report:
    """60 pots for each fault and 10,000 waterings of healthy ones, or some."""
    report = Report(
        name="watering_pots", summary=(__doc__ or "").split("\n\n", 1)[1].strip(), sample=sample
    )
    pots = SAMPLE_POTS if sample else FULL_POTS
    table = Table(
        title=f"{pots} pots for each fault",
        columns=[
            "fault", "detected", "waterings, worst", "doses, worst", "ml, worst",
            "over-deliveries", "hours, median",
        ],
    )  # fmt: skip
    missed = over = 0
    for fault in FAULTS:
        outcomes = [broken(fault, seed) for seed in range(pots)]
        found = [one.waterings for one in outcomes if one.waterings is not None]
        missed += sum(one.waterings is None or one.waterings > 2 for one in outcomes)
        over += sum(one.over for one in outcomes)
        table.rows.append(
            (
                fault.name,
                f"{len(found)} of {pots}",
                max(found, default=None),
                max(one.doses for one in outcomes),
                max(one.ml for one in outcomes),
                sum(one.over for one in outcomes),
                sorted(one.hours for one in outcomes)[pots // 2],
            )
        )
    given, locked, more, healthy_pots = healthy(SAMPLE_WATERINGS if sample else FULL_WATERINGS)
    report.tables += [
        table,
        Table(
            title=f"{healthy_pots} healthy pots, 90 days each",
            columns=["waterings", "locked out for nothing", "in 1,000", "over-deliveries"],
            rows=[(given, locked, ratio(1000 * locked, given), more)],
        ),
    ]
    report.targets = _targets(missed, over + more, ratio(1000 * locked, given))
    return report
