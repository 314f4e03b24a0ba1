"""Nodes behind an MQTT broker: one link is one pair of topics, and somebody else publishes.

An empty payload says that the sender has hung up.
"""

from collections.abc import Awaitable, Callable
from typing import override

from .payloads import PayloadLink

HUNG_UP = b""

type Publish = Callable[[bytes], Awaitable[None]]


class MqttLink(PayloadLink):
    """A `PayloadLink` that goes out by `publish`, which raises `LinkError`."""

    def __init__(self, peer: str, publish: Publish, *, silence: float, largest: int) -> None:
        """Listen from now on."""
        super().__init__(peer, silence=silence, largest=largest)
        self._publish_payload = publish

    @override
    def take(self, payload: bytes) -> None:
        if payload == HUNG_UP:
            self.lose("closed by the node")
        else:
            super().take(payload)

    @override
    async def _publish(self, payload: bytes) -> None:
        await self._publish_payload(payload)

    @override
    async def _hang_up(self, *, lost: bool) -> None:
        if not lost:
            await self._publish(HUNG_UP)
