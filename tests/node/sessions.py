"""A session that has just begun, and somebody who writes down what it says."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from custom_components.plant_vita.model.node import NodeInfo
from custom_components.plant_vita.node.door import Door
from custom_components.plant_vita.node.pairing import PairingDesk
from custom_components.plant_vita.node.session import NodeSession
from custom_components.plant_vita.protocol.limits import Limits
from custom_components.plant_vita.protocol.messages import NodeLog, OutputReport, Telemetry
from tests.node.ends import KEY, MemoryLink, NodeEnd

QUICK = Limits(
    first_message_s=0.3, handshake_s=1.0, parking_s=0.2, ack_s=0.2, messages_per_s=1e6, burst=1e6
)


class Keys(dict[tuple[str, int], bytes]):
    """The keys of paired nodes."""

    def key(self, hardware_id: str, kid: int) -> bytes | None:
        return self.get((hardware_id, kid))


@dataclass
class Notes:
    """A listener that writes everything down."""

    telemetry: list[Telemetry] = field(default_factory=list)
    outputs: list[OutputReport] = field(default_factory=list)
    hellos: list[NodeInfo] = field(default_factory=list)
    lines: list[NodeLog] = field(default_factory=list)

    def on_telemetry(self, session: NodeSession, telemetry: Telemetry) -> None:
        self.telemetry.append(telemetry)

    def on_outputs(self, session: NodeSession, report: OutputReport) -> None:
        self.outputs.append(report)

    def on_hello(self, session: NodeSession, info: NodeInfo) -> None:
        self.hellos.append(info)

    def on_log(self, session: NodeSession, line: NodeLog) -> None:
        self.lines.append(line)


@dataclass
class Talk:
    """Both ends of a session that is being read."""

    session: NodeSession
    node: NodeEnd
    notes: Notes
    reading: asyncio.Task[None]

    @property
    def link(self) -> MemoryLink:
        return self.node.link

    async def ended_by(self) -> BaseException | None:
        """What ended the session; waits for the end."""
        await asyncio.wait([self.reading], timeout=5)
        return self.reading.exception()


def door_for(keys: Keys, limits: Limits = QUICK) -> Door:
    """A door with a desk behind it."""
    clock = asyncio.get_running_loop().time
    return Door(keys, PairingDesk(clock), limits, clock, lambda _dial: None)


@asynccontextmanager
async def talk(limits: Limits = QUICK) -> AsyncGenerator[Talk]:
    """A paired node comes in, and is listened to."""
    node = NodeEnd(MemoryLink())
    admitting = asyncio.create_task(
        door_for(Keys({(node.handshake.node, 1): KEY}), limits).admit(node.link)
    )
    node.dial()
    await node.prove()
    session, notes = await admitting, Notes()
    reading = asyncio.create_task(session.run(notes))
    try:
        yield Talk(session, node, notes, reading)
    finally:
        reading.cancel()
        await asyncio.wait([reading])
        if not reading.cancelled():
            reading.exception()
