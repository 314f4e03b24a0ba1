"""Starts the node. If it can't be started, wait and reset: the pumps are off already (boot.py)."""

import sys
import time

import machine


def start() -> None:
    """Run until something ends it."""
    from plantnode import app

    app.main()


try:
    start()
except Exception as error:  # noqa: BLE001 - a node that stands still can be seen, one that is gone can't
    if hasattr(sys, "print_exception"):
        sys.print_exception(error)
    time.sleep(10)
    machine.reset()
