"""Nodes that say what they have measured, and the disk on which it is to be safe."""

import errno
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from custom_components.plant_vita.glue.inbox import Inbox
from custom_components.plant_vita.glue.journal import Journal
from custom_components.plant_vita.model.errors import LinkError
from custom_components.plant_vita.model.node import Value
from custom_components.plant_vita.node.session import NodeSession
from custom_components.plant_vita.protocol.messages import ReadingSet, Telemetry

NODE, OTHER, BOOT = "a4cf12000001", "a4cf12000002", "0badf00d"


@dataclass(eq=False)
class Visit:
    """A session with a node, and a coordinator that passes on what it says."""

    inbox: Inbox
    hardware_id: str = NODE
    gone: bool = False
    got: list[tuple[str, int]] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)

    @property
    def info(self) -> SimpleNamespace:
        return SimpleNamespace(hardware_id=self.hardware_id)

    async def confirm(self, boot: str, number: int) -> None:
        if self.gone:
            msg = "gone"
            raise LinkError(msg)
        self.got.append((boot, number))

    async def close(self, code: int) -> None:
        self.closed.append(code)

    def says(self, *numbers: int, age_ms: int = 0, value: Value = 41.5, now: float = 1e9) -> int:
        """Tell some sets; how many of them were new."""
        telemetry = Telemetry(
            boot=None,
            sets=tuple(ReadingSet(number=n, age_ms=age_ms, values={0: value}) for n in numbers),
        )
        boot, fresh = self.inbox.received(self.hardware_id).fresh(telemetry, BOOT)
        self.inbox.keep(cast("NodeSession", self), boot, fresh, now)
        return len(fresh)


class Disk:
    """What the journal writes to: it can be slow, and it can fail."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.calls: list[list[bytes]] = []
        self.full = False
        self.flows = threading.Event()
        self.flows.set()
        really = Journal.append

        def append(journal: Journal, lines: list[bytes]) -> None:
            self.calls.append(lines)
            assert self.flows.wait(5)
            if self.full:
                raise OSError(errno.ENOSPC, "No space left on device")
            really(journal, lines)

        patch.setattr(Journal, "append", append)

    def after_crash(self) -> tuple[dict[str, dict[str, int]], list[int]]:
        """What the next start finds: the highest numbers, and the numbers of the sets."""
        left = Journal(self.folder).load()
        return left.highest, [one[0] for entry in left.kept for one in entry.sets]
