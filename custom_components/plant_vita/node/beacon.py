"""The advertisements of one node: read with its keys, each count once."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..model.errors import FrameError
from ..model.node import NodeInfo, Radio
from ..protocol import bthome
from ..protocol.bthome import Advertisement, UsedCountError


@dataclass(slots=True)
class Beacon:
    """What a node tells to everybody near; `read` and `unreadable` count what was heard.

    The highest count is kept in memory only, and so is fresh only as long as Home Assistant runs:
    nothing but readings may ever come in this way.
    """

    read: int = 0
    unreadable: int = 0
    _salt: bytes = b""
    _highest: int = 0

    def take(
        self, info: NodeInfo, radio: Radio, keys: Iterable[tuple[int, bytes]], data: bytes
    ) -> Advertisement:
        """Read service data; `keys` are those the node may hold, by number.

        Raises `UsedCountError` for what has been read before, and another `FrameError` for what no
        key opens: somebody else's, or with a salt of which we have not been told yet.
        """
        if radio.salt != self._salt:
            self._salt, self._highest = radio.salt, 0
        for kid, key in keys:
            bind_key = bthome.bind_key(key, radio.salt, info.hardware_id, kid)
            try:
                heard = bthome.read(bind_key, radio.address, data, above=self._highest)
            except UsedCountError:
                raise
            except FrameError:
                continue
            self._highest = heard.counter
            self.read += 1
            return heard
        self.unreadable += 1
        msg = "no key opens it"
        raise FrameError(msg)
