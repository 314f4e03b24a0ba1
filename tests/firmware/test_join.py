"""A node that is told its Wi-Fi and its key over the cable, power cuts included."""

import contextlib
import json

import pytest

from tests.firmware import rig
from tests.firmware.serialport import framed
from tests.firmware.waterworld import PowerCut, medium_fixture

rig.plantnode()

from plantnode import cable, ledger, limits, lines, pairing, settings  # noqa: E402

NODE = "a4cf12000001"
OLD_KEY, KEY = bytes(32), bytes(range(32))
JOIN = {
    "t": "join", "c": "j1", "ssid": "greenhouse", "pw": "corn flower blue",
    "url": "http://192.0.2.7:8123", "kid": 1, "k": KEY.hex(),
}  # fmt: skip
BEFORE = {
    "ssid": "old", "password": "older", "url": "http://192.0.2.1:8123", "name": "Kitchen",
    "cal": {"0": {"dry": 2_600_000, "wet": 1_100_000}}, "tuning": {"0": {"med": 5}},
}  # fmt: skip
AFTER = BEFORE | {"ssid": "greenhouse", "password": "corn flower blue", "url": JOIN["url"]}


class Node:
    """What a cable touches of a node."""

    def __init__(self) -> None:
        self.restarting = False

    def hello(self):
        channels = [[index, "pump", "x" * 32] for index in range(32, 64)]
        about = {"id": NODE, "model": "m" * 32, "fw": "1.0.0", "boot": "01234567", "up": 1 << 40}
        return {"t": "hello", "v": 1, **about, "every": 86400, "sleep": 0, "name": "🌿" * 32,
                "ch": channels}  # fmt: skip


medium = medium_fixture()


def used(medium):
    """A node that has lived: paired, calibrated, with a ledger."""
    medium.files.clear()
    medium.cut_in = None
    settings.Settings().change(dict(BEFORE))
    keys = pairing.Keys(NODE)
    keys.hold(3, OLD_KEY)
    keys.remember("uuid-of-the-old-home")
    ledger.provision()


def told(capsys, message):
    """What the cable answers to a message, and whether the node restarts then."""
    node = Node()
    capsys.readouterr()
    end = cable.Cable(node)
    end.hear(message if isinstance(message, bytes) else json.dumps(message).encode())
    lines = capsys.readouterr().out.encode().splitlines()
    assert all(framed(line[:-5]) == line + b"\n" for line in lines)
    assert end.ignored == (not lines)
    return [json.loads(line[:-5]) for line in lines], node.restarting


def kept():
    keys = pairing.Keys(NODE)
    return settings.load().values, (keys.kid, keys.key, keys.code, keys.home)


OLD = (BEFORE, (3, OLD_KEY, "", "uuid-of-the-old-home"))
NEW = (AFTER, (1, KEY, "", ""))


def test_a_join_is_in_force_at_the_next_start_and_nothing_else_has_changed(medium, capsys):
    used(medium)
    others = {name: data for name, data in medium.files.items() if name.startswith("ledger")}
    assert told(capsys, JOIN) == ([{"t": "ack", "c": "j1", "ok": 1}], True)
    assert kept() == OLD
    cable.finish()
    assert kept() == NEW
    assert {n: d for n, d in medium.files.items() if n.startswith("ledger")} == others
    assert sorted(medium.files) == ["keys.json", *sorted(others), "settings.json"]
    content = b"".join(medium.files.values())
    assert b"older" not in content
    assert json.dumps(list(OLD_KEY)).encode() not in content
    cable.finish()
    assert kept() == NEW


def test_without_an_address_the_node_looks_for_home_assistant(medium, capsys):
    used(medium)
    for message in ({k: v for k, v in JOIN.items() if k != "url"}, JOIN | {"url": None}):
        told(capsys, JOIN)
        cable.finish()
        assert told(capsys, message)[0][0].get("ok") == 1
        cable.finish()
        assert "url" not in kept()[0]


def test_a_power_cut_anywhere_leaves_the_old_node_or_the_new(medium, capsys):
    outcomes = []
    for cut in range(40):
        used(medium)
        ledger_before = medium.files["ledger.json"]
        medium.cut_in = cut
        acknowledged = False
        try:
            acknowledged = "ok" in told(capsys, JOIN)[0][0]
            cable.finish()
            whole = True
        except PowerCut:
            whole = False
        for again in range(16):  # and the power goes again during the next start
            flash = dict(medium.files)
            medium.cut_in = again
            with contextlib.suppress(PowerCut):
                cable.finish()
            medium.cut_in = None
            cable.finish()
            state = kept()
            assert state in (OLD, NEW)
            assert state == NEW or not acknowledged
            assert medium.files["ledger.json"] == ledger_before
            told(capsys, JOIN)  # once more repairs whatever it was
            cable.finish()
            assert kept() == NEW
            medium.files.clear()
            medium.files.update(flash)
        outcomes.append((whole, acknowledged, state == NEW))
        if whole:
            break
    # The cut before the rename is the last that leaves the old; the answer comes after it.
    assert outcomes[:4] == [(False, False, False)] * 3 + [(False, False, True)]
    assert set(outcomes[4:-1]) == {(False, True, True)}
    assert outcomes[-1] == (True, True, True)
    assert len(outcomes) == 14  # thirteen steps of the file system


