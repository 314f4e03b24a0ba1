"""One mDNS query from an ephemeral port (RFC 6762 §5.1), and plain DNS.

Answers come from anybody on the network: every length, pointer and count is checked, and nothing
is believed that the handshake does not prove later.
"""

import socket
import struct

from plantnode import clock

GROUP = ("224.0.0.251", 5353)
A, PTR, TXT, SRV = 1, 12, 16, 33
_UNICAST = 0x8000  # please answer to our port
_PACKET_MAX = 1472
_RECORDS_MAX = 64
_JUMPS_MAX = 16
_NAME_MAX = 255
_SHORT = (
    IndexError,
    ValueError,
    getattr(struct, "error", ValueError),
)  # MicroPython has no struct.error


class BadPacketError(ValueError):
    """Not a DNS packet we want to understand."""


def query(name: str, kind: int, number: int = 0, *, recursive: bool = False) -> bytes:
    """One question."""
    encoded = b""
    for label in name.strip(".").split("."):
        part = label.encode()
        if not 1 <= len(part) <= 63:
            raise BadPacketError("label")
        encoded += bytes([len(part)]) + part
    flags, kind_class = (0x0100, 1) if recursive else (0, 1 | _UNICAST)
    return (
        struct.pack(">6H", number, flags, 1, 0, 0, 0)
        + encoded
        + b"\0"
        + struct.pack(">2H", kind, kind_class)
    )


def read_name(packet: bytes, at: int) -> tuple:
    """(lower-case name, offset after it); compression pointers may only lead backwards."""
    labels, size, after, jumps = [], 0, -1, 0
    while True:
        length = packet[at]
        if length & 0xC0 == 0xC0:
            target = (length & 0x3F) << 8 | packet[at + 1]
            after = at + 2 if after < 0 else after
            jumps += 1
            if target >= at or jumps > _JUMPS_MAX:
                raise BadPacketError("pointer")
            at = target
            continue
        if length & 0xC0:
            raise BadPacketError("label")
        at += 1
        if length == 0:
            break
        size += length + 1
        if size > _NAME_MAX or at + length > len(packet):
            raise BadPacketError("name")
        labels.append(packet[at : at + length])
        at += length
    return b".".join(labels).lower(), after if after >= 0 else at


def _texts(data: bytes) -> dict:
    found, at = {}, 0
    while at < len(data):
        size = data[at]
        key, _, value = data[at + 1 : at + 1 + size].partition(b"=")
        try:
            found[key.decode().lower()] = value.decode()
        except ValueError:
            pass
        at += 1 + size
    return found


def _value(packet: bytes, kind: int, at: int, size: int):
    if kind == A and size == 4:
        return ".".join([str(byte) for byte in packet[at : at + 4]])
    if kind == PTR:
        return read_name(packet, at)[0]
    if kind == SRV and size > 6:
        return struct.unpack(">H", packet[at + 4 : at + 6])[0], read_name(packet, at + 6)[0]
    if kind == TXT:
        return _texts(packet[at : at + size])
    return None


def records(packet: bytes) -> list:
    """[(name, type, value)] of the A, PTR, SRV and TXT records; raises BadPacketError."""
    try:
        _, flags, questions, *counts = struct.unpack(">6H", packet[:12])
        if (
            len(packet) > _PACKET_MAX
            or not flags & 0x8000
            or questions + sum(counts) > _RECORDS_MAX
        ):
            raise BadPacketError("header")
        at, found = 12, []
        for _ in range(questions):
            at = read_name(packet, at)[1] + 4
        for _ in range(sum(counts)):
            name, at = read_name(packet, at)
            kind, _, _, size = struct.unpack(">HHIH", packet[at : at + 10])
            at += 10
            if at + size > len(packet):
                raise BadPacketError("record")
            value = _value(packet, kind, at, size)
            if value is not None:
                found.append((name, kind, value))
            at += size
    except _SHORT:
        raise BadPacketError("short") from None
    return found


async def ask(packet: bytes, target: tuple, wait_ms: int) -> list:
    """Send one packet and gather the records of every good answer for `wait_ms`."""
    found = []
    port = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        port.setblocking(False)  # noqa: FBT003
        address = socket.getaddrinfo(target[0], target[1])[0][-1]
        port.sendto(packet, address)
        until = clock.real_ms() + wait_ms
        while clock.real_ms() < until and len(found) < 4 * _RECORDS_MAX:
            try:
                data = port.recvfrom(_PACKET_MAX + 1)[0]
            except OSError:
                await clock.pause_ms(20)
                continue
            try:
                found += records(data)
            except BadPacketError:
                pass
            await clock.pause_ms(0)
    except OSError:
        pass  # no network: nothing found
    finally:
        port.close()
    return found
