"""What a person has written about this node: `/etc/plant-vita-node.toml`, checked and taken apart.

Whatever is wrong in it ends in a ConfigError that says where and what would be right; no output is
touched before.
"""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .chip import ANALOGUE
from .converter import Ads1115, Mcp3008

PLACE = Path("/etc/plant-vita-node.toml")
CONVERTERS = {"mcp3008": Mcp3008.channels, "ads1115": Ads1115.channels}
FIRST_PIN, LAST_PIN = 4, 27  # 0 to 3: the board's own memory, and the I²C bus with its resistors
SPI_PINS = (7, 8, 9, 10, 11)
PULLED_UP = (4, 5, 6, 7, 8)
"""While a Pi starts, these pins are pulled up, and a pump behind one of them would run."""

TEXTS = {"name": 32, "url": 256, "mqtt": 256, "mqtt_user": 64, "mqtt_password": 64}
"""Settings of the node that are taken over as they are, and how long they may be."""

OUTPUTS = ("pump", "light")
CONTACTS = ("tank", "leak")
ADDRESSED = ("sht3x", "bme280", "bh1750")
ANALOGUE_PARTS = ("soil",)
MOST = {"pump": 8, "light": 8, "tank": 4, "leak": 4, "camera": 1}
_OPTIONS = (
    dict.fromkeys(OUTPUTS + CONTACTS, ("pin", "active"))
    | dict.fromkeys(ADDRESSED, ("address",))
    | dict.fromkeys(ANALOGUE_PARTS, ("channel",))
    | {"camera": ("flash", "flip", "mirror")}
)  # fmt: skip
_NEEDED = {"pin", "channel"}


class ConfigError(ValueError):
    """The file can't be used; the text says why, for the person who wrote it."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part that is fitted: its kind, its options as the node wants them, its label."""

    kind: str
    options: dict[str, int]
    label: str


@dataclass(frozen=True, kw_only=True)
class Config:
    """All of the file. settings: what goes to the node as it is."""

    settings: dict[str, str] = field(default_factory=dict)
    converter: str = ""
    button: int | None = None
    led: int | None = None
    parts: tuple[Part, ...] = ()


def load(place: Path = PLACE) -> Config:
    """Read the file; raises ConfigError."""
    try:
        return parse(place.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{place}: {error}") from None
    except ConfigError as error:
        raise ConfigError(f"{place}: {error}") from None


def parse(text: str) -> Config:
    """The meaning of the file's text; raises ConfigError."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"not TOML: {error}") from None
    _known(given, (*TEXTS, "converter", "button", "led", "part"), "the file")
    converter = given.get("converter", "")
    if converter not in ("", *CONVERTERS):
        raise ConfigError(f"converter: one of {', '.join(CONVERTERS)}")
    listed = given.get("part", [])
    if not isinstance(listed, list) or not all(isinstance(part, dict) for part in listed):
        raise ConfigError("parts are written as [[part]]")
    config = Config(
        settings={key: _text(given, key, most) for key, most in TEXTS.items() if key in given},
        converter=converter,
        button=_front(given, "button", converter),
        led=_front(given, "led", converter),
        parts=tuple(_part(number, part, converter) for number, part in enumerate(listed, 1)),
    )
    _check_together(config)
    return config


def outputs(config: Config) -> dict[int, int]:
    """The pins of everything that must not stay on, and the level at which each rests."""
    resting = {
        part.options["pin"]: 1 - part.options.get("active", 1)
        for part in config.parts
        if part.kind in OUTPUTS
    }
    lamps = [part.options["flash"] for part in config.parts if "flash" in part.options]
    return resting | dict.fromkeys(lamps, 0)


def _known(given: dict[str, Any], keys: tuple[str, ...], where: str) -> None:
    for key in given:
        if key not in keys:
            raise ConfigError(f"{where}: no such key {key!r}, only {', '.join(keys)}")


def _text(given: dict[str, Any], key: str, most: int) -> str:
    value = given[key]
    if not isinstance(value, str) or not 1 <= len(value) <= most:
        raise ConfigError(f"{key}: a text of at most {most} characters")
    return value


def _number(value: object, low: int, high: int, what: str) -> int:
    if type(value) is not int or not low <= value <= high:
        raise ConfigError(f"{what}: a number from {low} to {high}")
    return value


def _pin(value: object, converter: str, what: str, *, output: bool) -> int:
    pin = _number(value, FIRST_PIN, LAST_PIN, f"{what}: the GPIO number of the pin")
    if converter == "mcp3008" and pin in SPI_PINS:
        raise ConfigError(f"{what}: GPIO {pin} belongs to the MCP3008 (SPI)")
    if output and pin in PULLED_UP:
        raise ConfigError(f"{what}: GPIO {pin} is pulled up while the Pi starts; take 9 to 27")
    return pin


def _front(given: dict[str, Any], key: str, converter: str) -> int | None:
    return _pin(given[key], converter, key, output=False) if key in given else None


def _part(number: int, given: dict[str, Any], converter: str) -> Part:
    kind = given.get("kind")
    if not isinstance(kind, str) or kind not in _OPTIONS:
        raise ConfigError(f"part {number}: kind is one of {', '.join(_OPTIONS)}")
    where = f"part {number} ({kind})"
    _known(given, ("kind", "label", *_OPTIONS[kind]), where)
    for key in _OPTIONS[kind]:
        if key in _NEEDED and key not in given:
            raise ConfigError(f"{where}: {key} is missing")
    options = {
        key: _option(key, given[key], where, converter, output=kind in OUTPUTS)
        for key in _OPTIONS[kind]
        if key in given
    }
    if "channel" in options:
        options = {"pin": ANALOGUE + options["channel"]}
    label = _text(given, "label", 32) if "label" in given else ""
    return Part(kind=kind, options=options, label=label)


def _option(key: str, value: object, where: str, converter: str, *, output: bool) -> int:
    what = f"{where}: {key}"
    if key == "pin":
        return _pin(value, converter, what, output=output)
    if key == "flash":
        return _pin(value, converter, what, output=True)
    if key in {"flip", "mirror"}:
        if not isinstance(value, bool):
            raise ConfigError(f"{what}: true or false")
        return int(value)
    if key == "active":
        return _number(value, 0, 1, what)
    if key == "address":
        return _number(value, 0x08, 0x77, what)
    if not converter:
        raise ConfigError(f"{where}: a Raspberry Pi measures no volts; name a converter")
    return _number(value, 0, CONVERTERS[converter] - 1, what)


def _check_together(config: Config) -> None:
    """What is right on its own and wrong beside the rest."""
    pins = [pin for pin in (config.button, config.led) if pin is not None]
    for part in config.parts:
        pins += [part.options[key] for key in ("pin", "flash") if key in part.options]
    for pin in pins:
        if pins.count(pin) > 1:
            name = f"GPIO {pin}" if pin < ANALOGUE else f"channel {pin - ANALOGUE}"
            raise ConfigError(f"{name} is used twice")
    kinds = [part.kind for part in config.parts]
    for kind, most in MOST.items():
        if kinds.count(kind) > most:
            raise ConfigError(f"at most {most} of the kind {kind}")
    if kinds.count("sht3x") + kinds.count("bme280") > 1:
        raise ConfigError("one part for the temperature of the air: sht3x or bme280")
    if kinds.count("bh1750") > 1:
        raise ConfigError("at most one bh1750")
