"""Codes, keys and who is believed.

The key store under power cuts, and the handshake on the real interpreter.
"""

import asyncio
import re
import time

import pytest

from tests.firmware import rig
from tests.firmware.rig import PUMP, PUMP_PIN, Board, Home, paired
from tests.firmware.waterworld import PowerCut, medium_fixture

rig.plantnode()

from plantnode import clock, pairing  # noqa: E402

QUICK = """
from plantnode import limits, link
link._MOST_MS = link._FIRST_MS = 100
limits.CODE_WINDOW_MS = 15_000
"""


medium = medium_fixture()


def test_a_code_is_80_random_bits_in_base32(medium):
    codes = [pairing.new_code() for _ in range(500)]
    assert len(set(codes)) == 500
    assert all(re.fullmatch("[A-Z2-7]{16}", code) for code in codes)
    for place in range(16):
        assert len({code[place] for code in codes}) == 32
    assert pairing.spelled("ABCDEFGHIJKLMNOP") == "ABCD-EFGH-IJKL-MNOP"


def test_the_code_stays_until_it_is_used(medium):
    first = pairing.Keys("NODE0001")
    assert not first.paired()
    again = pairing.Keys("NODE0001")
    assert (again.code, again.key) == (first.code, first.key)
    again.hold(1, bytes(32))
    paired_keys = pairing.Keys("NODE0001")
    assert (paired_keys.kid, paired_keys.key, paired_keys.code) == (1, bytes(32), "")
    paired_keys.renew()
    assert pairing.Keys("NODE0001").code not in {"", first.code}


def test_a_broken_key_store_makes_a_new_code(medium):
    for content in (
        b"",
        b"{",
        b"[]",
        b'{"kid":1,"k":[1],"code":"","home":""}',
        b'{"kid":1,"k":"x"}',
    ):
        medium.files[pairing.NAME] = content
        assert not pairing.Keys("NODE0001").paired()


def test_a_power_cut_anywhere_in_a_rekey_leaves_the_old_key_or_the_new(medium):
    old, new = bytes(32), b"\x07" * 32
    outcomes = set()
    for cut in range(6):
        medium.files.clear()
        medium.cut_in = None
        keys = pairing.Keys("NODE0001")
        keys.hold(1, old)
        medium.cut_in = cut
        try:
            keys.hold(2, new)
            acknowledged = True
        except PowerCut:
            acknowledged = False
        medium.cut_in = None
        kept = pairing.Keys("NODE0001")
        assert (kept.kid, kept.key) in {(1, old), (2, new)}
        if acknowledged:
            assert kept.kid == 2  # Home Assistant was told so
        outcomes.add((acknowledged, kept.kid))
    assert outcomes == {(False, 1), (False, 2), (True, 2)}


def test_a_key_that_cannot_be_written_is_not_taken(medium):
    keys = pairing.Keys("NODE0001")
    before = (keys.kid, keys.key, keys.code)
    medium.full = True
    with pytest.raises(OSError, match="28"):
        keys.hold(1, bytes(32))
    assert (keys.kid, keys.key, keys.code) == before


def test_twenty_wrong_proofs_in_ten_minutes_lock(monkeypatch):
    now = [0]
    monkeypatch.setattr(clock, "ticks", lambda: now[0])
    tries = pairing.Tries()
    for _ in range(19):
        tries.count()
        now[0] += 1000
    assert not tries.locked()
    tries.count()
    assert tries.locked()
    now[0] = 599_999
    assert tries.locked()
    now[0] = 600_000
    assert not tries.locked()
    for _ in range(100):
        tries.count()
        now[0] += 31_600  # 19 within ten minutes, for ever
        assert not tries.locked()


async def test_pairing_from_the_code_to_the_second_key(tmp_path):
    home, board = Home(), Board(tmp_path / "node")
    await home.start()
    board.settings(url=home.url, name="Kitchen")
    await board.start()
    try:
        await board.printed("refused: unpaired")
        assert (home.dials[0].model, home.dials[0].label) == ("esp32dev", "Kitchen")
        home.code = await board.code()
        talk = await home.talk()
        assert talk.dial.kid == 0
        assert talk.of("hello")[0]["name"] == "Kitchen"
        assert (await talk.ack("k1"))["ok"] == 1
        home.code = ""
        await talk.socket.close()
        again = await home.talk(2)
        assert again.dial.kid == 1
        assert again.dial.label is None
        await board.kill()
        await board.start()
        assert (await home.talk(3)).dial.kid == 1
        assert "none" in await board.printed("pairing code:")
    finally:
        await board.kill()
        await home.stop()


async def test_whoever_has_no_key_is_not_listened_to_and_locked_out_in_the_end(tmp_path):
    async with paired(tmp_path, before=QUICK) as (_board, home, talk):
        home.forge = True
        await talk.socket.close()
        end = time.monotonic() + 30
        while "locked" not in home.refusals and time.monotonic() < end:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        assert home.refusals[:20] == ["proof"] * 20
        assert home.refusals[20] == "locked"
        home.forge = False  # even the right proof is not looked at now
        count = len(home.refusals)
        await asyncio.sleep(1)
        assert home.refusals[count:]
        assert set(home.refusals[count:]) == {"locked"}
        assert (await home.talk(2, seconds=20)).dial.kid == 1  # when the window is over


async def test_the_button_held_for_ten_seconds_makes_a_new_code(tmp_path):
    async with paired(tmp_path, inputs={"13": 1}) as (board, home, talk):
        await talk.command("c1", "on", ch=PUMP, ms=20_000)
        await board.until(lambda: board.level(PUMP_PIN))
        board.drive(13, 0)
        await board.until(lambda: board.level(PUMP_PIN) == 0)
        board.output.clear()
        await asyncio.sleep(0.3)
        board.order(jump=10_000_000)
        home.code = await board.code()
        again = await home.talk(2)
        assert again.dial.kid == 0


async def test_a_node_that_was_forgotten_stays_dry(tmp_path):
    async with paired(tmp_path) as (board, home, talk):
        home.keys.clear()
        await talk.socket.close()
        await board.printed("refused: unpaired")
        assert board.level(PUMP_PIN) == 0
        assert board.level(PUMP_PIN) == 0
