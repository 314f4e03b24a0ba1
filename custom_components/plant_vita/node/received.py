"""Which readings of a node have been received: at-least-once in, once out.

A node numbers its sets within each boot and sends them in order, oldest first, over an ordered
link; so the highest number of a boot says it all.
"""

from collections import OrderedDict
from typing import Protocol

from ..model.node import Reading, Value
from ..protocol.messages import ReadingSet, Telemetry
from .session import NodeSession

# A node that crashed again and again while Home Assistant was away has as many boots in its
# backlog.
_BOOTS_KEPT = 64


class Received:
    """The highest number received of each boot of one node.

    `latest` is the newest present reading of each channel index; replaced, never changed.
    """

    __slots__ = ("_highest", "latest")

    def __init__(
        self, highest: dict[str, int] | None = None, latest: dict[int, Reading] | None = None
    ) -> None:
        """Start from what `snapshot` returned before a restart, and the latest readings then."""
        self._highest = OrderedDict(highest or {})
        self.latest = latest or {}

    def fresh(self, telemetry: Telemetry, present_boot: str) -> tuple[str, tuple[ReadingSet, ...]]:
        """The boot of `telemetry` and those of its sets that are not duplicates; remembers them."""
        boot = telemetry.boot or present_boot
        highest = self._highest.get(boot, 0)
        fresh = []
        for reading_set in telemetry.sets:
            if reading_set.number > highest:
                highest = reading_set.number
                fresh.append(reading_set)
        self._highest[boot] = highest
        self._highest.move_to_end(boot)
        if len(self._highest) > _BOOTS_KEPT:
            self._highest.popitem(last=False)
        return boot, tuple(fresh)

    def take_back(self, boot: str, number: int) -> None:
        """What came after `number` could not be kept: it must be new when it comes again."""
        self._highest[boot] = min(number, self.highest(boot))

    def highest(self, boot: str) -> int:
        """The highest number received of `boot`, 0 for none."""
        return self._highest.get(boot, 0)

    def snapshot(self) -> dict[str, int]:
        """What `__init__` takes, oldest boot first."""
        return dict(self._highest)


class Keeper(Protocol):
    """Where readings go to be safe."""

    def keep(
        self, session: NodeSession, boot: str, sets: tuple[ReadingSet, ...], now: float
    ) -> None:
        """Write new sets of a boot, which came at a Unix time, and confirm them to the node."""

    def overtaken(self, hardware_id: str, moment: float, values: dict[int, Value]) -> None:
        """Values of one moment never became state: they belong into the statistics."""
