"""Leave a service alone for a while that keeps failing; the circuit breaker pattern."""

from collections import deque

from ..model.errors import ProviderPausedError

FAILURES = 5
WINDOW_S = 600.0
PAUSE_S = 900.0


class Breaker:
    """The state of one service: `FAILURES` within `WINDOW_S` pause it, then one probe decides."""

    def __init__(self) -> None:
        self._failures: deque[float] = deque(maxlen=FAILURES)
        self._paused_at: float | None = None
        self._probing = False

    def enter(self, now: float) -> None:
        """Before asking. Raises ProviderPausedError, also while somebody else is the probe."""
        if self._paused_at is None:
            return
        # A clock that was set back must not pause for ever.
        self._paused_at = min(self._paused_at, now)
        if self._probing or now - self._paused_at < PAUSE_S:
            raise ProviderPausedError
        self._probing = True

    def again_at(self) -> float | None:
        """When the pause ends (Unix seconds); None without one."""
        return None if self._paused_at is None else self._paused_at + PAUSE_S

    def worked(self) -> None:
        """The service answered, be it with a refusal."""
        self._failures.clear()
        self._paused_at, self._probing = None, False

    def failed(self, now: float) -> None:
        """The service is down, silent, or talks nonsense."""
        self._failures.append(now)
        within = [at for at in self._failures if 0 <= now - at <= WINDOW_S]
        if self._probing or len(within) >= FAILURES:
            self._paused_at = now
        self._probing = False

    def left(self) -> None:
        """Nothing was learnt: whoever came in was turned away elsewhere, or gave up."""
        self._probing = False
