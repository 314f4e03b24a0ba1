"""The watering ledger: what a pump was allowed, written down before it starts (W4, W5, W6).

One file, replaced atomically, with a checksum and a generation number; the generation before is
kept. A ledger that is lost or broken counts as a day's budget used up. Times are the lifetime
clock's.
"""

import json
from binascii import crc32

from plantnode import files, limits

NAME = "ledger.json"


class Booking:
    """One watering: when it began, how long it may have lasted, for which channel."""

    def __init__(self, at: int, ms: int, channel: int) -> None:
        self.at, self.ms, self.channel = at, ms, channel

    def end(self) -> int:
        """When the pump was off again at the latest."""
        return self.at + self.ms


class Ledger:
    """Bookings of the last day and the ids of the last commands that ran."""

    def __init__(self, lifetime) -> None:
        self.lifetime = lifetime
        self.generation = 0
        self.bookings = []
        self.ids = []  # of waterings: [id, channel]
        self.others = []  # of everything else that must not run twice
        self.lost = False
        self._load()

    def _load(self) -> None:
        current, spare, before = [
            _decode(files.read(NAME + end)) for end in ("", files.NEW, files.OLD)
        ]
        best = current
        if spare and (best is None or spare["g"] > best["g"]):
            best = spare  # the power failed between writing and renaming: believe the stricter one
        if best is None:
            self.lost = True
            best = before or {"g": 0, "w": [], "c": [], "o": []}
        self.generation = best["g"]
        self.bookings = [Booking(at, ms, channel) for at, ms, channel in best["w"]]
        self.ids, self.others = best["c"], best["o"]
        for booking in self.bookings:
            self.lifetime.at_least(booking.at)
        if self.lost:
            self.bookings.append(Booking(self.lifetime.now(), limits.PUMP_BUDGET_MS, -1))
            try:
                self._save()
            except OSError:
                pass  # then the next boot finds it lost again

    def _save(self) -> None:
        self.generation += 1
        fields = {
            "g": self.generation,
            "w": [[b.at, b.ms, b.channel] for b in self.bookings],
            "c": self.ids,
            "o": self.others,
        }
        files.write(NAME, _encode(fields), keep=True)

    def _forget(self) -> None:
        now = self.lifetime.now()
        self.bookings = [b for b in self.bookings if b.end() + limits.DAY_MS > now]

    def ran(self, name: str) -> bool:
        """Whether a command with this id has run already."""
        return name in self.others or any(entry[0] == name for entry in self.ids)

    def budget_wait(self, ms: int) -> int:
        """0 if `ms` more fit into the rolling day, otherwise how long until they do."""
        self._forget()
        excess = sum([b.ms for b in self.bookings]) + ms - limits.PUMP_BUDGET_MS
        wait = 0
        for booking in sorted(self.bookings, key=Booking.end):
            if excess <= 0:
                break
            excess -= booking.ms
            wait = booking.end() + limits.DAY_MS - self.lifetime.now()
        return wait

    def soak_wait(self, channel: int) -> int:
        """0 if the channel may be watered again, otherwise how long until it may."""
        ends = [b.end() for b in self.bookings if b.channel == channel]
        return max([0] + [end + limits.SOAK_MS - self.lifetime.now() for end in ends])

    def book(self, name: str, channel: int, ms: int) -> Booking:
        """Write a watering down; raises OSError, and then nothing may run."""
        self._forget()
        booking = Booking(self.lifetime.now(), ms, channel)
        bookings, ids = self.bookings, self.ids
        self.bookings = bookings + [booking]
        self.ids = (ids + [[name, channel]])[-limits.IDS_KEPT :]
        try:
            self._save()
        except OSError:
            self.bookings, self.ids = bookings, ids
            raise
        return booking

    def settle(self, booking: Booking, ran_ms: int) -> None:
        """The pump stopped early: book what ran.

        If it can't be written, the larger number stands.
        """
        if ran_ms < booking.ms and booking in self.bookings:
            booking.ms = max(0, ran_ms)
            try:
                self._save()
            except OSError:
                pass

    def note(self, name: str) -> None:
        """Write down the id of a command that is no watering; raises OSError."""
        self.others = (self.others + [name])[-limits.IDS_KEPT :]
        self._save()


def _encode(fields: dict) -> bytes:
    body = json.dumps(fields)
    return json.dumps({"crc": crc32(body.encode()), "body": body}).encode()


def _decode(data: bytes | None) -> dict | None:
    """The fields of a good ledger, None for everything else."""
    try:
        sheet = json.loads(data or b"")
        body = sheet["body"]
        if crc32(body.encode()) != sheet["crc"]:
            return None
        fields = json.loads(body)
        ok = isinstance(fields["g"], int) and isinstance(fields["c"], list)
        for at, ms, channel in fields["w"]:
            ok = ok and type(at) is int and type(ms) is int and type(channel) is int
        return fields if ok and isinstance(fields["o"], list) else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def provision() -> bool:
    """Give a new node its empty ledger.

    False, and nothing changed, where there is any trace of one.
    """
    for end in ("", files.NEW, files.OLD):
        if files.read(NAME + end) is not None:
            return False
    files.write(NAME, _encode({"g": 1, "w": [], "c": [], "o": []}))
    return True


def main() -> None:
    """For the simulator's launcher and scripts/flash."""
    print("ledger made" if provision() else "ledger kept")


if __name__ == "__main__":
    main()
