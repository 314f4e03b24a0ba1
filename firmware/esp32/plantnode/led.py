"""The LED: steady while connected, a short blink every two seconds while not.

Two of them while nobody has told it a Wi-Fi. Fast for `identify`.
"""

from plantnode import clock

_IDENTIFY_MS = 10_000


class Led:
    """Shows how the node is; a board without an LED has None for a pin."""

    def __init__(self, pin) -> None:
        self.pin = pin
        self.connected = self.waiting = False
        self.until = 0

    def identify(self) -> None:
        """Blink for ten seconds."""
        self.until = clock.real_ms() + _IDENTIFY_MS

    def lit(self) -> bool:
        """Whether it should shine now."""
        now = clock.real_ms()
        if now < self.until:
            return now // 100 % 2 == 0
        beat = now % 2000
        return self.connected or beat < 100 or (self.waiting and 300 <= beat < 400)

    async def run(self) -> None:
        """Blink for ever."""
        while self.pin is not None:
            if self.lit():
                self.pin.on()
            else:
                self.pin.off()
            await clock.pause_ms(100)
