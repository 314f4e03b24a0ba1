"""Who waits for a pump, and who comes first (W9)."""

from collections import deque
from dataclasses import dataclass

from ..model.watering import Demand

MOST = 8
PATIENCE_S = 600.0
_REMEMBERED = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class _Waiter:
    demand: Demand
    since: float


class Waiting:
    """Demands by rank of their source, then in the order in which they came; steady times."""

    def __init__(self) -> None:
        """Nobody waits after a start: nothing resumes (W11)."""
        self._waiters: list[_Waiter] = []
        self._seen: deque[str] = deque(maxlen=_REMEMBERED)

    def __len__(self) -> int:
        return len(self._waiters)

    def is_new(self, demand: Demand) -> bool:
        """Whether it was not asked before; each is heard once."""
        if demand.demand_id in self._seen:
            return False
        self._seen.append(demand.demand_id)
        return True

    def put(self, demand: Demand, now: float) -> bool:
        """Let it wait; False if there are too many already."""
        if len(self._waiters) >= MOST:
            return False
        self._waiters.append(_Waiter(demand=demand, since=now))
        self._waiters.sort(key=lambda one: one.demand.source.rank)
        return True

    def take(self) -> Demand | None:
        """Whose turn it is."""
        return self._waiters.pop(0).demand if self._waiters else None

    def clear(self) -> list[Demand]:
        """Everybody, sent away."""
        gone, self._waiters = self._waiters, []
        return [one.demand for one in gone]

    def expired(self, now: float) -> list[Demand]:
        """Those who have waited too long: nobody expects their water any more."""
        gone = [one for one in self._waiters if now - one.since >= PATIENCE_S]
        self._waiters = [one for one in self._waiters if one not in gone]
        return [one.demand for one in gone]

    @property
    def next_expiry(self) -> float | None:
        """When the first will have waited too long."""
        return min((one.since + PATIENCE_S for one in self._waiters), default=None)
