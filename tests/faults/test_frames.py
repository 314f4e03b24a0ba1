"""A stranger on the wire: frames that are made up, flipped, replayed or re-ordered open nothing."""

import random


from custom_components.plant_vita.model.errors import FrameError
from tests.node.sessions import talk


async def test_a_made_up_frame_ends_the_session() -> None:
    async with talk() as made:
        made.node.link.hear(random.Random(1).randbytes(100))
        ended = await made.ended_by()
        assert isinstance(ended, FrameError)
        assert made.notes.telemetry == []
