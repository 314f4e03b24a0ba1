"""Messages in pieces that fit into one GATT write or notification (docs/protocol.md §13)."""

from plantnode.bounded import ClosedError

SIZE = 244  # header and all
MESSAGE_MAX = 4161  # a sealed frame of the longest JSON message
_FIRST, _LAST, _NUMBER = 0x80, 0x40, 0x3F


class Cutter:
    """One direction, outward."""

    def __init__(self) -> None:
        self.number = 0

    def cut(self, message: bytes, size: int):
        """The fragments of a message of at least one byte, each of at most `size` bytes."""
        room = size - 1
        for at in range(0, len(message), room):
            first = _FIRST if at == 0 else 0
            last = _LAST if at + room >= len(message) else 0
            yield bytes([first | last | self.number]) + message[at : at + room]
            self.number = (self.number + 1) & _NUMBER


class Joiner:
    """The other direction; holds at most one message."""

    def __init__(self) -> None:
        self.number = 0
        self.held = b""

    def join(self, fragment: bytes) -> bytes | None:
        """The message that `fragment` completes, or None.

        Raises ClosedError for anything but the next fragment.
        """
        if not 2 <= len(fragment) <= SIZE:
            raise ClosedError("fragment length")
        head = fragment[0]
        if head & _NUMBER != self.number:
            raise ClosedError("fragment number")
        if bool(head & _FIRST) == bool(self.held):
            raise ClosedError("fragment order")
        self.number = (self.number + 1) & _NUMBER
        held = self.held + fragment[1:]
        if len(held) > MESSAGE_MAX:
            raise ClosedError("message length")
        self.held = b"" if head & _LAST else held
        return held if head & _LAST else None
