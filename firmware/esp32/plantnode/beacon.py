"""What a node tells everybody near (docs/protocol.md §10): sealed readings, or "pair me"."""

import os

from plantnode import bthome, clock
from plantnode.handshake import from_hex
from plantnode.seal import to_hex

_LOOK_MS = 200
_NAME_MOST = 29
_CALL_MS = 45_000  # so long a caller who proves nothing keeps us awake
_ASK_MS = 6 * 3_600_000  # so long at most, what nobody has confirmed waits to be fetched


class Beacon:
    """Counts the sets of readings; no count is ever used twice under one salt and key.

    `kept` is what `keep` gave before deep sleep. After any other reset nobody knows which counts
    were used: another salt.
    """

    def __init__(self, node, radio, kept: dict) -> None:
        self.node, self.radio = node, radio
        try:
            self.salt, self.count = from_hex(kept["bs"], 8), kept["bc"]
            self.met_ms, self.lock = kept["bm"], kept["bl"]
        except (KeyError, ValueError):
            self.salt, self.count = os.urandom(8), 0
            self.met_ms, self.lock = 0, ""
        self.values = {}
        self.said = None  # what the advertisement at hand is about
        self.data = b""

    def keep(self) -> dict:
        """What has to outlive deep sleep."""
        salt = to_hex(self.salt)
        return {"bs": salt, "bc": self.count, "bm": self.met_ms, "bl": self.lock}

    def take(self, values: dict) -> None:
        """Another set of readings."""
        self.values.update(values)
        self.said = None

    def met(self) -> None:
        """A session is over: Home Assistant knows everything."""
        self.met_ms = self.node.up()
        self.lock = self.node.outputs.lock

    def asks(self) -> bool:
        """Whether Home Assistant should connect, though nothing waits there."""
        node = self.node
        if node.sender.queue or node.outputs.lock != self.lock:
            return True
        return node.up() - self.met_ms > _ASK_MS and not node.backlog.empty()

    def advertisement(self) -> bytes:
        """What is true now; made anew only when something has changed."""
        keys, asks = self.node.keys, self.asks()
        about = (keys.kid, asks)
        if about != self.said:
            self.said = about
            payload = self._sealed(asks=asks) if keys.paired() else self._pair_me()
            self.data = bthome.advertisement(payload)
        return self.data

    def _pair_me(self) -> bytes:
        return bthome.PAIR_ME + self.node.id.encode()

    def _sealed(self, *, asks: bool) -> bytes:
        keys = self.node.keys
        if self.count >= bthome.COUNTER_MAX:
            self.salt, self.count = os.urandom(8), 0
        self.count += 1
        key = bthome.bind_key(keys.key, self.salt, self.node.id, keys.kid)
        channels = sorted([(channel.index, channel.kind) for channel in self.node.board.channels])
        plain = bthome.objects(channels, self.values, asks=asks)
        address = from_hex(self.radio.address, 6)
        return bthome.service_data(key, address, self.count, plain)

    def response(self) -> bytes:
        """What who asks gets to hear as well: the name, while anybody may know it."""
        name = self.node.settings.text("name", 32).encode()
        if self.node.keys.paired() or not name:
            return b""
        if len(name) > _NAME_MOST:
            end = _NAME_MOST
            while name[end] & 0xC0 == 0x80:  # not in the midst of a letter
                end -= 1
            name = name[:end]
        return bytes([len(name) + 1, 0x09]) + name

    async def run(self) -> None:
        """For ever: advertise whenever there is no session and nobody is connected."""
        while True:
            if self.node.link.talk is not None or self.radio.central is not None:
                self.radio.advertise(b"")
            else:
                self.radio.advertise(self.advertisement(), self.response())
            await clock.pause_ms(_LOOK_MS)

    async def reachable(self, until: int) -> None:
        """Wait until nobody talks to us, and for a call until then: `until` in real ms."""
        while True:
            now = clock.real_ms()
            calling = self.radio.central is not None and now < until + _CALL_MS
            if now >= until and self.node.link.talk is None and not calling:
                return
            self.node.watchdog.alive("link")
            await clock.pause_ms(_LOOK_MS)
