"""Images of other versions of the node's firmware, and a hand that sends them."""

import hashlib
import json
import shutil
from base64 import b64encode
from pathlib import Path

from scripts.firmware_image import image
from tests.firmware import rig

PART = 2048


def package(folder: Path, version: str, spoil: str | None = None) -> Path:
    """The node's own package as another version; `spoil` is put in the place of a file."""
    made = folder / f"package-{version}"
    shutil.copytree(rig.FLASH / "plantnode", made, ignore=shutil.ignore_patterns("__pycache__"))
    (made / "__init__.py").write_text(f'VERSION = "{version}"\n')
    if spoil:
        (made / spoil).write_text("this is no Python\n")
    return made


def offer(data: bytes, version: str, **changed) -> dict:
    """What is said of an image."""
    sha = hashlib.sha256(data).hexdigest()
    return {"t": "update", "fw": version, "size": len(data), "sha": sha, **changed}


class Sender:
    """Sends messages of an update, and waits for their answers."""

    def __init__(self, talk) -> None:
        self.talk, self.count = talk, 0

    async def begin(self, **message) -> str:
        """Send one; its id."""
        self.count += 1
        name = f"u{id(self) % 10_000}-{self.count}"
        await self.talk.send(json.dumps({"c": name, **message}).encode())
        return name

    async def ask(self, **message) -> dict:
        """Send one, and its answer."""
        name = await self.begin(**message)
        return await self.talk.wait("ack", lambda one: one["c"] == name, seconds=20)

    async def part(self, data: bytes, at: int) -> dict:
        """The part that begins at `at`."""
        piece = b64encode(data[at : at + PART]).decode()
        return await self.ask(t="part", at=at, d=piece)

    async def bring(self, data: bytes, version: str, **changed) -> None:
        """The whole image, from where the node has it."""
        answer = await self.ask(**offer(data, version, **changed))
        assert answer.get("ok") == 1, answer
        at = answer["at"]
        while at < len(data):
            answer = await self.part(data, at)
            assert answer["at"] == min(at + PART, len(data))
            at = answer["at"]


__all__ = ["Sender", "image", "offer", "package"]
