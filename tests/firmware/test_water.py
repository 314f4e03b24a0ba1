"""Water on the real interpreter.

What the pins do when a node is reset, hung, stopped, drained or cut off.
"""

import asyncio
import json
import time

import pytest

from tests.firmware.rig import PUMP, PUMP_PIN, SECOND, SECOND_PIN, paired

HANG = """
import asyncio, os
from plantnode import outputs
_guard = outputs.Outputs.guard
async def _both(self):
    async def hang():
        while True:
            if "hang" in os.listdir(os.getenv("PLANTNODE_DIR")):
                while True:
                    pass
            await asyncio.sleep_ms(20)
    asyncio.create_task(hang())
    await _guard(self)
outputs.Outputs.guard = _both
"""


def edges(board, pin=PUMP_PIN):
    """(µs, level) of every edge after boot's own."""
    return [(edge.at, edge.level) for edge in board.pins if edge.number == pin]


async def test_a_pulse_lasts_what_was_asked_for_and_is_told(tmp_path):
    async with paired(tmp_path) as (board, _home, talk):
        await talk.command("c1", "on", ch=PUMP, ms=1500)
        assert await talk.ack("c1") == {"t": "ack", "c": "c1", "ok": 1}
        running = await talk.wait("state", lambda message: message["why"] == "cmd")
        assert 0 < running["a"][str(PUMP)] <= 1500
        assert running["c"] == "c1"
        ended = await talk.wait("state", lambda message: message["why"] == "timer")
        assert ended["a"] == {str(PUMP): 0}
        assert ended["c"] == "c1"
        (began, _), (fell, _) = edges(board)[-2:]
        assert 1_450_000 < fell - began < 1_560_000


@pytest.mark.parametrize(
    ("fields", "err"),
    [
        ({"ch": PUMP, "ms": 30_001}, "too_long"),
        ({"ch": PUMP, "ms": 0}, "bad"),
        ({"ch": PUMP}, "bad"),
        ({"ch": "32", "ms": 1000}, "bad"),
        ({"ch": 0, "ms": 1000}, "unknown"),
        ({"ch": 63, "ms": 1000}, "unknown"),
    ],
)
async def test_refusals(tmp_path, fields, err):
    async with paired(tmp_path) as (board, _home, talk):
        await talk.command("c1", "on", **fields)
        assert (await talk.ack("c1"))["err"] == err
        assert all(level == 0 for _, level in edges(board))


async def test_soak_busy_budget_and_repeat(tmp_path):
    async with paired(tmp_path, parts=("soil", "pump", "pump")) as (board, _home, talk):
        await talk.command("c1", "on", ch=PUMP, ms=800)
        await talk.command("c2", "on", ch=SECOND, ms=800)
        busy = await talk.ack("c2")
        assert busy["err"] == "busy"
        assert 0 < busy["ms"] <= 800
        await talk.wait("state", lambda message: message["why"] == "timer")
        await talk.command("c3", "on", ch=PUMP, ms=800)
        soak = await talk.ack("c3")
        assert soak["err"] == "soak"
        assert 58_000 < soak["ms"] <= 60_000
        await talk.command("c1", "on", ch=SECOND, ms=800)
        await talk.wait(
            "ack", lambda message: len([a for a in talk.of("ack") if a["c"] == "c1"]) == 2
        )
        assert [answer.get("ok") for answer in talk.of("ack") if answer["c"] == "c1"] == [1, 1]
        assert len([level for _, level in edges(board) if level]) == 1
        assert not any(level for _, level in edges(board, SECOND_PIN))


async def test_after_a_reset_the_pin_is_driven_low_before_anything_else(tmp_path):
    async with paired(tmp_path) as (board, home, talk):
        await talk.command("c1", "on", ch=PUMP, ms=20_000)
        await talk.ack("c1")
        await board.until(lambda: board.level(PUMP_PIN))
        await board.kill()
        await board.start()
        await board.until(lambda: board.told)
        assert board.first_edge - board.powered < 0.1  # W1
        assert board.told[0][:3] == ["pin", PUMP_PIN, 0]
        again = await home.talk(2)
        state = await again.wait("state")
        assert (state["a"], state["why"]) == ({str(PUMP): 0}, "boot")
        await again.command("c1", "on", ch=PUMP, ms=20_000)
        assert (await again.ack("c1"))["err"] == "repeat"
        await again.command("c2", "on", ch=PUMP, ms=1000)
        assert (await again.ack("c2"))["err"] == "soak"
        assert not any(level for _, level in edges(board))


async def test_the_timer_ends_the_pulse_of_a_hung_node_and_the_watchdog_resets_it(tmp_path):
    async with paired(tmp_path, before=HANG) as (board, _home, talk):
        await talk.command("c1", "on", ch=PUMP, ms=2000)
        await talk.ack("c1")
        (board.folder / "hang").touch()
        await board.until(lambda: board.level(PUMP_PIN) == 0, 4)
        (began, _), (fell, _) = edges(board)[-2:]
        assert 1_900_000 < fell - began < 2_200_000
        await asyncio.wait_for(board.process.wait(), 12)
        assert board.process.returncode == 70  # the watchdog's


async def test_stop_acts_within_250_ms_whatever_else_is_going_on(tmp_path):
    async with paired(tmp_path) as (board, _home, talk):
        waits = []
        for turn in range(4):
            await talk.command(f"c{turn}", "on", ch=PUMP, ms=20_000)
            await board.until(lambda: board.level(PUMP_PIN), 5)
            began = time.monotonic()
            await talk.command(f"s{turn}", "stop")
            await board.until(lambda: board.level(PUMP_PIN) == 0, 5)
            waits.append(time.monotonic() - began)
            assert (await talk.ack(f"s{turn}"))["ok"] == 1
            board.order(jump=61_000_000)
            await asyncio.sleep(1)
        assert max(waits) < 0.25
        state = await talk.wait("state", lambda message: message["why"] == "stop")
        assert state["c"].startswith("s")


