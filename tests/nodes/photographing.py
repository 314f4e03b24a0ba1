"""A node with a camera, as far as Home Assistant can see."""

import hashlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from tests.nodes.fake_node import FakeNode, Json

CAMERA = [48, "camera"]


@dataclass
class Photographer:
    """What `node` does when it is asked for a photo: `data` is it.

    `before` is done first, at every message. `refuses` is a word that it says instead.
    """

    node: FakeNode
    data: bytes
    before: Callable[[Json], Awaitable[None]] | None = None
    refuses: str | None = None
    piece: int = 8192
    asked: list[Json] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.node.photographer = self._answer
        if CAMERA not in self.node.channels:
            self.node.channels = [*self.node.channels, CAMERA]

    @property
    def snaps(self) -> list[Json]:
        """What photos were asked for, without what differs each time."""
        return [
            {name: value for name, value in one.items() if name not in {"t", "c"}}
            for one in self.asked
            if one["t"] == "snap"
        ]

    async def _answer(self, message: Json) -> None:
        self.asked.append(message)
        if self.before is not None:
            await self.before(message)
        with suppress(ConnectionError):
            await self._say(message)

    async def _say(self, message: Json) -> None:
        name = message["c"]
        if self.refuses is not None:
            await self.node.says({"t": "ack", "c": name, "err": self.refuses})
        elif message["t"] == "snap":
            sha = hashlib.sha256(self.data).hexdigest()
            await self.node.says({"t": "photo", "c": name, "size": len(self.data), "sha": sha})
        else:
            piece = self.data[message["at"] : message["at"] + self.piece]
            await self.node.sends_piece(name.encode() + b"\n" + piece)
