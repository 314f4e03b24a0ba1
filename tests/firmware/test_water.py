"""Water on the real interpreter.

What the pins do when a node is reset, stopped or cut off. What other nodes do too: behaviours.py.
"""

import asyncio
import json
import time

from tests.firmware.rig import PUMP, PUMP_PIN, paired


def edges(board, pin=PUMP_PIN):
    """(µs, level) of every edge after boot's own."""
    return [(edge.at, edge.level) for edge in board.pins if edge.number == pin]


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
