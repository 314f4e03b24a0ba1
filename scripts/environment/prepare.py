"""The whole set-up, in order; safe to call as often as one likes."""

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from . import interpreters, node, system_packages, venvs
from .layout import CACHE, LOCK
from .uv import find_uv


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    CACHE.mkdir(exist_ok=True)
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepare(
    *,
    latest: bool = False,
    frontend: bool = False,
    esphome: bool = False,
    packages: Sequence[str] = (),
) -> None:
    """Make this clone ready; raises SetUpError with the reason when it cannot.

    latest: also the environment of the newest Home Assistant.
    frontend: also Node.js and what builds and tests the cards.
    esphome: also ESPHome, which checks and builds firmware/esphome.
    packages: system packages that are needed, by their Debian names.
    """
    with _one_at_a_time():
        uv = find_uv()
        python = interpreters.find_python(uv)
        micropython = interpreters.find_micropython()
        venvs.ensure(venvs.TEST, uv=uv, python=python)
        venvs.link_program(micropython)
        venvs.ensure_device_stubs(uv=uv)
        if latest:
            venvs.ensure(venvs.LATEST, uv=uv, python=python)
        if esphome:
            venvs.ensure(venvs.ESPHOME, uv=uv, python=python)
        if frontend:
            node.ensure(uv=uv)
        system_packages.ensure(packages)
