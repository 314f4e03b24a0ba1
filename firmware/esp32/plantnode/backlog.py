"""Readings until Home Assistant has confirmed them: RAM first, then flash.

Sent oldest first (§6).
"""

from plantnode import limits, messages
from plantnode.journal import Journal

_RING_MAX = 64
_RING_MS = 60_000  # what waits longer than this for its confirmation goes to flash
_AGE_MAX_MS = 60 * limits.DAY_MS
_BATCH_MAX = 200
_NUMBER_MAX = 1 << 31


def _clean(value):
    """JSON has no infinity; a sensor that claims it is out of range."""
    if isinstance(value, float) and not -1e38 < value < 1e38:  # not a number compares as false
        return "range"
    return value


class Backlog:
    """The sets of this boot and of earlier ones.

    `up` is real ms since boot, `wall` Unix ms or None.
    """

    def __init__(self, boot: str, first: int = 1) -> None:
        self.boot = boot
        self.next_number = first
        self.journal = Journal(boot)
        self.ring = []
        self.wall_at_boot = None
        self.rewind()

    def rewind(self) -> None:
        """A new session: whatever is not confirmed is sent again."""
        self.sent = 0  # highest number of this boot sent in this session
        self.segment = 0  # segments of earlier boots up to this one are sent
        self.waiting = []  # the rest of the segment at hand: (number, up, values)
        self.waiting_boot = self.boot

    def add(self, values: dict, up: int) -> None:
        """One set, measured at `up`."""
        if not values or self.next_number > _NUMBER_MAX:
            return
        flat = []
        for channel, value in values.items():
            flat += [channel, _clean(value)]
        self.ring.append([self.next_number, up, flat])
        self.next_number += 1
        if len(self.ring) > _RING_MAX:
            self._spill(_RING_MAX // 2)

    def _spill(self, count: int) -> None:
        entries, self.ring = self.ring[:count], self.ring[count:]
        self.journal.append(entries)

    def keep(self, up: int, *, everything: bool = False) -> None:
        """Put what has waited for a minute on flash, or everything before the power goes."""
        if self.ring and (everything or up - self.ring[0][1] > _RING_MS):
            self._spill(len(self.ring))

    def told(self, now: int, up: int) -> None:
        """Home Assistant has said what time it is."""
        self.wall_at_boot = now - up
        self.journal.anchor(self.wall_at_boot)

    def confirm(self, boot: str, number: int) -> None:
        """`got`."""
        if boot == self.boot:
            self.ring = [entry for entry in self.ring if entry[0] > number]
        self.journal.confirm(boot, number)

    def empty(self) -> bool:
        """Whether everything has been confirmed."""
        return not self.ring and not self.journal.segments

    def unsent(self) -> bool:
        """Whether this session still has something to send."""
        return bool(self.waiting or self._segment() or (self.ring and self.ring[-1][0] > self.sent))

    def _segment(self):
        """The next segment to send, or None."""
        for segment in self.journal.segments:
            if segment.boot == self.boot:
                if segment.last == 0:
                    segment.read()
                if segment.last > self.sent:
                    return segment
            elif segment.number > self.segment:
                return segment
        return None

    def _fill(self) -> None:
        """Have something in `waiting`, if there is anything."""
        while not self.waiting:
            segment = self._segment()
            if segment is None:
                self.waiting = [entry for entry in self.ring if entry[0] > self.sent]
                self.waiting_boot = self.boot
                return
            sets = segment.read()
            if segment.boot == self.boot:
                sets = [entry for entry in sets if entry[0] > self.sent]
                if not sets:
                    self.sent = max(self.sent, segment.last)
            else:
                self.segment = segment.number
                if self.journal.wall(segment.boot) is None:
                    self.journal.dropped += len(sets)
                    sets = []
                if not sets:
                    self.journal.remove(segment)
            self.waiting, self.waiting_boot = sets, segment.boot

    def _age(self, measured: int, up: int) -> int:
        if self.waiting_boot != self.boot:
            # None can't be: nothing is sent before `hi`
            measured += self.journal.wall(self.waiting_boot) - (self.wall_at_boot or 0)
        return max(0, min(_AGE_MAX_MS, up - measured))

    def next(self, up: int) -> bytes | None:
        """The next message, at most 4096 bytes, or None.

        What it holds counts as sent in this session.
        """
        self._fill()
        if not self.waiting:
            return None
        first = number = self.waiting[0][0]
        entries, size = [], 64
        while self.waiting and self.waiting[0][0] == number and len(entries) < _BATCH_MAX:
            entry = [self._age(self.waiting[0][1], up)] + self.waiting[0][2]
            size += len(messages.encode(entry)) + 1
            if entries and size > limits.MESSAGE_MAX:
                break
            entries.append(entry)
            self.waiting.pop(0)
            number += 1
        boot = self.waiting_boot
        if boot == self.boot:
            self.sent = number - 1
        if len(entries) == 1:
            flat = entries[0]
            values = {flat[k]: flat[k + 1] for k in range(1, len(flat), 2)}
            old = boot if boot != self.boot else None
            return messages.encode(messages.readings(first, flat[0], values, old))
        return messages.encode({"t": "past", "b": boot, "n": first, "p": entries})
