"""Chooses which firmware starts, before any of it does.

Beside the firmware that the cable has brought (`plantnode/`) there may be two more, in `slots/a`
and `slots/b`. A new one is tried once: unless it has said that it works (`confirm`), the next start
of the node is the old one's again, and a timer sees to it that there is one. This file comes over
the cable only, so that a broken firmware can't break the way back.
"""

import json
import os
import sys

import machine

NAME = "slots.json"
NEW = ".new"
FOLDER = "slots/"
SLOTS = ("a", "b")
TRIAL_MS = 600_000


class Started:
    """What was chosen at this start; an empty slot is the cable's firmware."""

    slot = ""
    timer = None


def root() -> str:
    """The folder of this node's files, as plantnode.files has it: that can't be asked yet."""
    getenv = getattr(os, "getenv", None)
    folder = getenv("PLANTNODE_DIR") if getenv else None
    return folder.rstrip("/") + "/" if folder else ""


def known() -> dict:
    """What was written down; empty, which stands for the cable's firmware, if it is no good.

    `run`: the slot in use. `try`: the one to be tried, `begun` once it was. `undone`: the one that
    did not report.
    """
    for name in (NAME, NAME + NEW):
        try:
            with open(root() + name) as file:
                state = json.load(file)
        except (OSError, ValueError):
            continue
        if isinstance(state, dict):
            return {key: state[key] for key in state if key == "begun" or state[key] in SLOTS}
    return {}


def save(state: dict) -> None:
    """Write it down: the old or the new after a power cut; raises OSError."""
    path = root() + NAME
    with open(path + NEW, "w") as file:
        json.dump(state, file)
    if hasattr(os, "sync"):
        os.sync()
    getattr(os, "replace", os.rename)(path + NEW, path)


def _without_trial(state: dict) -> dict:
    after = {"run": state["run"]} if "run" in state else {}
    after["undone"] = state["try"]
    return after


def enter() -> None:
    """Let the right firmware be imported from now on; never raises."""
    state = known()
    Started.slot, Started.timer = state.get("run", ""), None
    if "try" in state:
        begun = "begun" in state
        try:
            save(_without_trial(state) if begun else dict(state, begun=1))
            if not begun:
                Started.slot = state["try"]
                _watch()
        except OSError:
            pass  # what can't be written down can't be undone either: the old one
    if Started.slot:
        sys.path.insert(0, root() + FOLDER + Started.slot)


def _watch() -> None:
    Started.timer = machine.Timer(1)
    Started.timer.init(
        mode=machine.Timer.ONE_SHOT, period=TRIAL_MS, callback=lambda _timer: machine.reset()
    )


def on_trial() -> bool:
    """Whether this firmware has yet to say that it works."""
    return Started.timer is not None


def spare() -> str:
    """The slot that a new firmware is to be laid into: the one that does not run."""
    return SLOTS[1] if Started.slot == SLOTS[0] else SLOTS[0]


def attempt(slot: str) -> None:
    """The next start tries what was laid into `slot`, once; raises OSError."""
    state = {"run": Started.slot} if Started.slot else {}
    state["try"] = slot
    save(state)


def confirm() -> None:
    """The firmware on trial works, and stays; raises OSError, and then it is still on trial."""
    if Started.timer is not None:
        save({"run": Started.slot})
        Started.timer.deinit()
        Started.timer = None


def fall_back() -> None:
    """What was chosen can't even be imported: the one before it, or the cable's, from a reset on.

    Returns only where the cable's own firmware is the one that fails, or nothing can be written.
    """
    if not Started.slot:
        return
    state = known()
    try:
        save(_without_trial(state) if "try" in state else {"undone": Started.slot})
    except OSError:
        return
    machine.reset()
