"""The framing of a cable: nothing is sealed, and nothing is longer than fits."""

import pytest

from custom_components.plant_vita.model.errors import FrameError
from custom_components.plant_vita.protocol.plain import Framing, Plain
from custom_components.plant_vita.protocol.seal import FrameType


def test_messages_pass_as_they_are() -> None:
    framing: Framing = Plain()
    assert framing.seal(b'{"t":"hi"}') == b'{"t":"hi"}'
    assert framing.open(b'{"t":"ack"}') == (FrameType.MESSAGE, b'{"t":"ack"}')


@pytest.mark.parametrize(("size", "fits"), [(256, True), (257, False)])
def test_what_a_small_node_has_room_for(size: int, *, fits: bool) -> None:
    if fits:
        assert len(Plain().seal(b"x" * size)) == size
        return
    with pytest.raises(FrameError):
        Plain().seal(b"x" * size)


def test_what_a_node_may_say() -> None:
    assert len(Plain().open(b"x" * 1024)[1]) == 1024
    with pytest.raises(FrameError):
        Plain().open(b"x" * 1025)
