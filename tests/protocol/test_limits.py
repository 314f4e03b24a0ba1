"""The numbers that docs/protocol.md promises."""

import dataclasses
from pathlib import Path

import pytest

from custom_components.plant_vita.protocol import limits

PROTOCOL = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text()


def test_what_both_ends_keep() -> None:
    assert limits.VERSION == 1
    assert (limits.FRAME_BYTES_MIN, limits.FRAME_BYTES_MAX) == (65, 32_768)
    assert limits.MESSAGE_BYTES_MAX == 4096
    assert (limits.CHANNELS_MAX, limits.CHANNEL_INDEX_MAX) == (32, 63)
    assert limits.EVERY_SECONDS == (5, 86_400)
    assert (limits.CABLE_FROM_NODE_BYTES_MAX, limits.CABLE_TO_NODE_BYTES_MAX) == (1024, 256)
    assert (limits.SSID_BYTES_MAX, limits.PASSWORD_BYTES_MAX, limits.URL_BYTES_MAX) == (32, 64, 128)
    assert (limits.SLOTS_MAX, limits.PLACE_CHARS_MAX, limits.WIRE_LABEL_BYTES_MAX) == (32, 8, 16)
    assert limits.CODE_CHARS == 16
    assert (limits.WRONG_PROOFS_MAX, limits.PAIRING_WINDOW_S) == (20, 600.0)


def test_what_our_end_allows() -> None:
    ours = limits.Limits()
    assert (ours.first_message_s, ours.handshake_s, ours.parking_s) == (5.0, 30.0, 25.0)
    assert (ours.handshakes, ours.parked, ours.nodes) == (32, 32, 512)
    assert (ours.messages_per_s, ours.burst) == (2.0, 10.0)
    assert (ours.heartbeat_s, ours.ack_s, ours.gives_way_s) == (20.0, 5.0, 1.0)
    assert (ours.ask_every_s, ours.ask_for_s) == (1.0, 8.0)


def test_a_parked_node_is_told_before_its_handshake_ends() -> None:
    ours = limits.Limits()
    assert ours.parking_s < ours.handshake_s
    assert ours.gives_way_s < ours.first_message_s


def test_limits_do_not_change_while_somebody_uses_them() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        limits.Limits().handshakes = 1_000


@pytest.mark.parametrize(
    "promise",
    [
        "First message within 5 s",
        "32 handshakes at once",
        "30 s for a handshake",
        "2 messages a second for each node, bursts of 10",
        "a frame at most 32 KiB",
        "512 nodes",
        "parked** for up to 25 s",
        "after 20 wrong proofs within ten\nminutes",
        "at most 4096 bytes",
        "65 ≤ length ≤ 32768",
    ],
)
def test_the_protocol_says_the_same(promise: str) -> None:
    assert promise in PROTOCOL