async def test_the_button_stops_without_a_network(tmp_path):
    async with paired(tmp_path, inputs={"13": 1}) as (board, _home, talk):
        await talk.command("c1", "on", ch=PUMP, ms=20_000)
        await board.until(lambda: board.level(PUMP_PIN), 5)
        began = time.monotonic()
        board.drive(13, 0)
        await board.until(lambda: board.level(PUMP_PIN) == 0, 5)
        assert time.monotonic() - began < 0.25
        assert await talk.wait("state", lambda message: message["why"] == "button")


@pytest.mark.parametrize(("part", "pin", "good"), [("tank", 33, 0), ("leak", 32, 1)])
async def test_contacts_stop_and_lock(tmp_path, part, pin, good):
    parts = ("soil", "pump", part)
    async with paired(tmp_path, parts=parts, inputs={str(pin): good}) as (board, _home, talk):
        await talk.command("c1", "on", ch=PUMP, ms=20_000)
        await board.until(lambda: board.level(PUMP_PIN), 5)
        began = time.monotonic()
        board.drive(pin, 1 - good)
        await board.until(lambda: board.level(PUMP_PIN) == 0, 5)
        assert time.monotonic() - began < 1
        state = await talk.wait("state", lambda message: message.get("lock"))
        assert state["lock"] == {str(PUMP): part}
        assert state["why"] == "interlock"
        await talk.command("c2", "on", ch=PUMP, ms=1000)
        assert (await talk.ack("c2"))["err"] == "interlock"


async def test_nobody_can_stop_it_any_more_so_it_stops(tmp_path):
    async with paired(tmp_path) as (board, home, talk):
        await talk.command("c1", "on", ch=PUMP, ms=20_000)
        await board.until(lambda: board.level(PUMP_PIN), 5)
        await talk.socket.close()
        await board.until(lambda: board.level(PUMP_PIN) == 0, 5)
        state = await (await home.talk(2)).wait("state")
        assert state["why"] == "link"


async def test_a_lost_ledger_means_no_water_and_is_said(tmp_path):
    async with paired(tmp_path) as (board, home, _talk):
        await board.kill()
        (board.folder / "ledger.json").unlink()
        await board.start()
        again = await home.talk(2)
        assert "ledger lost" in (await again.wait("log"))["msg"]
        await again.command("c1", "on", ch=PUMP, ms=1000)
        refused = await again.ack("c1")
        assert refused["err"] == "budget"
        assert 86_000_000 < refused["ms"] <= 2 * 86_400_000
        await board.kill()
        await board.start()
        third = await home.talk(3)
        await third.command("c2", "on", ch=PUMP, ms=1000)
        assert (await third.ack("c2"))["err"] == "budget"


async def test_light(tmp_path):
    def duty(board):
        return next(what[2] for what in reversed(board.told) if what[0] == "pwm")

    async with paired(tmp_path, parts=("soil", "light")) as (board, _home, talk):
        await talk.command("c1", "on", ch=40, ms=1500, lv=50)
        await talk.ack("c1")
        assert duty(board) == 32767
        await talk.command("c2", "level", ch=40, lv=100)
        await talk.ack("c2")
        assert duty(board) == 65535
        await talk.command("c3", "level", ch=40, lv=101)
        assert (await talk.ack("c3"))["err"] == "bad"
        await talk.command("c4", "on", ch=40, ms=86_400_001)
        assert (await talk.ack("c4"))["err"] == "too_long"
        state = await talk.wait("state", lambda message: message["why"] == "timer")
        assert state == {"t": "state", "a": {"40": 0}, "lv": {"40": 100}, "why": "timer"}
        assert duty(board) == 0


async def test_restart_happens_once(tmp_path):
    async with paired(tmp_path) as (board, home, talk):
        await talk.command("r1", "restart")
        assert (await talk.ack("r1"))["ok"] == 1
        await asyncio.wait_for(board.process.wait(), 5)
        assert board.process.returncode == 71
        await board.kill()
        await board.start()
        again = await home.talk(2)
        await again.command("r1", "restart")
        assert (await again.ack("r1"))["err"] == "repeat"


async def test_config_is_kept(tmp_path):
    async with paired(tmp_path) as (board, _home, talk):
        await talk.command("c1", "config", set={"every": 7, "sample": 2})
        await talk.command("c2", "config", ch=0, set={"med": 3, "db": 0.5, "hb": 60})
        await talk.command("c3", "config", ch=0, set={"med": 4})
        await talk.command("c4", "config", ch=9, set={"med": 3})
        await talk.command("c5", "config", set={"every": 1})
        await talk.command("c6", "cal", ch=0, set={"at": "damp"})
        for name, err in (
            ("c1", None),
            ("c2", None),
            ("c3", "bad"),
            ("c4", "unknown"),
            ("c5", "bad"),
            ("c6", "bad"),
        ):
            assert (await talk.ack(name)).get("err") == err
        kept = json.loads((board.folder / "settings.json").read_text())
        assert (kept["every"], kept["sample"]) == (7, 2)
        assert kept["tuning"] == {"0": {"med": 3, "db": 0.5, "hb": 60}}
        await talk.command("c7", "config", ch=0, set={})
        assert (await talk.ack("c7")).get("err") is None
        assert json.loads((board.folder / "settings.json").read_text())["tuning"] == {}
