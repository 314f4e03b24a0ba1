"""The LED: steady while connected, a short blink every two seconds while not.

Fast for `identify`.
"""

from plantnode import clock

_IDENTIFY_MS = 10_000


class Led:
    """Shows how the node is; a board without an LED has None for a pin."""

    def __init__(self, pin) -> None:
        self.pin = pin
        self.connected = False
        self.until = 0

    def identify(self) -> None:
        """Blink for ten seconds."""
        self.until = clock.real_ms() + _IDENTIFY_MS

    def lit(self) -> bool:
        """Whether it should shine now."""
        now = clock.real_ms()
        if now < self.until:
            return now // 100 % 2 == 0
        return self.connected or now % 2000 < 100

    async def run(self) -> None:
        """Blink for ever."""
        while self.pin is not None:
            if self.lit():
                self.pin.on()
            else:
                self.pin.off()
            await clock.pause_ms(100)
