"""What Home Assistant asks of a camera, in the place of the whole of it."""

import json

from tests.firmware import rig

CAMERA = 48


class Looker:
    """What Home Assistant asks of the camera."""

    def __init__(self, talk):
        self.talk, self.count = talk, 0

    async def ask(self, kind, **fields):
        """Say it; the id under which it is answered."""
        self.count += 1
        name = f"q{self.count}"
        await self.talk.send(json.dumps({"t": kind, "c": name, **fields}).encode())
        return name

    async def snap(self, **changed):
        """The answer to `snap`: a photo message, or an ack."""
        return await self.answer(
            await self.ask("snap", **{"ch": CAMERA, "w": 640, "q": 80} | changed)
        )

    async def answer(self, name):
        return await self.talk.wait_any(lambda message: message.get("c") == name)

    async def piece(self, at):
        """The bytes from `at` on, or the word of a refusal."""
        name = await self.ask("piece", at=at)
        start = name.encode() + b"\n"

        def come():
            sent = [piece[len(start) :] for piece in self.talk.pieces if piece.startswith(start)]
            acks = [one["err"] for one in self.talk.of("ack") if one["c"] == name]
            return sent or acks

        return (await rig.until(come))[0]

    async def fetch(self, size):
        data = b""
        while len(data) < size:
            data += await self.piece(len(data))
        return data
