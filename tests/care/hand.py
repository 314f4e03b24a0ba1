"""One arbiter, driven by hand: a clock that is set, and what comes out of each event."""

from dataclasses import replace

from custom_components.plant_vita.care import events
from custom_components.plant_vita.care.arbiter import Arbiter
from custom_components.plant_vita.care.ledger import Ledger
from custom_components.plant_vita.model.watering import (
    Demand,
    Memory,
    Moment,
    PumpFacts,
    Soil,
    Source,
)

WALL = 1_800_000_000.0
NODE = PumpFacts(plants=("fern",), sensed=frozenset({"fern"}), ml_per_s=10.0)
SWITCH = replace(NODE, bounded_by_hardware=False, daily_ms=None)


def moment(seconds: float = 0.0, *, ahead: float = 0.0, boot: str = "b1") -> Moment:
    """So long after the beginning, with a wall clock that is `ahead`."""
    return Moment(wall=WALL + seconds + ahead, steady=seconds, boot_id=boot)


def demand(name: str = "d", *, ml: float | None = 100.0, **more) -> Demand:
    """A person wants 100 ml for the fern."""
    fields = {"pump_id": "p", "plant_ids": ("fern",), "source": Source.MANUAL, "asked_at": WALL}
    return Demand(demand_id=name, ml=ml, **(fields | more))


class Hand:
    """The arbiter of pump `p`; `done` is what it wanted in answer to the last event."""

    def __init__(
        self,
        facts: PumpFacts = NODE,
        *,
        ledger: Ledger | None = None,
        memory: Memory | None = None,
        ready: bool = True,
    ) -> None:
        self.now, self.ahead = 100.0, 0.0
        self.ledger = ledger or Ledger.restored([], self.moment)
        self.arbiter = Arbiter("p", self.ledger, memory)
        self.done = []
        self.tell(events.Configured(facts=facts))
        if ready:
            self.tell(events.LinkUp(), events.Reported(on=False))

    @property
    def moment(self) -> Moment:
        return moment(self.now, ahead=self.ahead)

    @property
    def status(self):
        return self.arbiter.status(self.moment)

    def tell(self, *told: events.Event, after: float = 0.0) -> list[events.Action]:
        """Hand in events; gives what all of them caused."""
        self.now += after
        self.done = [do for event in told for do in self.arbiter.handle(event, self.moment)]
        return self.done

    def ask(self, name: str = "d", **more) -> list[events.Action]:
        return self.tell(events.Asked(demand=demand(name, **more)))

    def run(self, name: str = "d", **more) -> None:
        """Ask, and let the first pulse be booked, sent and acknowledged."""
        self.ask(name, **more)
        self.tell(events.Booked(booking_id=f"{name}.1"), events.Acked(booking_id=f"{name}.1"))

    def measure(self, moisture: float, *, after: float = 0.0, **more) -> list[events.Action]:
        self.now += after
        soil = Soil(plant_id="fern", moisture=moisture, at=self.moment.wall, **more)
        return self.tell(events.Measured(soil=soil))

    def of(self, kind):
        """Those of the last actions that are of this kind."""
        return [do for do in self.done if isinstance(do, kind)]

    @property
    def result(self):
        """What was told last of a demand."""
        return self.of(events.Tell)[-1].result
