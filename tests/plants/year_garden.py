"""The eight plants of the scripted year, and what happens to each of them."""

import numpy as np

from .year_world import (
    DAY,
    DRY,
    FROST,
    HEAT,
    HOLIDAY,
    HOUR,
    STEPS,
    Climate,
    Fault,
    Flags,
    Floats,
    Pot,
    Sensor,
    Trouble,
    between,
    flags,
    heard,
    soil,
    spiked,
    step_of,
)

WATER_DAYS, FEED_DAYS = 7, 28
LIMITS = {
    "moisture_minimum": DRY, "moisture_low": 25.0, "moisture_high": 80.0, "moisture_maximum": 97.0,
    "temperature_minimum": FROST, "temperature_low": 6.0,
    "temperature_high": 32.0, "temperature_maximum": HEAT,
    "humidity_minimum": 5.0, "humidity_low": 10.0, "humidity_high": 95.0, "humidity_maximum": 99.0,
    "conductivity_minimum": 10.0, "conductivity_low": 20.0,
    "conductivity_high": 5000.0, "conductivity_maximum": 9000.0,
    "dli_minimum": 0.0, "dli_low": 0.0, "dli_high": 65.0, "dli_maximum": 70.0,
    "water_days": WATER_DAYS, "feed_days": FEED_DAYS,
}  # fmt: skip
# A probe that is dead is silent for three of its usual times and an hour, and then is looked at.
DEAD_ALLOWED = HOUR + 2
# One that repeats itself may be in soil that does not change: it takes days to tell.
STUCK_ALLOWED = 8 * DAY
BAD_ALLOWED = HOUR
REPLACED_AT = "2026-03-22 10:00"
NEW_PROBE = "sensor.fern_new_soil"


