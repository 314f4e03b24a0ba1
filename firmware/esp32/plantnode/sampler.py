"""Reads every sensor at its rhythm and reports what is worth telling.

A part that doesn't answer becomes 'silent' on its own channels and disturbs nobody else. One round
asks all parts to measure, waits once for the slowest, then reads them all.
"""

from plantnode import clock
from plantnode.filter import Filter

SAMPLE_S = 5
CONTACT_MS = 500  # contacts between two rounds: a leak is news at once


class Sampler:
    """Owns the sensors and one filter for each of their channels."""

    def __init__(self, board, settings) -> None:
        self._board = board
        self._sensors = board.sensors
        self._sample_ms = _seconds(settings.get("sample"), SAMPLE_S) * 1000
        tuning = settings.get("tuning", {})
        tuning = tuning if isinstance(tuning, dict) else {}
        self._filters = {}
        for channel in board.channels:
            if channel.kind not in ("pump", "light", "camera"):
                self._filters[channel.index] = Filter(channel.kind, tuning.get(str(channel.index)))
        self._warm_ms = max([sensor.warm_ms for sensor in self._sensors], default=0)

    def configure(self, index: int | None, change: dict) -> None:
        """Tune one channel ({"med", "db", "hb"}), or with None the rhythm ({"sample": seconds}).

        An actuator has nothing to tune, and that is no error.
        """
        if index is None:
            self._sample_ms = _seconds(change.get("sample"), self._sample_ms // 1000) * 1000
        elif index in self._filters:
            self._filters[index].configure(change)

    def calibrate(self, index: int, at: str) -> None:
        """Take the present raw reading as the "dry" or "wet" point of a soil channel."""
        for sensor in self._sensors:
            if index in sensor.indices and hasattr(sensor, "calibrate"):
                sensor.calibrate(at)
                self._filters[index].forget()
                return
        raise ValueError("no soil probe")

    def tell_all(self) -> None:
        """Tell every channel at its next reading: Home Assistant may have forgotten."""
        for channel in self._filters.values():
            channel.told_at = None

    async def run(self, report) -> None:
        """Sample for ever; `report({index: value}, ticks_ms)` gets what passed the filters."""
        contacts = [sensor for sensor in self._sensors if sensor in self._board.contacts]
        await clock.pause_ms(self._warm_ms)
        while True:
            began = clock.ticks()
            self._pass(await self._round(), report)
            while clock.ticks() - began < self._sample_ms:
                left = self._sample_ms - (clock.ticks() - began)
                await clock.sleep_ms(min(left, CONTACT_MS) if contacts else left)
                self._pass(read_all(contacts, {}), report)

    async def _round(self) -> dict:
        values = {}
        started = [sensor for sensor in self._sensors if _started(sensor, values)]
        settle = max([sensor.settle_ms for sensor in started], default=0)
        if settle:
            await clock.pause_ms(settle)
        return read_all(started, values)

    def _pass(self, values: dict, report) -> None:
        now = clock.ticks()
        told = {}
        for index, value in values.items():
            passed = self._filters[index].add(value, now)
            if passed is not None:
                told[index] = passed
        if told:
            report(told, now)


def read_all(sensors: list, values: dict) -> dict:
    """Add one reading of each part to `values`; 'silent' where a part does not answer."""
    for sensor in sensors:
        _read(sensor, values)
    return values


def _started(sensor, values: dict) -> bool:
    try:
        sensor.start()
    except OSError:
        values.update(dict.fromkeys(sensor.indices, "silent"))
        return False
    return True


def _read(sensor, values: dict) -> None:
    try:
        values.update(sensor.read())
    except OSError:
        values.update(dict.fromkeys(sensor.indices, "silent"))


def _seconds(value, default: int) -> int:
    return value if type(value) is int and 1 <= value <= 86_400 else default
