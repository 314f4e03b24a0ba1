"""What the node switches: a pump behind a MOSFET or a relay, an indicator, a dimmed grow light."""

FULL = 65535


class Output:
    """A pin that is on or off; `active` is the level that means on. Off as soon as it exists."""

    def __init__(self, make_pin, number: int, active: int = 1) -> None:
        self._active = active
        # The level is part of the call that makes it an output: there is no moment in between.
        self._pin = make_pin(number, 1 - active)

    def on(self) -> None:
        """Switch on."""
        self._pin.value(self._active)

    def off(self) -> None:
        """Switch off."""
        self._pin.value(1 - self._active)

    def value(self) -> int:
        """1 while it is on."""
        return 1 if self._pin.value() == self._active else 0


class Dimmer:
    """A light whose power is a share of time; `pwm` is a `machine.PWM`."""

    def __init__(self, pwm, active: int = 1) -> None:
        self._pwm = pwm
        self._active = active
        self._duty = 0
        self.duty_u16(0)

    def duty_u16(self, duty: int | None = None) -> int:
        """Set (0–65535), and return what is set."""
        if duty is not None:
            self._duty = max(0, min(FULL, duty))
            self._pwm.duty_u16(self._duty if self._active else FULL - self._duty)
        return self._duty
