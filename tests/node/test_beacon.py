"""The advertisements of one node: once each, with any key it may hold, for the salt it told."""

from dataclasses import replace

import pytest

from custom_components.plant_vita.model.errors import FrameError
from custom_components.plant_vita.model.node import Channel, NodeInfo, Radio
from custom_components.plant_vita.node.beacon import Beacon
from custom_components.plant_vita.protocol.bthome import UsedCountError
from tests.nodes.fake_node import seal  # noqa: F401 - finds the firmware

from plantnode import bthome as firmware  # isort: skip

RADIO = Radio(address=bytes.fromhex("a4cf12000003"), salt=b"saltsalt")
INFO = NodeInfo(
    hardware_id="a4cf12000001",
    model="esp32dev",
    firmware="0.1.0",
    boot="0badcafe",
    uptime_ms=1,
    every=600,
    sleeps=True,
    name=None,
    channels=(Channel(index=0, kind="m"),),
    radio=RADIO,
)
OLD, NEW = (1, bytes(32)), (2, bytes(range(32)))


def told(count: int, held: tuple[int, bytes] = NEW, salt: bytes = RADIO.salt) -> bytes:
    key = firmware.bind_key(held[1], salt, INFO.hardware_id, held[0])
    return firmware.service_data(key, RADIO.address, count, firmware.objects([(0, "m")], {0: 40}))


def test_each_count_once() -> None:
    beacon = Beacon()
    heard = beacon.take(INFO, RADIO, [OLD, NEW], told(7))
    assert heard.values(INFO.channels) == {0: 40.0}
    for count in (7, 6, 1):
        with pytest.raises(UsedCountError):
            beacon.take(INFO, RADIO, [OLD, NEW], told(count))
    assert beacon.take(INFO, RADIO, [OLD, NEW], told(9)).counter == 9
    assert (beacon.read, beacon.unreadable) == (2, 0)


def test_a_new_key_goes_on_counting() -> None:
    beacon = Beacon()
    beacon.take(INFO, RADIO, [OLD, NEW], told(7, OLD))
    with pytest.raises(UsedCountError):
        beacon.take(INFO, RADIO, [NEW], told(7))
    assert beacon.take(INFO, RADIO, [NEW], told(8)).counter == 8


def test_a_new_salt_is_unreadable_until_it_is_told_and_the_old_one_from_then_on() -> None:
    beacon = Beacon()
    beacon.take(INFO, RADIO, [NEW], told(500))
    fresh = told(1, salt=b"pfefferp")
    with pytest.raises(FrameError) as refused:
        beacon.take(INFO, RADIO, [NEW], fresh)
    assert not isinstance(refused.value, UsedCountError)
    radio = replace(RADIO, salt=b"pfefferp")
    assert beacon.take(INFO, radio, [NEW], fresh).counter == 1
    with pytest.raises(FrameError, match="no key"):
        beacon.take(INFO, radio, [NEW], told(501))
    assert (beacon.read, beacon.unreadable) == (2, 2)


@pytest.mark.parametrize("keys", [[], [OLD], [(3, NEW[1])]])
def test_no_key_of_ours(keys: list[tuple[int, bytes]]) -> None:
    with pytest.raises(FrameError, match="no key"):
        Beacon().take(INFO, RADIO, keys, told(1))
