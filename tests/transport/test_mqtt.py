"""A link through a broker: an empty payload is the end of it."""

import pytest

from custom_components.plant_vita.model.errors import LinkError
from custom_components.plant_vita.transport.mqtt import MqttLink


class Wire:
    """What is published."""

    def __init__(self) -> None:
        self.said: list[bytes] = []
        self.link = MqttLink("MQTT a4cf", self.publish, silence=5, largest=100)

    async def publish(self, data: bytes) -> None:
        self.said.append(data)


async def test_messages_go_and_come() -> None:
    wire = Wire()
    wire.link.take(b"PV")
    assert await wire.link.receive_bytes() == b"PV"
    await wire.link.send_text("{}")
    assert wire.said == [b"{}"]


async def test_a_node_that_has_hung_up_is_told_nothing_more() -> None:
    wire = Wire()
    wire.link.take(b"")
    with pytest.raises(LinkError, match="closed by the node"):
        await wire.link.receive_bytes()
    await wire.link.close(1001)
    assert wire.said == []


async def test_closing_says_so_once() -> None:
    wire = Wire()
    await wire.link.close(4400)
    await wire.link.close(1001)
    assert wire.said == [b""]
