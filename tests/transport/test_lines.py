"""Lines: the golden vectors, and that nothing that comes out of a port does any harm."""

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from custom_components.plant_vita.transport.lines import Dropped, LineReader, framed
from firmware.vectors.lines import crc, line_vectors

FILE = Path(__file__).parents[2] / "firmware" / "vectors" / "lines.json"
VECTORS: dict[str, Any] = {case["name"]: case for case in json.loads(FILE.read_text())}

payloads = st.text(min_size=1, max_size=60).map(
    lambda text: text.replace("\n", "").encode() or b"x"
)


def read(reader: LineReader, *pieces: bytes) -> list[bytes]:
    return [payload for piece in pieces for payload in reader.feed(piece)]


def test_the_file_is_what_the_generator_makes() -> None:
    assert json.dumps(line_vectors(), indent=1, ensure_ascii=False) + "\n" == FILE.read_text()


def test_there_are_good_and_bad_ones() -> None:
    assert len(VECTORS) == len(line_vectors()) >= 25
    assert sum(not any(case["dropped"].values()) for case in VECTORS.values()) >= 10
    for why in Dropped:
        assert sum(case["dropped"][why] > 0 for case in VECTORS.values()) >= 3


@pytest.mark.parametrize("name", VECTORS)
@pytest.mark.parametrize("step", [1, 3, 7, 100_000])
def test_golden(name: str, step: int) -> None:
    case = VECTORS[name]
    stream = bytes.fromhex(case["bytes"])
    reader = LineReader(case["longest"])
    pieces = [stream[at : at + step] for at in range(0, len(stream), step)]
    assert [payload.decode() for payload in read(reader, *pieces)] == case["messages"]
    assert reader.dropped == case["dropped"]


def test_what_we_send_is_what_the_vectors_hold() -> None:
    assert framed(b"123456789") == b"123456789*29B1\n"
    assert framed('{"m":"µ"}'.encode()) == b'{"m":"\xc2\xb5"}*%04X\n' % crc('{"m":"µ"}'.encode())


@given(st.lists(payloads, max_size=8), st.lists(st.integers(1, 50), min_size=1, max_size=20))
def test_however_it_is_cut_it_comes_back(sent: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(framed(payload) for payload in sent)
    pieces, at = [], 0
    while at < len(stream):
        size = cuts[len(pieces) % len(cuts)]
        pieces.append(stream[at : at + size])
        at += size
    reader = LineReader(256)
    assert read(reader, *pieces) == sent
    assert not any(reader.dropped.values())


@given(st.binary(max_size=400), payloads)
def test_after_any_noise_and_a_line_feed_the_next_is_understood(noise: bytes, sent: bytes) -> None:
    reader = LineReader(256)
    assert read(reader, noise, b"\n", framed(sent))[-1] == sent


@given(payloads, st.data())
def test_no_changed_bit_passes(sent: bytes, data: st.DataObject) -> None:
    line = bytearray(framed(sent))
    line[data.draw(st.integers(0, len(line) - 2))] ^= 1 << data.draw(st.integers(0, 7))
    reader = LineReader(256)
    assert sent not in read(reader, bytes(line), b"\n")
    # A carriage return or line feed that was made of another letter may only cut a line in two.
    assert sum(reader.dropped.values()) >= 1


@given(st.lists(st.binary(max_size=3000), max_size=10))
def test_nothing_is_lost_track_of(pieces: list[bytes]) -> None:
    reader = LineReader(1024)
    said = read(reader, *pieces)
    ended = b"".join(pieces).split(b"\n")[:-1]
    full = [line for line in ended if line.removesuffix(b"\r")]
    assert len(said) + sum(reader.dropped.values()) == len(full)
    assert all(len(payload) <= 1024 for payload in said)


def test_a_megabyte_without_a_line_feed_is_not_kept() -> None:
    reader = LineReader(1024)
    piece = b"x" * 4096
    tracemalloc.start()
    try:
        for _ in range(256):
            assert read(reader, piece) == []
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 20_000
    assert reader.dropped == {"too_long": 0, "crc": 0, "utf8": 0}
    assert read(reader, b"\n" + framed(b"{}")) == [b"{}"]
    assert reader.dropped == {"too_long": 1, "crc": 0, "utf8": 0}


def test_a_megabyte_at_once_too() -> None:
    reader = LineReader(1024)
    assert read(reader, b"x" * 1_000_000) == []
    assert read(reader, b"\n" * 1_000_000) == []
    assert reader.dropped["too_long"] == 1
