"""Advertisements as the node's own code makes them, and as others forge and replay them."""

import sys
from pathlib import Path
from random import Random

import pytest

from custom_components.plant_vita.model.errors import FrameError
from custom_components.plant_vita.model.node import Channel
from custom_components.plant_vita.protocol import bthome

_FIRMWARE = str(Path(__file__).parents[2] / "firmware" / "esp32")
if _FIRMWARE not in sys.path:
    sys.path.append(_FIRMWARE)

from plantnode import bthome as node  # noqa: E402

KEY, ADDRESS = bytes(range(16)), bytes.fromhex("a4cf12000003")
KINDS = [(0, "m"), (1, "m"), (8, "t"), (9, "st"), (12, "bat"), (32, "pump")]
CHANNELS = [Channel(index=index, kind=kind) for index, kind in KINDS]
VALUES = {0: 41.2, 1: 7.0, 8: -3.25, 9: 12.5, 12: 87}


def made(counter: int = 7, values=None, kinds=None) -> bytes:
    plain = node.objects(kinds or KINDS, VALUES if values is None else values)
    return node.service_data(KEY, ADDRESS, counter, plain)


def test_the_example_of_the_standard():
    # bthome.io/encryption: temperature 25.06 °C and humidity 50.55 %.
    key, address = bytes.fromhex("231d39c1d7cc1ab1aee224cd096db932"), bytes.fromhex("5448e68f80a5")
    data = bytes.fromhex("41a47266c95f730011223378237214")
    assert bthome.read(key, address, data, above=0) == bthome.Advertisement(
        counter=0x33221100, numbers=((0x02, 25.06), (0x03, 50.55)), asks=False
    )
    plain = node.objects([(8, "t"), (9, "h")], {8: 25.06, 9: 50.55})
    assert node.service_data(key, address, 0x33221100, plain) == data


def test_what_the_node_tells_is_what_is_read():
    heard = bthome.read(KEY, ADDRESS, made(kinds=KINDS[1:]), above=6)
    assert heard.values(CHANNELS[1:]) == {1: 7.0, 8: -3.25, 9: 12.5, 12: 87}
    assert (heard.counter, heard.asks) == (7, False)


def test_what_does_not_fit_is_asked_for():
    heard = bthome.read(KEY, ADDRESS, made(), above=0)
    assert heard.values(CHANNELS) == {0: 41.2, 1: 7.0, 8: -3.25, 12: 87}
    assert heard.asks


@pytest.mark.parametrize("none", ["open", None, float("nan"), 1e9, True])
def test_behind_a_channel_without_a_number_no_other_is_mistaken_for_it(none):
    heard = bthome.read(KEY, ADDRESS, made(values={**VALUES, 0: none}), above=0)
    assert heard.values(CHANNELS) == {8: -3.25, 9: 12.5, 12: 87}
    assert heard.asks


def test_an_object_that_no_channel_has_is_left_alone():
    heard = bthome.read(KEY, ADDRESS, made(), above=0)
    assert heard.values(CHANNELS[2:3]) == {8: -3.25}


def test_both_ends_make_the_same_key():
    ours = bthome.bind_key(bytes(32), b"salt", "a4cf12000001", 3)
    assert ours == node.bind_key(bytes(32), b"salt", "a4cf12000001", 3)
    assert len({ours, bthome.bind_key(bytes(32), b"tlas", "a4cf12000001", 3)}) == 2


def test_ten_thousand_forged_or_replayed_ones_are_refused():
    dice, above = Random(9), 500
    good = [made(counter) for counter in (1, 499, 500, 501)]
    assert bthome.read(KEY, ADDRESS, good[3], above=above).counter == 501
    accepted = 0
    for turn in range(10_000):
        data, address, key = bytearray(good[turn % 4]), ADDRESS, KEY
        match turn % 5:
            case 0:
                data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
            case 1:
                data = data[: dice.randrange(len(data))]
            case 2:
                data += dice.randbytes(dice.randrange(1, 40))
            case 3:
                address = dice.randbytes(6)
            case _:
                key = dice.randbytes(16)
        try:
            bthome.read(key, address, bytes(data), above=above)
        except FrameError:
            continue
        accepted += 1
    assert accepted == 0
    for data in good[:3]:
        with pytest.raises(FrameError, match="count"):
            bthome.read(KEY, ADDRESS, data, above=above)


@pytest.mark.parametrize("plain", [b"\x99\x01", b"\x14\x01", b"\x01"])
def test_what_is_not_understood_is_refused_as_a_whole(plain):
    with pytest.raises(FrameError, match="object"):
        bthome.read(KEY, ADDRESS, node.service_data(KEY, ADDRESS, 1, plain), above=0)


@pytest.mark.parametrize("counter", [0, -1, 2**32])
def test_a_count_that_is_none_is_never_used(counter):
    with pytest.raises(ValueError, match="counter"):
        made(counter)
