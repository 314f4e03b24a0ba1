"""Readings sealed as BTHome v2 seals them, for an advertisement (docs/protocol.md §10).

Without any radio.
"""

from plantnode import ccm, seal

INFO = 0x41  # version 2, encrypted
UUID = b"\xd2\xfc"
ROOM = 13  # bytes of readings in an advertisement of 31
PAIR_ME = b"\x00"
_OURS = b"\xff\xff\xffPV"  # manufacturer data, of nobody's number
COUNTER_MAX = 0xFFFFFFFF
_PROBLEM = b"\x26\x01"
_SPARED = "v"  # beside the battery's share it is not worth a call at each wake
# Kind: object, steps of one unit, bytes, the lowest and the highest number of steps; by object.
_OBJECTS = {
    "bat": (0x01, 1, 1, 0, 0xFF),
    "t": (0x02, 100, 2, -0x8000, 0x7FFF),
    "st": (0x02, 100, 2, -0x8000, 0x7FFF),
    "h": (0x03, 100, 2, 0, 0xFFFF),
    "p": (0x04, 100, 3, 0, 0xFFFFFF),
    "lx": (0x05, 100, 3, 0, 0xFFFFFF),
    "v": (0x0C, 1000, 2, 0, 0xFFFF),
    "m": (0x14, 100, 2, 0, 0xFFFF),
    "ec": (0x56, 1, 2, 0, 0xFFFF),
}


def bind_key(key: bytes, salt: bytes, node: str, kid: int) -> bytes:
    """The 16 bytes that seal advertisements, made from the key in force and a random salt."""
    return seal.hkdf(key, salt, b"PV1 beacon" + node.encode() + bytes([kid]), 16)


def _object(kind: str, value) -> bytes | None:
    if type(value) not in (int, float):
        return None
    number, steps, size, low, high = _OBJECTS[kind]
    # What is not a number compares as false, too.
    if not low <= value * steps <= high:
        return None
    whole = round(value * steps)
    # MicroPython does not know signed bytes of an int.
    return bytes([number]) + (whole & ((1 << (8 * size)) - 1)).to_bytes(size, "little")


def objects(channels: list, values: dict, *, asks: bool = False) -> bytes:
    """What fits of the present readings; `channels` are (index, kind) pairs, by index.

    The n-th object of one number is the n-th channel that has it, so behind a channel without a
    number no other of the same object is told. Whatever is left out sets `problem`: ask me. So does
    `asks`.
    """
    told, stopped, room = [], [], ROOM - len(_PROBLEM)
    missing = asks
    for index, kind in channels:
        if kind not in _OBJECTS:
            continue
        number = _OBJECTS[kind][0]
        made = _object(kind, values.get(index)) if number not in stopped else None
        if made is None or len(made) > room:
            stopped.append(number)
            missing = missing or kind != _SPARED
        else:
            # MicroPython's sort does not keep the order of equals: the place says it.
            told.append((number, len(told), made))
            room -= len(made)
    if missing:
        told.append((_PROBLEM[0], len(told), _PROBLEM))
    # BTHome wants the numbers in order.
    return b"".join([made for _, _, made in sorted(told)])


def service_data(key: bytes, address: bytes, counter: int, plain: bytes) -> bytes:
    """Sealed readings; `address` is the radio's as it is written, 6 bytes.

    Raises ValueError for a counter that is none: a used one would betray the readings.
    """
    if not 0 < counter <= COUNTER_MAX:
        raise ValueError("counter")
    info, count = bytes([INFO]), counter.to_bytes(4, "little")
    cipher, tag = ccm.encrypt(key, address + UUID + info + count, plain)
    return info + cipher + count + tag


def advertisement(payload: bytes) -> bytes:
    """The whole advertisement: flags, and the payload as ours."""
    return b"\x02\x01\x06" + bytes([len(_OURS) + len(payload)]) + _OURS + payload
