"""A door, and everybody who is knocking."""

import asyncio
import json
from dataclasses import dataclass, field, replace

import pytest

from custom_components.plant_vita.node.door import Door, NotAdmittedError
from custom_components.plant_vita.node.pairing import PairingDesk
from custom_components.plant_vita.node.session import NodeSession
from custom_components.plant_vita.protocol.handshake import Dial, VersionError
from custom_components.plant_vita.protocol.pairing import key_from_code
from tests.node.ends import ID, KEY, MemoryLink, NodeEnd
from tests.node.sessions import QUICK, Keys

CODE = "ABCDEFGHIJKLMNOP"
K0 = key_from_code(CODE, ID)


@dataclass
class House:
    """A door, and everybody who is knocking."""

    keys: Keys = field(default_factory=lambda: Keys({(ID, 1): KEY}))
    unpaired: list[Dial] = field(default_factory=list)
    versions: list[VersionError] = field(default_factory=list)
    knocking: list[asyncio.Task[NodeSession]] = field(default_factory=list)
    door: Door = field(init=False)

    def __post_init__(self) -> None:
        clock = asyncio.get_running_loop().time
        self.door = Door(
            self.keys,
            PairingDesk(clock),
            QUICK,
            clock,
            self.unpaired.append,
            self.versions.append,
        )

    def limit(self, **limits: float) -> None:
        self.door.limits = replace(QUICK, **limits)

    def knock(self, link: MemoryLink) -> asyncio.Task[NodeSession]:
        """Somebody has opened a link."""
        task = asyncio.create_task(self.door.admit(link))
        self.knocking.append(task)
        return task

    def dial(
        self, *, key: bytes = KEY, kid: int = 1, name: str = ID, peer: str = "192.0.2.7"
    ) -> tuple[NodeEnd, asyncio.Task[NodeSession]]:
        """A node has opened a link and said who it is."""
        node = NodeEnd(MemoryLink(peer), key=key, kid=kid, name=name)
        task = self.knock(node.link)
        node.dial()
        return node, task


async def turned_away(task: asyncio.Task[NodeSession]) -> NotAdmittedError:
    with pytest.raises(NotAdmittedError) as caught:
        await asyncio.wait_for(task, 3)
    return caught.value


async def said(link: MemoryLink) -> dict[str, str]:
    """The text that a caller was sent."""
    message = await asyncio.wait_for(link.said.get(), 3)
    assert isinstance(message, str)
    answer: dict[str, str] = json.loads(message)
    return answer
