"""The time that budgets go by: it never runs faster than a clock that nobody can set (W15)."""

from ..model.watering import Anchor, Moment


class BudgetClock:
    """Seconds in which Home Assistant is known to have had a day's worth of time.

    It advances by what both clocks agree on, the smaller of the two. Across a restart of Home
    Assistant the machine's own clock has gone on; across a start of the machine nothing but its
    real-time clock could tell how long it was off, and a wrong one cannot be told from a long
    night: nothing is credited then beyond the last anchor on the disk. Hence the anchors are
    written every hour.
    """

    def __init__(self, anchor: Anchor | None, now: Moment) -> None:
        """Go on from the newest anchor on the disk; without one time begins."""
        self._budget = anchor.budget_at if anchor else 0.0
        self._last = anchor.at if anchor else now
        self.advance(now)

    def advance(self, now: Moment) -> float:
        """The budget's own time; `now` may be out of order."""
        last = self._last
        steady = now.steady
        if now.boot_id and now.boot_id == last.boot_id:
            credit = min(now.steady - last.steady, now.wall - last.wall)
            self._budget += max(0.0, credit)
            # Whatever comes in the wrong order must not be credited twice.
            steady = max(now.steady, last.steady)
        self._last = Moment(wall=now.wall, steady=steady, boot_id=now.boot_id)
        return self._budget

    @property
    def anchor(self) -> Anchor:
        """What to write down, to go on from after a restart."""
        return Anchor(at=self._last, budget_at=self._budget)
