"""What every link promises, said once and held by whatever is a link."""

import inspect

from custom_components.plant_vita.transport.gatt import GattLink
from custom_components.plant_vita.transport.link import Link
from custom_components.plant_vita.transport.payloads import PayloadLink
from custom_components.plant_vita.transport.serial import SerialLink
from custom_components.plant_vita.transport.wifi import WebSocketLink
from tests.node.ends import MemoryLink

PROMISED = {"peer", "receive", "receive_bytes", "send_text", "send_bytes", "close"}


def public(kind: type) -> set[str]:
    """The names that a class itself defines for others."""
    return {name for name in vars(kind) if not name.startswith("_")}


def test_the_promise() -> None:
    assert public(Link) == PROMISED | {"carries_photos"}


def test_a_network_carries_photos_and_a_cable_and_bluetooth_do_not() -> None:
    kinds = (WebSocketLink, PayloadLink, SerialLink, GattLink)
    assert [kind.carries_photos for kind in kinds] == [True, True, False, False]


def test_every_link_keeps_it_the_same_way() -> None:
    for kind in (WebSocketLink, PayloadLink, MemoryLink):
        assert public(kind) >= PROMISED
        for name in PROMISED - {"peer"}:
            promised = inspect.signature(getattr(Link, name))
            assert inspect.signature(getattr(kind, name)) == promised
            assert inspect.iscoroutinefunction(getattr(kind, name))
