"""The numbers of the protocol that both ends keep."""

from dataclasses import dataclass

VERSION = 1

FRAME_BYTES_MIN = 65
FRAME_BYTES_MAX = 32 * 1024
MESSAGE_BYTES_MAX = 4096
# Over Bluetooth: a frame around the longest message.
GATT_BYTES_MAX = 4161
# On a cable: what a node may say, and what fits into the memory of the smallest one. A node that
# takes `join` has room for more.
CABLE_FROM_NODE_BYTES_MAX = 1024
CABLE_TO_NODE_BYTES_MAX = 256
JOIN_BYTES_MAX = 1024
SSID_BYTES_MAX = 32
PASSWORD_BYTES_MIN, PASSWORD_BYTES_MAX = 8, 64
URL_BYTES_MAX = 128
SLOTS_MAX = 32
PLACE_CHARS_MAX = 8
WIRE_LABEL_BYTES_MAX = 16
CHANNELS_MAX = 32
CHANNEL_INDEX_MAX = 63
LABEL_CHARS_MAX = 32
FIRMWARE_CHARS_MAX = 16
LOG_CHARS_MAX = 80
IMAGE_BYTES_MAX = 1024 * 1024
IMAGE_PART_BYTES = 2048
PHOTO_BYTES_MAX = 512 * 1024
# Of one piece of a photo; only its last may be smaller than the first of the two.
PHOTO_PIECE_BYTES = (1024, 16 * 1024)
COMMAND_ID_CHARS_MAX = 16
COUNTER_MAX = 2**31
# A week of Home Assistant being away, and then some.
AGE_MS_MAX = 60 * 86_400_000
# Of every kind of reading: more sets in one message than fit into 4 KiB cannot happen.
SETS_MAX = 1024
EVERY_SECONDS = (5, 86_400)

CODE_CHARS = 16
WRONG_PROOFS_MAX = 20
PAIRING_WINDOW_S = 600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What Home Assistant's end allows; seconds and counts.

    They are data, so that a benchmark can raise a number without taking a check out.
    """

    first_message_s: float = 5.0
    handshake_s: float = 30.0
    parking_s: float = 25.0
    handshakes: int = 32
    parked: int = 32
    # Silent for longer than this, a caller gives way to the next one when all places are taken.
    gives_way_s: float = 1.0
    nodes: int = 512
    messages_per_s: float = 2.0
    burst: float = 10.0
    heartbeat_s: float = 20.0
    ack_s: float = 5.0
    # A node reads a firmware through twice and writes it once before it says yes.
    install_s: float = 120.0
    # A camera that was off needs a second or two for its light; then the whole is to be here.
    snap_s: float = 15.0
    photo_s: float = 30.0
    # A node on a cable is asked who it is so often and so long: a boot loader takes two seconds.
    ask_every_s: float = 1.0
    ask_for_s: float = 8.0
