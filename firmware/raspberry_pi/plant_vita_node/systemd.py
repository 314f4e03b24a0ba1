"""Telling systemd that the service is up, and still alive (sd_notify(3))."""

import os
import socket


def notify(state: str) -> None:
    """Send "READY=1", "WATCHDOG=1" or the like; nothing happens where nobody asked for it."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as port:
        port.settimeout(0)
        try:
            port.sendto(state.encode(), address)
        except OSError as error:  # systemd restarts what it does not hear
            print("systemd does not listen:", error)
