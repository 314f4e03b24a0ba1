"""A new firmware over the link (docs/protocol.md §11).

It is kept as a whole first, then laid into the slot that does not run, read back, and tried once
(slots.py). Whatever breaks off on the way leaves what runs now untouched.
"""

import asyncio
import hashlib
import json
from binascii import a2b_base64

import deflate
import slots

from plantnode import VERSION, clock, files, messages, seal
from plantnode.messages import BadMessageError, RefusedError

KIND = "esp32"
TYPES = ("update", "part", "install")
IMAGE, OFFER = "update.img", "update.json"
PACKAGE = "plantnode/"
_IMAGE_MAX = 1 << 20
_HEAD_MAX = 8192
_SPARE = 65_536  # that must be left for the ledger and the readings
_STEP = 2048
_PAUSE_MS = 15_000  # without a part for so long, nobody is sending any more


def version(text) -> tuple:
    """The numbers of a version, to be compared; raises BadMessageError."""
    parts = text.split(".") if isinstance(text, str) and len(text) <= 16 else ()
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        raise BadMessageError("fw")
    return tuple(int(part) for part in parts)


def checked(fields: dict) -> dict:
    """The parts of an offer that are kept; raises BadMessageError."""
    version(fields.get("fw"))
    sha = fields.get("sha")
    if not isinstance(sha, str) or len(sha) != 64 or sha.strip("0123456789abcdef"):
        raise BadMessageError("sha")
    size = messages.whole(fields.get("size"), 1, _IMAGE_MAX)
    return {"fw": fields["fw"], "size": size, "sha": sha}


def _good_name(name) -> bool:
    """A file of the package, and nowhere else."""
    if not isinstance(name, str) or not 4 <= len(name) <= 64 or not name.endswith(".py"):
        return False
    return not name.lower().strip("abcdefghijklmnopqrstuvwxyz0123456789_/.") and not any(
        part in ("", ".", "..") for part in name.split("/")
    )


def _contents(head: bytes, offer: dict) -> dict:
    """What an image holds, from its first line; raises RefusedError."""
    try:
        fields = json.loads(head)
        good = fields["img"] == KIND and fields["fw"] == offer["fw"]
        for name, size in fields["files"]:
            good = good and _good_name(name) and type(size) is int and 0 <= size <= _IMAGE_MAX
        if good and len(fields["sum"]) == 64:
            return fields
    except (ValueError, KeyError, TypeError):
        pass
    raise RefusedError("hash", None)


