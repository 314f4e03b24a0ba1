"""Run other programs, and say plainly what went wrong when one fails."""

import os
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

SHOWN_LINES = 40

Command = Sequence[str | Path]
"""A program and its arguments."""


class SetUpError(Exception):
    """The set-up cannot go on; the message tells a person why and what to do."""


def say(text: str) -> None:
    """Tell the person at the terminal what is being done."""
    print(f"set-up: {text}", flush=True)


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment without an outer Python's settings.

    A set PYTHONHOME or PYTHONPATH would leak the machine's packages into ours, and
    PYTHONDONTWRITEBYTECODE makes Home Assistant three times slower to start.
    """
    dropped = {"PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV", "UV_PYTHON"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return kept | dict(extra or {})


def run(
    command: Command,
    *,
    timeout: float,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> str:
    """Run a command to its end and return what it printed.

    Raises SetUpError with the command and the tail of its output when it is missing, fails or
    takes longer than `timeout` seconds.
    """
    words = [str(word) for word in command]
    shown = shlex.join(words[:8]) + (" …" if len(words) > 8 else "")
    try:
        done = subprocess.run(
            words,
            check=False,
            cwd=cwd,
            env=clean_environment(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=timeout,
        )
    except FileNotFoundError as error:
        raise SetUpError(f"{words[0]} is not on this machine") from error
    except subprocess.TimeoutExpired as error:
        raise SetUpError(f"{shown} did not finish within {timeout:.0f} s") from error
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-SHOWN_LINES:])
        raise SetUpError(f"{shown} failed with exit code {done.returncode}:\n{tail}")
    return done.stdout


def works(command: Command, *, timeout: float = 20) -> str | None:
    """Return what a command printed, or None when it is missing or fails."""
    try:
        return run(command, timeout=timeout)
    except SetUpError:
        return None
