"""Pumps and lights seen together: the `state` message, the safety loop, and stopping everything."""

from plantnode import clock, limits


class Outputs:
    """What the actuators do, with the reason of the last change."""

    def __init__(self, pumps, lights, interlock, button) -> None:
        self.pumps, self.lights, self.interlock, self.button = pumps, lights, interlock, button
        self.lock = ""
        self.why, self.command = "boot", None
        self.due = True  # a state message is due
        self.alive = None  # called at every turn of the safety loop

    def stop(self, why: str, command: str | None = None) -> None:
        """Everything off, at once."""
        self.pumps.end(why, command)
        self.lights.end(why, command)

    def stop_one(self, channel: int, why: str, command: str | None = None) -> None:
        """One actuator off, at once; any other channel is left alone."""
        if channel == self.pumps.channel:
            self.pumps.end(why, command)
        elif channel in self.lights.dimmers:
            self.lights.off(channel, why, command)

    def collect(self) -> bool:
        """Whether a state message is due; gathers what changed since the last look."""
        for source in (self.pumps, self.lights):
            if source.changed:
                source.changed = False
                self.why, self.command = source.why, source.command
                self.due = True
        return self.due

    def state(self) -> dict:
        """The `state` message."""
        left = self.pumps.left()
        lights = self.lights.left()
        left.update(lights)
        message = {"t": "state", "a": {str(channel): left[channel] for channel in left}}
        if lights:
            levels = self.lights.levels
            message["lv"] = {str(channel): levels[channel] for channel in lights}
        if self.lock and self.pumps.outputs:
            message["lock"] = {str(channel): self.lock for channel in self.pumps.outputs}
        message["why"] = self.why
        if self.command:
            message["c"] = self.command
        return message

    def poll(self) -> None:
        """One turn of the safety loop."""
        self.pumps.poll()
        self.lights.poll()
        lock = self.interlock.poll()
        if lock != self.lock:
            self.lock, self.due = lock, True
            if not self.collect():
                self.why, self.command = "interlock", None
        if self.button.poll():
            self.stop("button")

    async def guard(self) -> None:
        """The safety loop: it never waits for anything but time."""
        while True:
            self.poll()
            if self.alive:
                self.alive()
            await clock.pause_ms(limits.SAFETY_POLL_MS)
