"""Whose a lamp is: ours while we have switched it on, else whoever's hand was on it last.

A lamp that somebody has switched on is never switched off here, and one that somebody has switched
off stays so until the plant's next night. No clock of its own: moments come in as Unix seconds.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

SETTLE_S = 30.0
"""After it was told to be on, a lamp may show for so long what it was before."""


class Order(StrEnum):
    """What is to be done with a lamp now."""

    NOTHING = "nothing"
    ON = "on"  # write down that it is ours, then switch it on; or say it again
    OFF = "off"


@dataclass(frozen=True, kw_only=True, slots=True)
class Custody:
    """What has to be known of a lamp.

    `on` is what it shows, None while that is not known. It is `ours` from the moment before we tell
    it to be on until it shows that it is off because we, or somebody else, wanted that. `told_at`
    is since when it has been told to be on, `letting_go` whether it was told to be off since. Once
    somebody has switched it off, it `rests_until` a moment.
    """

    on: bool | None = None
    ours: bool = False
    told_at: float | None = None
    letting_go: bool = False
    rests_until: float | None = None

    def rests(self, now: float) -> bool:
        """Whether somebody has switched it off, and that still holds."""
        return self.rests_until is not None and now < self.rests_until

    def silent(self, now: float) -> bool:
        """Whether it has been told something that it does not do."""
        if not self.ours or self.on is None:
            return False
        late = self.told_at is None or now - self.told_at >= SETTLE_S
        return self.on if self.letting_go else late and not self.on


def shows(
    before: Custody, *, on: bool | None, now: float, rest: float, by_hand: bool | None
) -> Custody:
    """What it shows has changed. `rest` is until when somebody's switching it off is to hold.

    `by_hand` says whether a hand was on it; None where that cannot be told: then it was one, unless
    it goes off just after it was told to be on, as lamps do that show what they were before.
    """
    after = replace(before, on=on)
    if on is not False:
        return after
    if before.ours and before.letting_go:
        return replace(after, ours=False, letting_go=False)
    fresh = before.told_at is not None and 0 <= now - before.told_at < SETTLE_S
    if before.on is True and (by_hand if by_hand is not None else not (before.ours and fresh)):
        return replace(after, ours=False, rests_until=rest)
    return after


def order(custody: Custody, *, wanted: bool, now: float) -> Order:
    """What is to be done; a lamp of which nobody knows what it does is left alone."""
    if custody.on is None:
        return Order.NOTHING
    if wanted:
        free = custody.ours or (not custody.on and not custody.rests(now))
        return Order.ON if free else Order.NOTHING
    return Order.OFF if custody.ours else Order.NOTHING


def told_on(before: Custody, now: float) -> Custody:
    """It is ours from now on, and is about to be told to be on; perhaps not for the first time."""
    again = before.ours and before.on is False and not before.letting_go
    told_at = before.told_at if again and before.told_at is not None else now
    return replace(before, ours=True, told_at=told_at, letting_go=False, rests_until=None)


def told_off(before: Custody) -> Custody:
    """It is about to be told to be off; it stays ours until it shows that it is.

    One that shows that it is off already may only be slow to go on: it is told twice.
    """
    if before.letting_go and before.on is False:
        return replace(before, ours=False, letting_go=False)
    return replace(before, letting_go=True)


def given_up(before: Custody) -> Custody:
    """It was not switched on after all: nobody could have written down that it is ours."""
    return replace(before, ours=False, told_at=None)


def awake(before: Custody) -> Custody:
    """Somebody wants it to be switched by itself again, whatever they did before."""
    return replace(before, rests_until=None)


def unseen(before: Custody) -> Custody:
    """Nobody looks at it any more: what it shows, and what it was told, is of the past."""
    return replace(before, on=None, told_at=None)
