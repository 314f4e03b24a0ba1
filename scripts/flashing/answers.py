"""What a person has to say about a new node, asked for and checked."""

import argparse
import getpass
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

FIRMWARE = Path(__file__).resolve().parents[2] / "firmware" / "esp32"
BATTERY_EVERY_S, MAINS_EVERY_S = 900, 60
HEX_DIGITS = "0123456789abcdefABCDEF"


class WrongAnswerError(Exception):
    """An answer that can't be used; the text says why and what would do."""


def boards() -> list[str]:
    """The names of the boards the firmware knows."""
    folder = FIRMWARE / "plantnode" / "boards"
    return sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")


def ssid(text: str) -> str:
    """A network name."""
    if not 1 <= len(text.encode()) <= 32:
        raise WrongAnswerError("a Wi-Fi name has 1 to 32 bytes")
    return text


def password(text: str) -> str:
    """A Wi-Fi password; empty for an open network."""
    raw = len(text) == 64 and all(letter in HEX_DIGITS for letter in text)
    if text and not raw and not (8 <= len(text) <= 63 and text.isascii() and text.isprintable()):
        raise WrongAnswerError("a Wi-Fi password has 8 to 63 plain characters (none: empty)")
    return text


def url(text: str) -> str:
    """Home Assistant's address; empty to let the node find it."""
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        good = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        good = False
    if not good or "@" in parts.netloc or parts.query or parts.fragment or len(text) > 256:
        raise WrongAnswerError("an address looks like http://192.168.1.20:8123 (empty: find it)")
    return text.rstrip("/")


def board(text: str) -> str:
    """One of the boards."""
    if text not in boards():
        raise WrongAnswerError(f"the boards are: {', '.join(boards())}")
    return text


def name(text: str) -> str:
    """Where the node stands, for people."""
    kept = " ".join(text.split())
    if len(kept) > 32 or not kept.isprintable():
        raise WrongAnswerError("a place has at most 32 printable characters")
    return kept


def yes_or_no(text: str) -> str:
    """Yes or no; nothing is no."""
    word = text.lower()[:1]
    if word not in {"y", "n", ""}:
        raise WrongAnswerError("say y or n")
    return "y" if word == "y" else "n"


def bluetooth(text: str) -> str:
    """Yes, no, or nothing else."""
    word = text.lower()
    if word not in {"y", "n", "only"}:
        raise WrongAnswerError("say y, n, or only (then no Wi-Fi is asked for)")
    return word


def has_camera(settings: dict[str, object]) -> bool:
    """Whether a node with these settings has a camera: fitted, or on the board from the start."""
    module = runpy.run_path(str(FIRMWARE / "plantnode" / "boards" / f"{settings['board']}.py"))
    parts = settings.get("parts", module["BOARD"]["parts"])
    return isinstance(parts, (list, tuple)) and "camera" in parts


WIFI = ("ssid", "password", "url")
QUESTIONS: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("board", "Board", board),
    ("ssid", "Wi-Fi name", ssid),
    ("password", "Wi-Fi password (not shown; empty for none)", password),
    ("url", "Home Assistant's address (empty: the node looks for it)", url),
    ("name", "Where does it stand, for example Kitchen (may be empty)", name),
    ("battery", "Does it run on a battery, asleep between readings? [y/N]", yes_or_no),
)


def _ask(key: str, question: str) -> str:
    if key == "password":
        return getpass.getpass(f"{question}: ")
    if key == "board":
        question = f"{question} ({', '.join(boards())})"
    return input(f"{question}: ").strip()


def answer(key: str, question: str, check: Callable[[str], str], given: str | None) -> str:
    """A good answer: the one given on the command line, or asked for until it is good."""
    if given is not None:
        try:
            return check(given)
        except WrongAnswerError as error:
            raise WrongAnswerError(f"--{key}: {error}") from None
    if not sys.stdin.isatty():
        raise WrongAnswerError(f"--{key} is missing, and there is no terminal to ask at")
    while True:
        try:
            return check(_ask(key, question))
        except WrongAnswerError as error:
            print(f"  {error}")


def settings(given: argparse.Namespace) -> dict[str, object]:
    """The settings of the node."""
    near = answer("bluetooth", "", bluetooth, given.bluetooth) if given.bluetooth else ""
    said = {
        key: answer(key, text, check, getattr(given, key))
        for key, text, check in QUESTIONS
        if near != "only" or key not in WIFI
    }
    asleep = said.pop("battery") == "y"
    every = given.every or (BATTERY_EVERY_S if asleep else MAINS_EVERY_S)
    if not 5 <= every <= 86_400:
        raise WrongAnswerError("--every: 5 to 86400 seconds")
    made: dict[str, object] = {key: value for key, value in said.items() if value}
    if given.parts:
        made["parts"] = [part.strip() for part in given.parts.split(",") if part.strip()]
    if near:
        made["ble"] = int(near != "n")
    if given.updates:
        made["updates"] = int(answer("updates", "", yes_or_no, given.updates) == "y")
    return made | {"every": every, "sleep": int(asleep)}
