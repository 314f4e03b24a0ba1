"""The hardware of this node: the parts a person has fitted, from the board's data and the settings.

`parts` in the settings is a list of names, or of [name, options]: "soil", "dht22", "sht3x",
"bme280", "bh1750", "battery", "radio", "tank", "leak", "pump", "light", "camera". The second "pump"
is the board's second pump pin. Options: "pin" (another pin), "active" (0: low means on), "address",
"cells", "chemistry", "ratio"; of a camera "flash" (the pin of its lamp), "flip", "mirror",
"with_pump". Channel numbers belong to places, so that they stay when another part
is fitted later.
"""

from plantnode import boards, parts, pins
from plantnode.calibration import Calibration
from plantnode.drivers.contact import Button, Stuck
from plantnode.drivers.output import Output


class Channel:
    """What `hello` tells of one channel."""

    def __init__(self, index: int, kind: str, label: str | None) -> None:
        self.index, self.kind, self.label = index, kind, label


class Board:
    """Everything that is fitted; pumps first, so that they are off before anything else happens."""

    def __init__(self, data: dict, settings) -> None:
        self.data = data
        self.model = data["model"]
        self.channels, self.sensors, self.contacts = [], [], []
        self.pumps, self.lights, self.cameras, self.problems = {}, {}, {}, []
        self.calibration = Calibration(settings)
        self.bus = self.led = self.button = None
        self._labels = settings.get("labels", {})
        fitted = list(_fitted(settings.get("parts", data["parts"])))
        for name, place, options in sorted(fitted, key=_pumps_first):
            self._fit(name, place, options)
        self._fit_front(data)
        self.channels.sort(key=lambda channel: channel.index)

    def _fit(self, name: str, place: int, options: dict) -> None:
        try:
            parts.MAKERS[name](self, place, options)
        except (KeyError, IndexError, TypeError, ValueError, OSError) as error:
            self.problems.append("%s %d: %s %s" % (name, place + 1, type(error).__name__, error))
            if name in ("tank", "leak"):
                # Somebody wanted water guarded by this: without it, none flows.
                self.contacts.append(Stuck(name, parts.LEAK + place))

    def _fit_front(self, data: dict) -> None:
        if data["button"] is not None:
            self.button = Button(pins.make_input(data["button"]))
        if data["led"] is not None:
            self.led = Output(pins.make_output, data["led"], data.get("led_active", 1))

    def pin(self, slot: str, place: int, options: dict) -> int:
        """The pin of the part in this place: the person's choice, else the board's."""
        pin = options.get("pin")
        return self.data[slot][place] if pin is None else self.free_pin(pin)

    def free_pin(self, pin: int) -> int:
        """A pin that a person named; ValueError where the board needs it itself."""
        chip = self.data["chip"]
        if type(pin) is not int or not 0 <= pin <= chip["last"] or pin in chip["taken"]:
            raise ValueError("no such pin")
        return pin

    def shared_bus(self):
        """The I2C bus, made when the first part needs it."""
        if self.data["i2c"] is None:
            raise ValueError("no pins left for I2C")
        if self.bus is None:
            self.bus = pins.make_bus(self.data["i2c"])
        return self.bus

    def add(self, *channels: tuple) -> None:
        """Announce (index, kind) pairs; ValueError, and nothing added, where one is taken."""
        taken = [channel.index for channel in self.channels]
        for index, _ in channels:
            if index in taken:
                raise ValueError("channel %d is taken" % index)
        for index, kind in channels:
            label = self._labels.get(str(index)) if isinstance(self._labels, dict) else None
            self.channels.append(Channel(index, kind, label))

    def safe(self) -> None:
        """Every pump off."""
        for output in self.pumps.values():
            output.off()


def _pumps_first(part: tuple) -> tuple:
    return (0 if part[0] == "pump" else 1, part[0], part[1])


def _fitted(wanted) -> list:
    """(name, place, options) of every part; a list that is none, or a slip in it, fits nothing."""
    seen, fitted = {}, []
    for part in wanted if isinstance(wanted, (list, tuple)) else ():
        name, options = part, {}
        if isinstance(part, (list, tuple)) and len(part) == 2 and isinstance(part[1], dict):
            name, options = part
        name = name if isinstance(name, str) else "?"
        place = seen.get(name, 0)
        seen[name] = place + 1
        fitted.append((name, place, options))
    return fitted


def load(settings) -> Board:
    """The board named in the settings (`board`); the first of the list for an unknown name."""
    name = settings.get("board")
    if name not in boards.NAMES:
        name = boards.NAMES[0]
    module = __import__("plantnode.boards." + name, None, None, ("BOARD",))
    return Board(module.BOARD, settings)
