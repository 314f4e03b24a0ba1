"""The readings of a report: every sensor of every report differs from the one before."""

from collections.abc import Callable

# Device class of Home Assistant, unit, wire kind, and the value of report number n on the grid of
# the quantity's own precision, so that nothing is rounded into "unchanged".
SENSORS: tuple[tuple[str, str, str, Callable[[int], float]], ...] = (
    ("moisture", "%", "m", lambda n: (n % 1000) / 10),
    ("temperature", "°C", "t", lambda n: (n % 4000) / 100),
    ("humidity", "%", "h", lambda n: ((n + 500) % 1000) / 10),
    ("illuminance", "lx", "lx", lambda n: n % 200_000),
    ("conductivity", "µS/cm", "ec", lambda n: n % 20_000),
    ("battery", "%", "bat", lambda n: n % 101),
)
COUNTER = "illuminance"
PER_REPORT = len(SENSORS)


def report(number: int) -> dict[str, float]:
    """The readings of report `number` by channel number, as in a `tele` message."""
    return {str(index): sensor[3](number) for index, sensor in enumerate(SENSORS)}


def by_kind(number: int) -> dict[str, float]:
    """The same readings by wire kind, as people write them into an MQTT topic."""
    return {sensor[2]: sensor[3](number) for sensor in SENSORS}


def hardware_id(index: int) -> str:
    """The id of the benchmark's node number `index`."""
    return f"bench{index:04d}"
