"""Photos for Home Assistant (docs/protocol.md §14).

One at a time, kept in memory until it is fetched. A camera is off between photos, and never
switched on while a pump runs: that keeps everything else waiting for up to a second.
"""

import asyncio
import gc
import hashlib

from plantnode import clock, messages, seal
from plantnode.messages import BadMessageError, RefusedError

TYPES = ("snap", "piece")
_MOST = 524_288
_PIECE = 8192
_HASHED = 16_384
_KEPT_MS = 15_000  # a photo that nobody asks about any more
_LIVE_MS = 10_000  # photos that follow one another so closely find the camera still on
_FAULT_MS = 60_000  # a camera that does not answer is left alone for so long
_SETTLE = 4  # frames until the exposure is right
_TRIES = 3
_JPEG = b"\xff\xd8\xff"


class Cameras:
    """Takes photos with the board's cameras, each of them a driver.

    `ready(width, quality)` says whether it is on in this way, `open(width, quality)` switches it on
    and may block for long, `await skip()` lets a frame pass, `await frame()` gives one as bytes,
    `close()` switches it off. It has a `lamp` (an output or None), and `with_pump`, whether the
    power is enough for it and a pump.
    """

    def __init__(self, node) -> None:
        self.node, self.eyes = node, node.board.cameras
        self.task = self.photo = None
        self.asked = self.touched = -_KEPT_MS
        self.broken = {}  # channel -> until when it is left alone

    def under_way(self) -> bool:
        """Whether it would be wrong to go to sleep now."""
        return self.task is not None or self.photo is not None

    # ── what Home Assistant says ─────────────────────────────────────────────────────────

    def take(self, fields: dict) -> None:
        """One message; its answer goes out through the node's sender."""
        try:
            if fields["t"] == "snap":
                self._snap(fields)
            else:
                self._piece(fields)
        except RefusedError as refused:
            self.node.sender.put(messages.ack(fields["c"], *refused.args))
        except ValueError:
            self.node.sender.put(messages.ack(fields["c"], "bad", None))

    def _snap(self, fields: dict) -> None:
        channel = messages.whole(fields.get("ch"), 0, 63)
        width = messages.whole(fields.get("w"), 96, 4096)
        quality = messages.whole(fields.get("q"), 1, 100)
        flash = messages.whole(fields.get("f", 0), 0, 1)
        if channel not in self.eyes:
            raise RefusedError("unknown", None)
        eye = self.eyes[channel]
        self._free(beside_a_pump=eye.with_pump and eye.ready(width, quality))
        wait = self.broken.get(channel, 0) - clock.real_ms()
        if wait > 0:
            raise RefusedError("fault", wait)
        self._forget_photo()
        how = (channel, width, quality, flash)
        self.task = asyncio.create_task(self._photograph(fields["c"], how))

    def _free(self, *, beside_a_pump: bool) -> None:
        if self.task is not None or self.node.updates.installing():
            raise RefusedError("busy", None)
        pumps = self.node.outputs.pumps
        if pumps.channel is not None and not beside_a_pump:
            raise RefusedError("busy", max(1, *pumps.left().values()))

    def _piece(self, fields: dict) -> None:
        if self.photo is None:
            raise BadMessageError("no photo")
        at = messages.whole(fields.get("at"), 0, len(self.photo) - 1)
        piece = self.photo[at : at + _PIECE]
        self.touched = clock.real_ms()
        self.node.sender.piece = fields["c"].encode() + b"\n" + piece
        if at + len(piece) == len(self.photo):
            self._forget_photo()

    # ── taking one ───────────────────────────────────────────────────────────────────────

    async def _photograph(self, name: str, how: tuple) -> None:
        eye, now = self.eyes[how[0]], clock.real_ms()
        live = now - self.asked < _LIVE_MS
        self.asked = now
        try:
            photo = await self._exposed(eye, *how[1:])
            code = await _hash(photo)
            answer = {"t": "photo", "c": name, "size": len(photo), "sha": code}
            self.photo, self.touched = photo, clock.real_ms()
            self.node.sender.hurried = True
        except asyncio.CancelledError:  # a pump starts
            answer = messages.ack(name, "busy", None)
        except MemoryError:
            answer = messages.ack(name, "full", None)
        except RefusedError as refused:
            answer = messages.ack(name, *refused.args)
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            print("camera:", error)
            self.broken[how[0]] = clock.real_ms() + _FAULT_MS
            live = False
            answer = messages.ack(name, "fault", _FAULT_MS)
        self.task = None
        if not live:
            eye.close()
        self.node.sender.put(answer)

    async def _exposed(self, eye, width: int, quality: int, flash: int) -> bytes:
        """A JPEG; raises OSError if the camera gives none, RefusedError if it is too large."""
        skipped = 1  # what was waiting in the camera may be old
        if not eye.ready(width, quality):
            gc.collect()
            self.node.watchdog.brace()
            eye.open(width, quality)
            self.node.watchdog.brace()
            skipped = _SETTLE
        lamp = eye.lamp if flash else None
        if lamp is not None:
            lamp.on()
        try:
            for _ in range(skipped):
                await eye.skip()
            for _ in range(_TRIES):
                photo = await eye.frame()
                if len(photo) > _MOST:
                    raise RefusedError("full", None)
                if photo[:3] == _JPEG:
                    return photo
        finally:
            if lamp is not None:
                lamp.off()
        raise OSError("no JPEG")

    # ── not taking any ───────────────────────────────────────────────────────────────────

    def make_way(self) -> None:
        """A pump is about to start: its power must not be short."""
        for eye in self.eyes.values():
            if not eye.with_pump:
                self._stop()
                if eye.lamp is not None:
                    eye.lamp.off()
                eye.close()

    def _stop(self) -> None:
        if self.task is not None:
            self.task.cancel()

    def forget(self) -> None:
        """The session is over: nobody will fetch what is here."""
        self._stop()
        self._forget_photo()
        self.node.sender.piece = None

    def _forget_photo(self) -> None:
        self.photo = None
        self.node.sender.hurried = False

    def rest(self) -> None:
        """Now and then: let go of what nobody asks about."""
        now = clock.real_ms()
        if self.photo is not None and now - self.touched > _KEPT_MS:
            self._forget_photo()
        if self.task is None and now - self.asked > _LIVE_MS:
            for eye in self.eyes.values():
                eye.close()


async def _hash(photo: bytes) -> str:
    """In pieces: what keeps the node safe runs between them."""
    code, whole = hashlib.sha256(), memoryview(photo)
    for at in range(0, len(photo), _HASHED):
        code.update(whole[at : at + _HASHED])
        await clock.pause_ms(0)
    return seal.to_hex(code.digest())
