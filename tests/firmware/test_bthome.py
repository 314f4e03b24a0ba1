"""Advertisements, made by the device's interpreter and by this one."""

from tests.firmware.under_micropython import both, run

SOURCE = """
from binascii import hexlify, unhexlify
from plantnode import bthome, ccm
address = unhexlify("5448e68f80a5")
key = unhexlify("231d39c1d7cc1ab1aee224cd096db932")
plain = bthome.objects([(8, "t"), (9, "h")], {8: 25.06, 9: 50.55})
data = bthome.service_data(key, address, 0x33221100, plain)
cold = bthome.objects([(0, "m"), (1, "m"), (8, "t")], {0: "open", 1: 20, 8: -3.25})
many = bthome.objects([(n, "m") for n in range(4)], {0: 4, 1: 3, 2: 2, 3: 1})
kinds = [(0, "m"), (8, "t"), (9, "h"), (12, "bat"), (13, "v")]
battery = bthome.objects(kinds, {0: 40, 8: 20, 9: 50, 12: 80, 13: 3.9})
long = ccm.encrypt(key, bytes(13), bytes(range(40)))
made = (data, bthome.advertisement(data), cold, many, battery) + long
result = [hexlify(part).decode() for part in made]
result.append(hexlify(bthome.bind_key(key + key, b"salt", "NODE0001", 1)).decode())
"""


def test_both_interpreters_make_the_same_advertisement():
    data, whole, cold, many, battery, *_ = both(SOURCE)
    assert data == "41a47266c95f730011223378237214"
    assert whole == "02010614ffffff5056" + data
    assert cold == "02bbfe2601"
    assert many == "149001142c0114c8002601"
    assert battery == "015002d00703881314a00f"  # no voltage, and no call for its sake
    assert run(SOURCE)[0] == data
