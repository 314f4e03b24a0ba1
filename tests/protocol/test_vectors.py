"""The frozen file is what the generator makes, and holds what the other tests rely on."""

import json

from firmware.vectors import generate
from tests.protocol.golden import FILE, VECTORS


def test_the_wire_format_has_not_changed() -> None:
    made = json.dumps(generate.vectors(), indent=1, ensure_ascii=False) + "\n"
    assert FILE.read_text() == made


def test_making_it_twice_makes_the_same() -> None:
    assert generate.vectors() == generate.vectors()


def test_no_section_is_missing_or_empty() -> None:
    least = {
        "hmac": 6,
        "hkdf": 3,
        "aead": 1,
        "code": 2,
        "handshake": 3,
        "session": 6,
        "frames": 34,
        "from_node": 32,
        "from_home": 15,
        "pieces": 2,
    }
    assert VECTORS.keys() == least.keys()
    assert {name for name, count in least.items() if len(VECTORS[name]) < count} == set()