class Updates:
    """Takes an image in parts, and puts it in place."""

    def __init__(self, node) -> None:
        self.node = node
        self.task = None
        self.heard = -_PAUSE_MS
        self.offer = self._kept()
        self.held = files.size(IMAGE) if self.offer else 0

    def _kept(self) -> dict | None:
        """What was being sent before a restart; what is no use any more is removed."""
        try:
            offer = checked(json.loads(files.read(OFFER) or b""))
            if version(offer["fw"]) > version(VERSION):
                return offer
        except (ValueError, AttributeError):
            pass
        self._forget()
        return None

    def _forget(self) -> None:
        self.offer, self.held = None, 0
        files.remove(OFFER)
        files.remove(IMAGE)

    def wanted(self) -> bool:
        """Whether the person who set this node up lets its firmware come over the link."""
        return self.node.settings.get("updates") not in (0, False)

    def installing(self) -> bool:
        """Whether it is being put in place now."""
        return self.task is not None

    def under_way(self) -> bool:
        """Whether it would be wrong to go to sleep now."""
        return self.installing() or clock.real_ms() - self.heard < _PAUSE_MS

    def works(self) -> None:
        """This firmware has reached Home Assistant: it stays."""
        try:
            slots.confirm()
        except OSError as error:
            print("slots:", error)

    # ── what Home Assistant says ─────────────────────────────────────────────────────────

    def take(self, fields: dict) -> None:
        """One message; its answer goes out through the node's sender."""
        name, kind = fields["c"], fields["t"]
        try:
            self._free()
            self.heard = clock.real_ms()
            if kind == "install":
                self._begin(name)
                return
            held = self._offered(fields) if kind == "update" else self._part(fields)
        except RefusedError as refused:
            answer = messages.ack(name, *refused.args)
        except ValueError:
            answer = messages.ack(name, "bad", None)
        except OSError:
            answer = messages.ack(name, "full", None)
        else:
            answer = messages.ack(name, None, None)
            answer["at"] = held
        self.node.sender.put(answer)

    def _free(self) -> None:
        if not self.wanted():
            raise RefusedError("off", None)
        pumps = self.node.outputs.pumps
        if pumps.channel is not None:
            raise RefusedError("busy", max(1, *pumps.left().values()))
        if self.installing() or slots.on_trial():
            raise RefusedError("busy", None)

    def _offered(self, fields: dict) -> int:
        """How much of what is offered is here already."""
        offer = checked(fields)
        if version(offer["fw"]) <= version(VERSION):
            raise RefusedError("old", None)
        if offer != self.offer or self.held > offer["size"]:
            self._forget()
            files.clear(slots.FOLDER + slots.spare())
            if files.free() < offer["size"] + _SPARE:
                raise RefusedError("full", None)
            files.write(OFFER, json.dumps(offer).encode())
            self.offer = offer
        return self.held

    def _part(self, fields: dict) -> int:
        """How much is here, with this part."""
        at, data = fields.get("at"), fields.get("d")
        if self.offer is None or not isinstance(data, str):
            raise BadMessageError("part")
        data = a2b_base64(data)
        if not data:
            raise BadMessageError("part")
        end = messages.whole(at, 0, self.offer["size"]) + len(data)
        if end <= self.held:
            return self.held
        if at != self.held or end > self.offer["size"]:
            raise BadMessageError("part")
        try:
            files.append(IMAGE, data)
        finally:
            self.held = files.size(IMAGE)
        return self.held

    def _begin(self, name: str) -> None:
        if self.offer is None or self.held != self.offer["size"]:
            raise BadMessageError("not whole")
        self.task = asyncio.create_task(self._install(name))

    async def _install(self, name: str) -> None:
        try:
            await install(self.offer)
            answer = messages.ack(name, None, None)
            self.node.restarting = True
        except RefusedError as refused:
            self._forget()
            answer = messages.ack(name, *refused.args)
        except OSError:
            answer = messages.ack(name, "full", None)
        if not self.node.restarting:
            self.task = None
        self.node.sender.put(answer)


# ── putting it in place ──────────────────────────────────────────────────────────────────


async def install(offer: dict) -> None:
    """Lay the image that is here into the spare slot, to be tried by the next start.

    Raises RefusedError if it is not what was offered, OSError if it can't be written.
    """
    await _compare(offer["sha"], [(IMAGE, offer["size"])])
    head = files.piece(IMAGE, 0, _HEAD_MAX)
    head = head[: head.find(b"\n") + 1]
    contents = _contents(head, offer)
    folder = slots.FOLDER + slots.spare()
    files.clear(folder)
    laid = [(folder + "/" + PACKAGE + name, size) for name, size in contents["files"]]
    if files.free() < sum([size for _, size in laid]) + _SPARE:
        raise RefusedError("full", None)
    with files.stream(IMAGE, len(head)) as packed:
        unpacked = deflate.DeflateIO(packed, deflate.ZLIB)
        for path, size in laid:
            await _lay(path, size, unpacked)
    await _compare(contents["sum"], laid)
    slots.attempt(slots.spare())
    files.remove(OFFER)
    files.remove(IMAGE)


async def _compare(expected: str, places: list) -> None:
    """See that these files together have this hash; raises RefusedError."""
    code = hashlib.sha256()
    for path, size in places:
        for at in range(0, size, _STEP):
            code.update(files.piece(path, at, min(_STEP, size - at)))
            await clock.pause_ms(0)
    if seal.to_hex(code.digest()) != expected:
        raise RefusedError("hash", None)


async def _lay(path: str, size: int, unpacked) -> None:
    """One file out of the image; what keeps the node safe runs between its pieces."""
    files.make(path[: path.rfind("/")])
    files.append(path, b"")  # also where it has nothing in it
    for at in range(0, size, _STEP):
        count = min(_STEP, size - at)
        try:
            data = unpacked.read(count)
        except (OSError, EOFError):
            data = b""
        if len(data) != count:
            raise RefusedError("hash", None)
        files.append(path, data)
        await clock.pause_ms(0)