class Garden:
    """All pots, and the helpers that make them; the same each time."""

    def __init__(self) -> None:
        self.dice = np.random.default_rng(4)
        self.climate = Climate(self.dice)
        self.pots = [
            self._without_sensors(), self._fern(), self._monstera(), self._ficus(),
            self._pilea(), self._orchid(), self._rosemary(), self._cactus(),
        ]  # fmt: skip

    def _sensor(
        self, entity_id: str, truth: Floats, unit: str | None, every: int = 1, noise: float = 0.1
    ) -> Sensor:
        says = heard(truth, every, self.dice, noise)
        return Sensor(entity_id=entity_id, unit=unit, every=every, says=says)

    def _pot(self, name: str, **inputs: list[str]) -> Pot:
        return Pot(name=name, data={**inputs, "limits": LIMITS})

    def _dries(self, pot: Pot, days: float, thirsty: float, works: Flags | None = None) -> Floats:
        """Grow the soil; dry soil is trouble while a probe could tell."""
        truth = soil(self.dice, self.climate, pot, days=days, thirsty=thirsty)
        bad = (truth < DRY - 2.0) & (True if works is None else works)
        pot.troubles.append(Trouble(name="dry", bad=bad, allowed=BAD_ALLOWED, edge=truth < DRY))
        return truth

    @staticmethod
    def _dead(pot: Pot, what: str, *when: slice, stuck: bool = False, every: int = 1) -> None:
        allowed = STUCK_ALLOWED if stuck else max(DEAD_ALLOWED, 3 * every + 2)
        bad = flags(*when)
        pot.troubles.append(Trouble(name=f"dead {what}", bad=bad, allowed=allowed, edge=bad))

    def _without_sensors(self) -> Pot:
        """Waterings are told in the evenings, at times late, at times not at all."""
        pot = self._pot("Parsley")
        for day in np.cumsum(self.dice.integers(4, 10, 60)):
            step = int(day) * DAY + int(self.dice.integers(0, DAY))
            away = between(*HOLIDAY)
            if step < STEPS and not away.start <= step < away.stop:
                pot.told[step] = "watered"
        # Half an hour before midnight, and half an hour after: a day is not always 24 hours.
        pot.told[step_of("2026-03-27 23:30")] = "watered"
        pot.told[step_of("2026-10-22 00:30")] = "watered"
        pot.told[step_of("2026-03-20 23:40")] = "fed"
        late = np.ones(STEPS, dtype=np.bool_)
        for step in pot.told:
            if pot.told[step] == "watered":
                # A day of daylight saving time more or less is no matter here.
                late[step : step + (WATER_DAYS + 1) * DAY + HOUR] = False
        late[: min(pot.told)] = False
        pot.troubles.append(Trouble(name="overdue", bad=late, allowed=HOUR, edge=late))
        return pot

    def _fern(self) -> Pot:
        """Moisture only; dead for three weeks, then replaced by a new probe; wild readings."""
        pot = self._pot("Fern", moisture=["sensor.fern_soil"])
        dead = between("2026-03-01 03:00", REPLACED_AT)
        truth = self._dries(pot, 6, 27, ~flags(dead))
        old = self._sensor("sensor.fern_soil", truth, "%", noise=0.4)
        spiked(old.says, self.dice, 0.0, 100.0)
        old.break_down(Fault.UNAVAILABLE, dead)
        old.says[dead.stop :] = np.nan
        new = self._sensor(NEW_PROBE, truth, "%", every=2, noise=0.4)
        new.says[: dead.stop] = np.nan
        pot.sensors += [old, new]
        self._dead(pot, "moisture", dead)
        return pot

    def _monstera(self) -> Pot:
        """Every input; its probe repeats itself for three weeks, its thermometer is silent."""
        pot = self._pot(
            "Monstera",
            moisture=["sensor.monstera_soil"], light=["sensor.monstera_lux"],
            temperature=["sensor.room"], humidity=["sensor.room_air"],
            conductivity=["sensor.monstera_ec"],
        )  # fmt: skip
        stuck = between("2026-09-01 08:00", "2026-09-22 08:00")
        quiet = between("2026-05-10 20:00", "2026-05-12 12:00")
        truth = self._dries(pot, 9, 30, ~flags(stuck))
        probe = self._sensor("sensor.monstera_soil", truth, "%")
        probe.break_down(Fault.STUCK, stuck)
        room = self._sensor("sensor.room", self.climate.inside, "°C")
        room.break_down(Fault.SILENT, quiet)
        ec = 300 + 8 * truth
        pot.sensors += [
            probe, room,
            self._sensor("sensor.monstera_lux", self.climate.sun * 0.08 / 0.0185, "lx", noise=2),
            self._sensor("sensor.room_air", self.climate.humidity, "%"),
            self._sensor("sensor.monstera_ec", ec, "µS/cm", every=3, noise=4),
        ]  # fmt: skip
        self._dead(pot, "moisture", stuck, stuck=True)
        self._dead(pot, "temperature", quiet)
        pot.told[step_of("2026-04-01 00:20")] = "fed"
        pot.told[step_of("2026-10-24 23:50")] = "fed"
        return pot

    def _ficus(self) -> Pot:
        """Two probes: one flickers for a day, one is dead for a week, both for two days."""
        pot = self._pot("Ficus", moisture=["sensor.ficus_a", "sensor.ficus_b"])
        both = between("2026-08-20 12:00", "2026-08-22 12:00")
        truth = self._dries(pot, 8, 26, ~flags(both))
        left = self._sensor("sensor.ficus_a", truth + 1.0, "%", every=2, noise=0.3)
        right = self._sensor("sensor.ficus_b", (truth - 1.0) / 100, "m³/m³", every=3, noise=0.0)
        right.says = np.round(heard((truth - 1.0) / 100, 3, self.dice, 0.002) * 1.0, 3)
        flicker = between("2026-10-24 18:00", "2026-10-25 20:00")
        left.says[flicker.start + 1 : flicker.stop : 2] = np.inf
        right.says[flicker.start + 2 : flicker.stop : 5] = np.inf
        left.break_down(Fault.UNAVAILABLE, between("2026-08-15 12:00", "2026-08-22 12:00"))
        right.break_down(Fault.SILENT, both)
        pot.sensors += [left, right]
        self._dead(pot, "moisture", both, every=3)
        return pot

    def _pilea(self) -> Pot:
        """A raw and noisy probe; for a day its wire is broken and it reads nonsense."""
        pot = self._pot("Pilea", moisture=["sensor.pilea_raw"])
        pot.data |= {"raw_dry": 3000.0, "raw_wet": 1000.0}
        broken = between("2026-06-15 06:00", "2026-06-16 18:00")
        truth = self._dries(pot, 5, 24, ~flags(broken))
        probe = self._sensor("sensor.pilea_raw", 3000 - 20 * truth, None, noise=30)
        heard_at = ~np.isnan(probe.says[broken])
        probe.says[broken] = np.where(heard_at, 4095.0, np.nan)
        pot.sensors.append(probe)
        self._dead(pot, "moisture", broken)
        return pot

    def _orchid(self) -> Pot:
        """Fahrenheit, a fraction of humidity, and light as photons."""
        pot = self._pot(
            "Orchid",
            moisture=["sensor.orchid_soil"], temperature=["sensor.orchid_f"],
            humidity=["sensor.orchid_air"], light=["sensor.orchid_ppfd"],
        )  # fmt: skip
        truth = self._dries(pot, 11, 28)
        air = Sensor(
            entity_id="sensor.orchid_air", unit=None, every=3,
            says=np.round(heard(self.climate.humidity, 3, self.dice, 0.5) / 100, 3),
        )  # fmt: skip
        pot.sensors += [
            self._sensor("sensor.orchid_soil", truth, "%", every=2),
            self._sensor("sensor.orchid_f", self.climate.inside * 1.8 + 32, "°F", every=2),
            air,
            self._sensor("sensor.orchid_ppfd", self.climate.sun * 0.1, "μmol/s⋅m²", every=2),
        ]
        return pot

    def _rosemary(self) -> Pot:
        """On the balcony, through frost and heat."""
        pot = self._pot(
            "Rosemary",
            moisture=["sensor.balcony_soil"], temperature=["sensor.balcony"],
            light=["sensor.balcony_lux"],
        )  # fmt: skip
        pot.data["outdoors"] = True
        truth = self._dries(pot, 7, 26)
        outside = self.climate.outside
        for name, depth in (("frost", FROST - outside), ("heat", outside - HEAT)):
            pot.troubles.append(
                Trouble(name=name, bad=depth > 0.5, allowed=BAD_ALLOWED, edge=depth > 0)
            )
        light = self.climate.sun * 0.5 / 0.0185
        pot.sensors += [
            self._sensor("sensor.balcony_soil", truth, "%"),
            self._sensor("sensor.balcony", outside, "°C"),
            self._sensor("sensor.balcony_lux", light, "lx", every=2, noise=5),
        ]
        return pot

    def _cactus(self) -> Pot:
        """Its light sensor saves its battery: it speaks only when the light has changed."""
        pot = self._pot("Cactus", moisture=["sensor.cactus_soil"], light=["sensor.cactus_lux"])
        truth = self._dries(pot, 14, 22)
        light = self._sensor("sensor.cactus_lux", self.climate.sun * 0.2 / 0.0185, "lx", noise=0)
        light.says[1:][light.says[1:] == light.says[:-1]] = np.nan
        pot.sensors += [self._sensor("sensor.cactus_soil", truth, "%", every=3), light]
        return pot
