"""Whatever a node sends is a message within its ranges, None, or a `ProtocolError`."""

from math import isfinite
from typing import Any

import orjson
import pytest
from hypothesis import given, settings, strategies as st

from custom_components.plant_vita.model.errors import ProtocolError
from custom_components.plant_vita.model.node import Fault, NodeInfo, Value
from custom_components.plant_vita.protocol.messages import (
    AckError,
    Acknowledgement,
    NodeLog,
    OutputReport,
    Telemetry,
    decode,
)
from tests.protocol.golden import VECTORS
from tests.protocol.json_values import ANY, MESSAGES

GOLDEN = [case["text"].encode() for case in VECTORS["from_node"]]
GOOD = [case["text"].encode() for case in VECTORS["from_node"] if case["ok"]]


def is_text(text: object, most: int) -> bool:
    """Whether a person can be shown this."""
    return isinstance(text, str) and 1 <= len(text) <= most and text.isprintable()


def is_value(value: Value) -> bool:
    return value in set(Fault) if isinstance(value, Fault) else isfinite(value)


def check_info(info: NodeInfo) -> None:
    assert 4 <= len(info.hardware_id) <= 32
    assert info.hardware_id.isascii()
    assert is_text(info.model, 32)
    assert is_text(info.firmware, 16)
    assert len(info.boot) == 8
    assert 5 <= info.every <= 86_400
    assert info.uptime_ms >= 0
    assert info.name is None or is_text(info.name, 32)
    assert len({channel.index for channel in info.channels}) == len(info.channels) <= 32
    for channel in info.channels:
        assert 0 <= channel.index <= 63
        assert is_text(channel.kind, 8)
        assert channel.label is None or is_text(channel.label, 32)


def check_telemetry(telemetry: Telemetry) -> None:
    assert telemetry.boot is None or len(telemetry.boot) == 8
    assert 1 <= len(telemetry.sets) <= 1024
    for number, one in enumerate(telemetry.sets, start=telemetry.sets[0].number):
        assert one.number == number
        assert 1 <= number <= 2**31
        assert 0 <= one.age_ms <= 5_184_000_000
        assert len(one.values) <= 32
        assert all(0 <= index <= 63 and is_value(value) for index, value in one.values.items())


def check_outputs(report: OutputReport) -> None:
    assert all(0 <= index <= 63 for index in (*report.remaining_ms, *report.levels, *report.locks))
    assert all(0 <= ms <= 86_400_000 for ms in report.remaining_ms.values())
    assert all(0 <= level <= 100 for level in report.levels.values())
    assert all(is_text(lock, 16) for lock in report.locks.values())
    assert is_text(report.why, 16)
    assert report.command_id is None or is_text(report.command_id, 16)


def check(data: bytes) -> bool:
    """Decode; whether it is a message. Fails if it is one that nobody downstream expects."""
    try:
        message = decode(data)
    except ProtocolError:
        return False
    match message:
        case None:
            return False
        case NodeInfo():
            check_info(message)
        case Telemetry():
            check_telemetry(message)
        case OutputReport():
            check_outputs(message)
        case Acknowledgement():
            assert is_text(message.command_id, 16)
            assert message.error is None or message.error in set(AckError)
            assert message.retry_ms is None or 0 <= message.retry_ms <= 172_800_000
        case NodeLog():
            assert message.level in {"i", "w", "e"}
            assert is_text(message.text, 80)
    return True


@pytest.mark.parametrize("data", GOLDEN)
def test_the_check_knows_messages(data: bytes) -> None:
    assert check(data) is (data in GOOD)


@settings(max_examples=300)
@given(st.binary(max_size=5000))
def test_any_bytes(data: bytes) -> None:
    check(data)


@settings(max_examples=300)
@given(ANY)
def test_any_json(value: Any) -> None:
    check(orjson.dumps(value))


@settings(max_examples=1000)
@given(MESSAGES)
def test_nearly_a_message(value: Any) -> None:
    check(orjson.dumps(value))


@settings(max_examples=500)
@given(st.sampled_from(GOOD), st.data())
def test_a_message_with_one_field_replaced(golden: bytes, data: st.DataObject) -> None:
    fields = orjson.loads(golden)
    fields[data.draw(st.sampled_from(sorted(fields)))] = data.draw(ANY)
    check(orjson.dumps(fields))


@settings(max_examples=500)
@given(st.sampled_from(GOOD), st.integers(0), st.binary(max_size=3))
def test_a_message_with_some_bytes_replaced(golden: bytes, at: int, new: bytes) -> None:
    at %= len(golden)
    check(golden[:at] + new + golden[at + len(new) :])
