# ruff: noqa: E501 - vectors are as long as they are
"""Write `pv1.json` and `lines.json`, the golden vectors of protocol version 1.

    python -m firmware.vectors.generate          (from the root of the repository)

The primitives' vectors are the RFCs' own, typed in from their appendices. The rest is made by
this program from fixed nonces and then frozen: a test compares this program's output with the file, so
that a change of the wire format cannot pass unseen. CPython, MicroPython and later AVR code run the file.
"""

import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES128
from cryptography.hazmat.primitives.ciphers.modes import CBC

from custom_components.plant_vita.protocol import crypto, messages
from custom_components.plant_vita.protocol.handshake import Dial, answer
from custom_components.plant_vita.protocol.pairing import key_from_code
from custom_components.plant_vita.protocol.seal import Direction, FrameType, Session, proof
from firmware.vectors.lines import line_vectors

FILE = Path(__file__).with_name("pv1.json")
LINES_FILE = Path(__file__).with_name("lines.json")

KEY = b"\x11" * 32
NODE, OTHER = "NODE0001", "NODE0002"
NODE_NONCE, HOME_NONCE = bytes(range(16)), bytes(range(16, 32))
SESSION = b"SESSION1"
IV = bytes(range(0xA0, 0xB0))

RFC_4231 = [
    ("0b" * 20, b"Hi There".hex(), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    (b"Jefe".hex(), b"what do ya want for nothing?".hex(), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    ("aa" * 20, "dd" * 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    (bytes(range(1, 26)).hex(), "cd" * 50, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
    ("aa" * 131, b"Test Using Larger Than Block-Size Key - Hash Key First".hex(), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
    ("aa" * 131, b"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.".hex(), "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
]  # fmt: skip

RFC_5869 = [
    ("0b" * 22, bytes(range(13)).hex(), bytes(range(0xF0, 0xFA)).hex(), 42, "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"),
    (bytes(range(0x50)).hex(), bytes(range(0x60, 0xB0)).hex(), bytes(range(0xB0, 0x100)).hex(), 82, "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"),
    ("0b" * 22, "", "", 42, "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"),
]  # fmt: skip

RFC_7518_PLAIN = (
    b"A cipher system must not be required to be secret, and it must be able to fall into the hands "
    b"of the enemy without inconvenience"
)
RFC_7518 = {
    "key": bytes(range(32)).hex(),
    "iv": "1af38c2dc2b96ffdd86694092341bc04",
    "aad": b"The second principle of Auguste Kerckhoffs".hex(),
    "plain": RFC_7518_PLAIN.hex(),
    "cipher": "c80edfa32ddf39d5ef00c0b468834279a2e46a1b8049f792f76bfe54b903a9c9a94ac9b47ad2655c5f10f9aef71427e2fc6f9b3f399a221489f16362c703233609d45ac69864e3321cf82935ac4096c86e133314c54019e8ca7980dfa4b9cf1b384c486f3a54c51078158ee5d79de59fbd34d848b3d69550a67646344427ade54b8851ffb598f7f80074b9473c82e2db",
    "tag": "652c3fa36b0a7c5b3219fab3a30bc1c4",
}  # fmt: skip


def session(end: Direction, **changed: Any) -> Session:
    """The session of the vectors, with one thing changed."""
    about: dict[str, Any] = {
        "node": NODE.encode(),
        "kid": 0,
        "node_nonce": NODE_NONCE,
        "home_nonce": HOME_NONCE,
        "session": SESSION,
    }
    key = changed.pop("key", KEY)
    return Session(key, end, **{**about, **changed})


def frames_of(end: Direction, *texts: bytes, **changed: Any) -> list[bytes]:
    """Consecutive sealed frames with fixed IVs."""
    sealing = session(end, **changed)
    return [sealing.seal(text, iv=bytes((k,)) + IV[1:]) for k, text in enumerate(texts)]


def flip(frame: bytes, at: int) -> bytes:
    """The frame with the lowest bit of one byte changed."""
    changed = bytearray(frame)
    changed[at] ^= 1
    return bytes(changed)


def case(name: str, receiver: str, *steps: tuple[bytes, str | None]) -> dict[str, Any]:
    """Frames given to one receiver in turn, with the text each must open to, or None for a refusal."""
    return {
        "name": name,
        "receiver": receiver,
        "steps": [{"frame": frame.hex(), "text": text} for frame, text in steps],
    }


def good_frames() -> list[dict[str, Any]]:
    """What must be accepted."""
    tele, command = b'{"t":"tele","n":1,"age":0,"r":{"0":41.5}}', b'{"t":"cmd","c":"1","op":"ping"}'
    up = frames_of(Direction.FROM_NODE, tele, b"{}", b"x" * 15, b"x" * 16, "µS/cm".encode(), b"")
    down = frames_of(Direction.FROM_HOME, command, b"y" * 4096)
    return [
        case("node to home, first frame", "home", (up[0], tele.decode())),
        case("home to node, first frame", "node", (down[0], command.decode())),
        case(
            "six frames in a row: every padding length that matters, and an empty text",
            "home",
            *zip(up, (tele.decode(), "{}", "x" * 15, "x" * 16, "µS/cm", ""), strict=True),
        ),
        case("the longest message", "node", (down[0], command.decode()), (down[1], "y" * 4096)),
    ]


TEXT = b'{"t":"tele","n":1,"age":0,"r":{"0":41.5}}'


def bad_frames() -> list[dict[str, Any]]:
    """What must be refused, each for one reason."""
    return _bent_frames() + _misplaced_frames() + _foreign_frames()


def _bent_frames() -> list[dict[str, Any]]:
    """Cut, stretched, or with one bit changed."""
    (first,) = frames_of(Direction.FROM_NODE, TEXT)
    bent = {
        "empty": b"",
        "header only": first[:17],
        "one byte short": first[:-1],
        "one byte long": first + b"\0",
        "a block short": first[:-32] + first[-16:],
        "longer than 32 KiB": first + bytes(32768),
        "wrong magic": flip(first, 0),
        "wrong version byte": flip(first, 2),
        "direction flipped": flip(first, 3),
        "type flipped": flip(first, 4),
        "session flipped": flip(first, 5),
        "sequence flipped": flip(first, 16),
        "iv flipped": flip(first, 17),
        "ciphertext flipped": flip(first, 33),
        "last ciphertext byte flipped (padding)": flip(first, -17),
        "tag flipped": flip(first, -1),
    }
    return [case(name, "home", (frame, None)) for name, frame in bent.items()]


def _misplaced_frames() -> list[dict[str, Any]]:
    """Authentic, but not the next of this receiver."""
    first, second, third = frames_of(Direction.FROM_NODE, TEXT, TEXT, TEXT)
    (down,) = frames_of(Direction.FROM_HOME, TEXT)
    good = TEXT.decode()
    return [
        case("replayed", "home", (first, good), (first, None)),
        case("one skipped", "home", (first, good), (third, None)),
        case("started at two", "home", (second, None)),
        case("reflected to the node", "node", (first, None)),
        case("reflected to home", "home", (down, None)),
    ]


def _foreign_frames() -> list[dict[str, Any]]:
    """From another session, or from a broken implementation."""
    changes: dict[str, dict[str, Any]] = {
        "another key": {"key": b"\x12" * 32},
        "another kid": {"kid": 1},
        "another node": {"node": OTHER.encode()},
        "another node nonce": {"node_nonce": bytes(16)},
        "another home nonce": {"home_nonce": bytes(16)},
        "another session": {"session": b"SESSION2"},
    }
    foreign = {
        name: frames_of(Direction.FROM_NODE, TEXT, **changed)[0]
        for name, changed in changes.items()
    }
    foreign |= {f"padding byte {last:02x}": _with_padding(TEXT, last) for last in (0, 2, 0x11)}
    return [case(name, "home", (frame, None)) for name, frame in foreign.items()]


def _with_padding(text: bytes, last: int) -> bytes:
    """An authentic frame whose padding is wrong: only a broken implementation sends it."""
    keys = crypto.hkdf(
        KEY,
        salt=NODE_NONCE + HOME_NONCE,
        info=b"PV1 keys" + NODE.encode() + b"\0" + SESSION,
        length=64,
    )[:32]
    header = frames_of(Direction.FROM_NODE, text)[0][:17]
    padded = text + bytes(15 - len(text) % 16) + bytes((last,))
    encryptor = Cipher(AES128(keys[16:]), CBC(IV)).encryptor()
    ciphertext = encryptor.update(padded) + encryptor.finalize()
    tag = crypto.mac(keys[:16], header, IV, ciphertext, (len(header) * 8).to_bytes(8, "big"))[:16]
    return header + IV + ciphertext + tag


def pieces() -> list[dict[str, Any]]:
    """Pieces of photos, each as the first frame that a node seals."""
    made = []
    for data in (b"q1\n\xff\xd8\xff\xe0", b"0123456789abcdef\n" + bytes(1024)):
        frame = session(Direction.FROM_NODE).seal(data, FrameType.PIECE, iv=IV)
        made.append({"iv": IV.hex(), "data": data.hex(), "frame": frame.hex()})
    return made


def handshakes() -> list[dict[str, Any]]:
    """Proofs of both ends, and one whole answer."""
    made = []
    for key, node, kid in ((KEY, NODE, 0), (KEY, NODE, 1), (bytes(range(32)), OTHER, 255)):
        about = {
            "node": node.encode(),
            "kid": kid,
            "node_nonce": NODE_NONCE,
            "home_nonce": HOME_NONCE,
            "session": SESSION,
        }
        dial = Dial(hardware_id=node, kid=kid, nonce=NODE_NONCE)
        text, _session = answer(dial, key, home_nonce=HOME_NONCE, session=SESSION)
        made.append(
            {
                "key": key.hex(),
                "id": node,
                "kid": kid,
                "nn": NODE_NONCE.hex(),
                "hn": HOME_NONCE.hex(),
                "sid": SESSION.hex(),
                "proof_home": proof(key, Direction.FROM_HOME, **about).hex(),
                "proof_node": proof(key, Direction.FROM_NODE, **about).hex(),
                "answer": text,
            }
        )
    return made


GOOD_MESSAGES = [
    '{"t":"hello","v":1,"id":"a4cf12000001","model":"esp32dev","fw":"0.1.0","boot":"0badf00d","up":1200,"every":60,"sleep":0,"ch":[[0,"m","Basil"],[1,"t"],[4,"pump"]]}',
    '{"t":"hello","v":1,"id":"abcd","model":"x","fw":"1","boot":"00000000","up":0,"every":86400,"sleep":1,"name":"Sill","ch":[],"new":{"a":1}}',
    '{"t":"tele","n":1,"age":0,"r":{"0":41.5,"1":-3}}',
    '{"t":"tele","n":2147483648,"age":3600000,"r":{"63":"open"},"b":"0badf00d"}',
    '{"t":"past","b":"0badf00d","n":7,"p":[[3600000,0,41.5,1,20.25],[1000,0,"silent"],[5]]}',
    '{"t":"state","a":{"4":5000,"5":0},"lv":{"5":80},"why":"cmd","c":"0123456789abcdef"}',
    '{"t":"state","a":{"4":0},"lock":{"4":"tank"},"why":"interlock"}',
    '{"t":"ack","c":"1","ok":1}',
    '{"t":"ack","c":"1","err":"soak","ms":59000}',
    '{"t":"log","lv":"w","msg":"probe 0 open"}',
    '{"t":"photo","c":"1","size":524288,"sha":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"}',
]  # fmt: skip

BAD_MESSAGES = [
    "", "null", "[]", "1", '{"t":1}', "{", '{"t":"tele"', "NaN", '{"n":1}',
    '{"t":"tele","n":0,"age":0,"r":{}}',
    '{"t":"tele","n":true,"age":0,"r":{}}',
    '{"t":"tele","n":1,"age":-1,"r":{}}',
    '{"t":"tele","n":1,"age":0}',
    '{"t":"tele","n":1,"age":0,"r":[]}',
    '{"t":"tele","n":1,"age":0,"r":{"64":1}}',
    '{"t":"tele","n":1,"age":0,"r":{"-1":1}}',
    '{"t":"tele","n":1,"age":0,"r":{"0":NaN}}',
    '{"t":"tele","n":1,"age":0,"r":{"0":1e999}}',
    '{"t":"tele","n":1,"age":0,"r":{"0":true}}',
    '{"t":"tele","n":1,"age":0,"r":{"0":null}}',
    '{"t":"tele","n":1,"age":0,"r":{"0":"fine"}}',
    '{"t":"tele","n":1,"age":0,"r":{"0":1},"b":"xyz"}',
    '{"t":"past","b":"0badf00d","n":1,"p":[]}',
    '{"t":"past","b":"0badf00d","n":1,"p":[[1,0]]}',
    '{"t":"past","n":1,"p":[[1,0,2]]}',
    '{"t":"hello","v":2,"id":"a4cf12000001","model":"x","fw":"1","boot":"0badf00d","up":0,"every":60,"sleep":0,"ch":[]}',
    '{"t":"hello","v":1,"id":"a/b/c/d","model":"x","fw":"1","boot":"0badf00d","up":0,"every":60,"sleep":0,"ch":[]}',
    '{"t":"hello","v":1,"id":"a4cf12000001","model":"x","fw":"1","boot":"0badf00d","up":0,"every":1,"sleep":0,"ch":[]}',
    '{"t":"hello","v":1,"id":"a4cf12000001","model":"x","fw":"1","boot":"0badf00d","up":0,"every":60,"sleep":0,"ch":[[0,"m"],[0,"t"]]}',
    '{"t":"state","a":{"4":-1},"why":"cmd"}',
    '{"t":"state","a":{"4":0},"lv":{"4":101},"why":"cmd"}',
    '{"t":"state","a":{"4":0}}',
    '{"t":"ack","c":"1"}',
    '{"t":"ack","ok":1}',
    '{"t":"log","lv":"i"}',
    '{"t":"photo","c":"1","size":524289,"sha":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"}',
    '{"t":"photo","c":"1","size":1,"sha":"00112233"}',
]  # fmt: skip


def commands() -> list[dict[str, Any]]:
    """What Home Assistant sends, byte for byte, and commands that a node must refuse."""
    op, command = messages.Op, messages.Command
    sent = [
        messages.encode_greeting(1_780_000_000.5),
        messages.encode_confirmation("0badf00d", 17),
        messages.encode_key("k1", 1, bytes(range(32))),
        messages.encode_command(command(command_id="c1", op=op.ON, channel=4, ms=5000)),
        messages.encode_command(command(command_id="c2", op=op.ON, channel=5, ms=60_000, level=80)),
        messages.encode_command(command(command_id="c3", op=op.STOP)),
        messages.encode_command(
            command(command_id="c4", op=op.CONFIG, channel=0, settings={"med": 15, "db": 1.0})
        ),
    ]
    refused = {
        '{"t":"cmd","c":"x1","op":"on","ch":4}': "bad",
        '{"t":"cmd","c":"x2","op":"on","ch":4,"ms":0}': "bad",
        '{"t":"cmd","c":"x3","op":"on","ch":4,"ms":-5}': "bad",
        '{"t":"cmd","c":"x4","op":"on","ch":4,"ms":30001}': "too_long",
        '{"t":"cmd","c":"x5","op":"on","ch":4,"ms":true}': "bad",
        '{"t":"cmd","c":"x6","op":"on","ch":9,"ms":1000}': "unknown",
        '{"t":"cmd","c":"x7","op":"dance"}': "unknown",
        '{"t":"cmd","c":"x8","op":"on","ch":4,"ms":1e3}': "bad",
    }
    return [{"text": text.decode(), "err": ""} for text in sent] + [
        {"text": text, "err": err} for text, err in refused.items()
    ]


def vectors() -> dict[str, Any]:
    """The whole file."""
    return {
        "pieces": pieces(),
        "hmac": [dict(zip(("key", "data", "mac"), row, strict=True)) for row in RFC_4231],
        "hkdf": [
            dict(zip(("secret", "salt", "info", "length", "out"), row, strict=True))
            for row in RFC_5869
        ],
        "aead": [RFC_7518],
        "code": [
            {"code": code, "id": NODE, "key": key_from_code(code, NODE).hex()}
            for code in ("ABCDEFGHIJKLMNOP", "QRSTUVWXYZ234567")
        ],
        "handshake": handshakes(),
        "session": {
            "key": KEY.hex(),
            "id": NODE,
            "kid": 0,
            "nn": NODE_NONCE.hex(),
            "hn": HOME_NONCE.hex(),
            "sid": SESSION.hex(),
        },
        "frames": good_frames() + bad_frames(),
        "from_node": [{"text": text, "ok": True} for text in GOOD_MESSAGES]
        + [{"text": text, "ok": False} for text in BAD_MESSAGES],
        "from_home": commands(),
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n")
    LINES_FILE.write_text(json.dumps(line_vectors(), indent=1, ensure_ascii=False) + "\n")