def test_a_flash_that_is_full_is_busy_and_the_old_stays(medium, capsys):
    used(medium)
    medium.full = True
    assert told(capsys, JOIN) == ([{"t": "ack", "c": "j1", "err": "busy"}], False)
    cable.finish()
    assert kept() == OLD
    medium.full = False
    told(capsys, JOIN)
    medium.full = True
    cable.finish()  # can't be carried out: waits
    assert "can't be written" in capsys.readouterr().out
    medium.full = False
    cable.finish()
    assert kept() == NEW


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"ssid":"x"}', b"\xff\xfe"])
def test_a_damaged_join_is_forgotten(medium, content):
    used(medium)
    medium.files[cable.NAME] = content
    cable.finish()
    assert kept() == OLD
    assert cable.NAME not in medium.files


@pytest.mark.parametrize(
    "change",
    [
        {"ssid": ""},
        {"ssid": "é" * 17},
        {"ssid": 1},
        {"ssid": None},
        {"pw": "x" * 65},
        {"pw": None},
        {"url": "x" * 129},
        {"url": "http://" + "x" * 122},
        {"url": ""},
        {"url": "ftp://192.0.2.7"},
        {"url": "http://192.0.2.7:99999"},
        {"url": 7},
        {"kid": 0},
        {"kid": 256},
        {"kid": 1.0},
        {"kid": True},
        {"k": "00" * 31},
        {"k": "zz" * 32},
        {"k": None},
        {"ssid": "\ud800"},
    ],
)
def test_a_join_with_anything_wrong_in_it_changes_nothing(medium, capsys, change):
    used(medium)
    assert told(capsys, JOIN | change) == ([{"t": "ack", "c": "j1", "err": "bad"}], False)
    assert cable.NAME not in medium.files


def test_a_join_with_everything_at_its_longest_fits(medium, capsys):
    used(medium)
    longest = JOIN | {"c": "c" * 16, "ssid": "🌿" * 8, "pw": "\x01" * 64, "kid": 255}
    longest["url"] = "http://" + '"' * 121
    text = json.dumps(longest, ensure_ascii=False, separators=(",", ":")).encode()
    assert 800 < len(text) < 1024
    assert lines.payload(framed(text)[:-1], limits.CABLE_MESSAGE_MAX) == text
    assert told(capsys, text)[0][0] == {"t": "ack", "c": "c" * 16, "ok": 1}
    cable.finish()
    after = kept()[0]
    assert [after[key] for key in ("ssid", "password", "url")] == [
        longest[key] for key in ("ssid", "pw", "url")
    ]


@pytest.mark.parametrize(
    "message",
    [
        {"t": "cmd", "c": "x", "op": "on", "ch": 32, "ms": 1000},
        {"t": "cmd", "c": "x", "op": "off", "ch": 32},
        {"t": "cmd", "c": "x", "op": "stop"},
        {"t": "cmd", "c": "x", "op": "level", "ch": 40, "lv": 1},
        {"t": "cmd", "c": "x", "op": "config", "set": {"every": 5}},
        {"t": "cmd", "c": "x", "op": "restart"},
        {"t": "cmd", "c": "x"},
        {"t": "key", "c": "x", "kid": 1, "k": KEY.hex()},
        {"t": "whatever", "c": "x"},
    ],
)
def test_everything_else_is_unknown_over_the_cable(medium, capsys, message):
    used(medium)
    assert told(capsys, message) == ([{"t": "ack", "c": "x", "err": "unknown"}], False)
    assert kept() == OLD


@pytest.mark.parametrize(
    "message",
    [
        b"{}", b"[1]", b"{", b'"x"', b"nonsense", b'{"t":1}', {"t": "hi", "now": 1},
        JOIN | {"c": "x" * 17}, JOIN | {"c": ""}, JOIN | {"c": 1}, {"t": "cmd", "op": "on"},
        {k: v for k, v in JOIN.items() if k != "c"}, {"t": "join", "c": "x", "a": [[[[1]]]]},
    ],
)  # fmt: skip
def test_what_can_not_be_answered_is_counted(medium, capsys, message):
    used(medium)
    assert told(capsys, message) == ([], False)
    assert cable.NAME not in medium.files


def test_ping_with_and_without_an_id(medium, capsys):
    used(medium)
    assert told(capsys, {"t": "cmd", "c": "x", "op": "ping"})[0] == [
        {"t": "ack", "c": "x", "ok": 1}
    ]
    hello = told(capsys, {"t": "cmd", "op": "ping"})[0][0]
    assert (hello["t"], hello["id"], hello["net"]) == ("hello", NODE, 1)
    assert hello["ch"][31] == [63, "pump"]
    assert (
        len(json.dumps(hello, separators=(",", ":"))) < 1024
    )  # with 32 channels and the longest names there are
