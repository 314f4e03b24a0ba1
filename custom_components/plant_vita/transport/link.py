"""What every kind of link looks like from above."""

from typing import Protocol


class Link(Protocol):
    """A bidirectional link that carries whole text and binary messages.

    Every method raises `LinkError` when the link is gone or the other end is too slow.
    `carries_photos` is false where they would keep everything else from getting through.
    """

    carries_photos: bool = True

    @property
    def peer(self) -> str:
        """Who is at the other end, for the log."""

    async def receive(self, within: float) -> str | bytes:
        """The next message, text or binary, within so many seconds."""

    async def receive_bytes(self) -> bytes:
        """The next message, which must be binary; the link's own heartbeat bounds the wait."""

    async def send_text(self, text: str) -> None:
        """Send one text message."""

    async def send_bytes(self, data: bytes) -> None:
        """Send one binary message."""

    async def close(self, code: int) -> None:
        """Close the link and say why; never raises, never takes longer than two seconds."""
