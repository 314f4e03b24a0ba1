"""A node that takes a firmware over its link, as far as Home Assistant can see."""

from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.nodes.fake_node import FakeNode, Json


@dataclass
class Taker:
    """What `node` does with an update; `after` runs when it has been asked to start the new one.

    `answers` come first, None for silence. `data` is what it has, `asked` what was said to it.
    """

    node: FakeNode
    after: Callable[[], None] = lambda: None
    answers: list[Json | None] = field(default_factory=list)
    data: bytes = b""
    asked: list[str] = field(default_factory=list)
    offered: Json = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.node.image = "esp32"
        self.node.answer = self._answer

    def _answer(self, message: Json) -> Json | None:
        if message["t"] == "cmd":
            return {"ok": 1}
        self.asked.append(message["t"])
        if self.answers:
            return self.answers.pop(0)
        if message["t"] == "install":
            self.after()
            return {"ok": 1}
        if message["t"] == "update":
            self.offered = message
        elif message["at"] == len(self.data):
            self.data += b64decode(message["d"])
        return {"ok": 1, "at": len(self.data)}

    async def restarts(self, firmware: str, boot: str = "1badcafe") -> None:
        """It comes back in another boot, with this firmware."""
        self.node.firmware, self.node.boot = firmware, boot
        await self.node.connect()
