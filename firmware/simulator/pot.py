"""A pot: where its water is, where it goes, and what a probe in it would show.

Two layers of soil, a saucer, and water on its way in. All amounts are ml (= g), times seconds.
Moisture is the water in the soil as a share of what fits into its pores, in %: what a well
calibrated probe shows.
"""

import math
from dataclasses import dataclass

from .weather import Air

TOP_SHARE = 0.4  # of the soil's volume
SOAK_IN_S = 15.0
TRICKLE_S = 90.0
DRAIN_S = 120.0
RISE_S = 6 * 3600.0
WICK_S = 3600.0
PROBE_S = 12.0  # the probe's field and the soil around it follow with this lag
BUSY_STEP_S, CALM_STEP_S = 2.0, 300.0
MOLAR_G = 18.0


@dataclass(frozen=True, kw_only=True)
class Plant:
    """A kind of plant in its pot; contents of water are shares of the soil's volume."""

    soil_ml: float
    leaf_m2: float
    saturation: float = 0.52
    capacity: float = 0.36
    wilting: float = 0.10
    saucer_ml: float = 250.0
    most_conductance: float = 180.0  # of the leaves in full light, mmol/m²/s
    start: float = 0.24


PLANTS = {
    "basil": Plant(soil_ml=1200, leaf_m2=0.07, most_conductance=260, saucer_ml=150),
    "monstera": Plant(soil_ml=3500, leaf_m2=0.35, most_conductance=140),
    "ficus": Plant(soil_ml=3000, leaf_m2=0.30, most_conductance=130),
    "succulent": Plant(soil_ml=800, leaf_m2=0.03, most_conductance=25, wilting=0.04),
    "tomato": Plant(soil_ml=9000, leaf_m2=0.5, most_conductance=260, saucer_ml=800),
}


def _share(seconds: float, constant: float) -> float:
    """How much of a store that empties with this time constant leaves within `seconds`."""
    return 1 - math.exp(-seconds / constant)


class Pot:
    """One pot; `step` lets time pass, `pour` adds water."""

    def __init__(self, plant: Plant, *, start: float | None = None) -> None:
        content = plant.start if start is None else start
        self.plant = plant
        self.top_room = plant.soil_ml * TOP_SHARE
        self.low_room = plant.soil_ml - self.top_room
        self.top, self.low = self.top_room * content, self.low_room * content
        self.arriving = 0.0
        self.saucer = 0.0
        self.spilt = 0.0  # over the rim of the saucer, onto the floor
        self.poured = 0.0
        self.transpired = 0.0
        self._felt = [content, content]

    @property
    def moisture(self) -> float:
        """The moisture of the whole pot in %."""
        return 100 * (self.top + self.low) / (self.plant.soil_ml * self.plant.saturation)

    @property
    def water(self) -> float:
        """All water in soil and saucer, and on its way, in ml."""
        return self.top + self.low + self.arriving + self.saucer

    def felt(self, depth: float = 0.4) -> float:
        """What a perfect probe shows in %; `depth` 0 sits in the upper layer, 1 in the lower."""
        content = self._felt[0] * (1 - depth) + self._felt[1] * depth
        return 100 * content / self.plant.saturation

    def pour(self, ml: float) -> None:
        """Water arrives on the surface."""
        self.arriving += ml
        self.poured += ml

    def step(self, seconds: float, air: Air) -> None:
        """Let `seconds` pass in this air."""
        left = seconds
        while left > 0:
            busy = self.arriving > 0.5 or self._excess() > 1.0 or self._unsettled()
            part = min(left, BUSY_STEP_S if busy else CALM_STEP_S)
            self._move(part)
            self._dry(part, air)
            self._feel(part)
            left -= part

    def _excess(self) -> float:
        capacity = self.plant.capacity
        return max(0.0, self.top - self.top_room * capacity) + max(
            0.0, self.low - self.low_room * capacity
        )

    def _unsettled(self) -> bool:
        return abs(self._felt[0] - self.top / self.top_room) > 0.002

    def _move(self, seconds: float) -> None:
        plant = self.plant
        soaked = min(
            self.arriving * _share(seconds, SOAK_IN_S),
            self.top_room * plant.saturation - self.top,
        )
        self.arriving -= soaked
        self.top += soaked
        if self.arriving > plant.soil_ml * 0.15:  # the rim of the pot
            self.spilt += self.arriving - plant.soil_ml * 0.15
            self.arriving = plant.soil_ml * 0.15
        down = max(0.0, self.top - self.top_room * plant.capacity) * _share(seconds, TRICKLE_S)
        gradient = self.top / self.top_room - self.low / self.low_room
        down += gradient * min(self.top_room, self.low_room) / 2 * _share(seconds, RISE_S)
        down = min(down, self.low_room * plant.saturation - self.low)
        self.top -= down
        self.low += down
        self._drain(seconds)

    def _drain(self, seconds: float) -> None:
        full = self.low_room * self.plant.capacity
        out = max(0.0, self.low - full) * _share(seconds, DRAIN_S)
        back = min(self.saucer, max(0.0, full - self.low)) * _share(seconds, WICK_S)
        self.low += back - out
        self.saucer += out - back
        if self.saucer > self.plant.saucer_ml:
            self.spilt += self.saucer - self.plant.saucer_ml
            self.saucer = self.plant.saucer_ml

    def _dry(self, seconds: float, air: Air) -> None:
        plant = self.plant
        photons = 2.0 * air.radiation  # µmol/m²/s, roughly
        opening = 8 + plant.most_conductance * photons / (photons + 200)
        leaves = plant.leaf_m2 * opening * air.vpd / (air.pressure / 10) * MOLAR_G / 1000
        surface = 0.004 * (plant.soil_ml / 1e6) ** (2 / 3) * air.vpd * 1.3
        easy = 0.5 * (plant.capacity - plant.wilting)
        for name, room, roots in (("top", self.top_room, 0.45), ("low", self.low_room, 0.55)):
            amount = getattr(self, name)
            supply = min(1.0, max(0.0, (amount / room - plant.wilting) / easy))
            lost = leaves * roots * supply * seconds
            if name == "top":
                lost += surface * min(1.0, max(0.0, amount / room / plant.capacity - 0.1)) * seconds
            lost = min(lost, max(0.0, amount - 0.02 * room))
            setattr(self, name, amount - lost)
            self.transpired += lost

    def _feel(self, seconds: float) -> None:
        truth = (self.top / self.top_room, self.low / self.low_room)
        for layer in (0, 1):
            self._felt[layer] += (truth[layer] - self._felt[layer]) * _share(seconds, PROBE_S)
