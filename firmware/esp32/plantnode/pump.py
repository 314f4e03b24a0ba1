"""The only place that switches a pump on.

A pulse is ended by whichever comes first: the timer's interrupt, the safety loop, a stop, the
interlock, the link going away, and, if all of that hangs, the watchdog's reset, which lets the pin
float to the pull-down resistor.
"""

from plantnode import clock, limits


class Pumps:
    """All pumps of the node: one at a time, every pulse bounded and written down first."""

    def __init__(self, outputs: dict, ledger, interlock, timer) -> None:
        self.outputs, self.ledger, self.interlock, self.timer = outputs, ledger, interlock, timer
        self.channel = None  # the one that runs
        self.booking = None
        self.began = self.deadline = 0
        self.why = "boot"
        self.command = None
        self.changed = True
        self._on_timer = self._timer_fired  # made once: an interrupt must not allocate
        self.silence()

    def silence(self) -> None:
        """Every pump pin to its safe level.

        Nothing else, so that it works whatever state we are in.
        """
        for output in self.outputs.values():
            output.off()

    def _timer_fired(self, _timer) -> None:
        self.silence()

    def refusal(self, channel: int, ms: int) -> tuple | None:  # noqa: PLR0911 - one for each word
        """(error word, ms until it may be asked again or None), or None if the pump may run."""
        if channel not in self.outputs:
            return "unknown", None
        if type(ms) is not int or ms < 1:
            return "bad", None
        if ms > limits.PUMP_MS_MAX:
            return "too_long", None
        if self.interlock.poll():
            return "interlock", None
        if self.channel is not None:
            return "busy", max(0, self.deadline - clock.ticks())
        wait = self.ledger.soak_wait(channel)
        if wait:
            return "soak", wait
        wait = self.ledger.budget_wait(ms)
        if wait:
            return "budget", wait
        return None

    def on(self, name: str, channel: int, ms: int) -> tuple | None:
        """Run a pump for `ms`.

        The refusal, or None when it runs. A repeated id has been caught before.
        """
        refused = self.refusal(channel, ms)
        if refused:
            return refused
        try:
            self.booking = self.ledger.book(name, channel, ms)
        except OSError:
            return "budget", None  # what can't be written down is not poured
        self.command, self.why, self.changed = name, "cmd", True
        self.began = clock.ticks()
        self.deadline = self.began + ms
        self.channel = channel
        try:
            self.timer.init(mode=self.timer.ONE_SHOT, period=ms, callback=self._on_timer)
            self.outputs[channel].on()
        except (OSError, ValueError):
            self.end("interlock")  # no timer, no water
            return "interlock", None
        return None

    def end(self, why: str, command: str | None = None) -> bool:
        """Everything off, first of all the pins.

        True if a pump was running. `command` asked for it.
        """
        self.silence()
        if self.channel is None:
            return False
        try:
            self.timer.deinit()
        except (OSError, ValueError):
            pass
        ran = clock.ticks() - self.began
        booking = self.booking
        self.channel = self.booking = None
        self.why, self.changed = why, True
        self.command = command or self.command
        self.ledger.settle(booking, ran + 1)
        return True

    def poll(self) -> None:
        """The safety loop's part: the deadline and the contacts, every 50 ms."""
        if self.channel is None:
            self.silence()
        elif clock.ticks() >= self.deadline:
            self.end("timer")
        elif self.interlock.poll():
            self.end("interlock")

    def left(self) -> dict:
        """Channel → ms left, 0 for off."""
        now = clock.ticks()
        return {
            channel: max(0, self.deadline - now) if channel == self.channel else 0
            for channel in self.outputs
        }
