"""Whatever dies on a Raspberry Pi, and however: the pump falls dry."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.firmware import pi_rig, rig
from tests.firmware.pi_rig import PUMP_PIN
from tests.firmware.test_mdns import answer

# A busy machine may be late; a pump that nobody switches off would run for its 20 seconds.
DRY_S = 5

HANG_WHILE_PUMPING = """
from plantnode import pump
_on = pump.Pumps.on
def on(self, *given):
    _on(self, *given)
    while True:
        pass
pump.Pumps.on = on
"""


async def pumping(board, talk, name="c1"):
    await talk.command(name, "on", ch=rig.PUMP, ms=20_000)
    assert (await talk.ack(name))["ok"] == 1
    assert board.level(PUMP_PIN) == 1


async def dry(board, since):
    """How long it took, in seconds."""
    await board.until(lambda: board.level(PUMP_PIN) == 0, DRY_S)
    [(_, fell)] = board.pulses(PUMP_PIN)
    return fell / 1000 - since


async def test_kill_9_of_the_node(tmp_path):
    async with pi_rig.paired(tmp_path) as (board, home, talk):
        await pumping(board, talk)
        killed = board.kill("node")
        assert await dry(board, killed) < 1
        # After a crash it waits, comes back, and remembers what has run and how much.
        again = await home.talk(2, seconds=40)
        assert (await again.wait("state"))["a"] == {str(rig.PUMP): 0}
        await again.command("c1", "on", ch=rig.PUMP, ms=20_000)
        assert (await again.ack("c1"))["err"] == "repeat"
        await again.command("c2", "on", ch=rig.PUMP, ms=20_000)
        assert (await again.ack("c2"))["err"] == "soak"
        assert board.level(PUMP_PIN) == 0


async def test_kill_9_of_the_guardian(tmp_path):
    async with pi_rig.paired(tmp_path) as (board, _, talk):
        await pumping(board, talk)
        killed = board.kill("run")
        assert await dry(board, killed) < 2
        await board.printed("the guardian is gone: everything off")


async def test_kill_9_of_a_hung_nodes_guardian(tmp_path, full_campaign):
    if not full_campaign:
        pytest.skip("with PLANT_VITA_FULL=1")
    # Its main loop never runs again; what waits for the guardian's end is a thread of its own.
    async with pi_rig.paired(tmp_path, PLANTNODE_BEFORE=HANG_WHILE_PUMPING) as (board, _, talk):
        await talk.command("c1", "on", ch=rig.PUMP, ms=20_000)
        await board.until(lambda: board.level(PUMP_PIN) == 1)
        killed = board.kill("run")
        assert await dry(board, killed) < 3


async def test_kill_9_of_both_leaves_it_on_until_systemd_runs_off(tmp_path):
    async with pi_rig.paired(tmp_path) as (board, _, talk):
        await pumping(board, talk)
        os.kill(board.pids["node"], signal.SIGSTOP)  # it can't take over
        board.kill("run")
        board.kill("node")
        await board.process.wait()
        # A killed process leaves its pins as they are: this is what the bench must show, too.
        assert board.level(PUMP_PIN) == 1
        off = await board.command("off")
        assert await off.wait() == 0
        assert board.level(PUMP_PIN) == 0


async def test_a_stopped_node_is_ended_by_timer_and_watchdog(tmp_path):
    async with pi_rig.paired(tmp_path) as (board, _, talk):
        await talk.command("c1", "on", ch=rig.PUMP, ms=1000)
        await board.until(lambda: board.level(PUMP_PIN) == 1)
        os.kill(board.pids["node"], signal.SIGSTOP)
        await board.printed("the node shows no life", 20)
        [(rose, fell)] = board.pulses(PUMP_PIN)
        assert 950 < fell - rose < 1500


async def test_systemd_hears_of_its_life_and_may_end_it_and_nothing_is_lost(tmp_path):
    home = rig.Home()
    home.confirm = False
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(30)
        told = {"NOTIFY_SOCKET": str(tmp_path / "notify")}
        async with pi_rig.paired(tmp_path, home=home, **told) as (board, _, talk):
            assert [systemd.recv(64) for _ in range(2)] == [b"READY=1", b"WATCHDOG=1"]
            await talk.wait("tele")
            await pumping(board, talk)
            board.process.terminate()
            assert await dry(board, time.monotonic()) < 1
            assert await asyncio.wait_for(board.process.wait(), 10) == 0
            await board.printed("the node has ended (71): everything off")
            assert list(board.folder.glob("past-*"))  # what nobody has confirmed
            ledger = (board.folder / "ledger.json").read_text()
            assert "c1" in ledger
            assert "20000" not in ledger  # booked as what ran


async def test_a_pump_that_runs_at_low_rests_high(tmp_path, monkeypatch):
    relay = f'[[part]]\nkind = "pump"\npin = {PUMP_PIN}\nactive = 0\n'
    monkeypatch.setitem(pi_rig.PARTS, "pump", relay)
    async with pi_rig.paired(tmp_path) as (board, _, talk):
        assert [level for _, pin, level in board.edges if pin == PUMP_PIN] == [1]
        await talk.command("c1", "on", ch=rig.PUMP, ms=20_000)
        await board.until(lambda: board.level(PUMP_PIN) == 0)
        board.kill("node")
        await board.until(lambda: board.level(PUMP_PIN) == 1, DRY_S)


class Responder(asyncio.DatagramProtocol):
    """Answers whatever asks the network for a Home Assistant."""

    def __init__(self, home):
        self.home = home

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        found = ("home", "127.0.0.1", self.home.port, {"uuid": "u9"})
        self.transport.sendto(answer(found), addr)


@contextlib.asynccontextmanager
async def new_node(folder):
    """A board that nobody has told anything but what is fitted, and a network to ask."""
    home, board = rig.Home(), pi_rig.Board(folder / "node")
    await home.start()
    loop = asyncio.get_running_loop()
    network, _ = await loop.create_datagram_endpoint(
        lambda: Responder(home), local_addr=("127.0.0.1", 0)
    )
    board.write()
    place = f"127.0.0.1:{network.get_extra_info('sockname')[1]}"
    (board.folder / "settings.json").write_text(json.dumps({"mdns": place}))
    await board.start()
    try:
        yield board, home
    finally:
        await board.end()
        network.close()
        await home.stop()


async def test_a_new_node_shows_its_code_finds_home_assistant_and_pairs(tmp_path):
    async with new_node(tmp_path) as (board, home):
        line = await board.printed("pairing code: ")
        code = await board.command("code")
        assert (await code.communicate())[0].decode().strip() == line
        home.code = rig.pairing.normalise_code(line.split(": ")[1])
        talk = await home.talk(seconds=30)
        assert (await talk.wait("ack", lambda m: m["c"] == "k1"))["ok"] == 1
        # Without a ledger nothing is known of its day's water: none flows.
        await talk.command("c1", "on", ch=rig.PUMP, ms=1000)
        assert (await talk.ack("c1"))["err"] == "budget"
        assert (await talk.wait("tele"))["r"] == {"0": 75.9}
        hello = talk.of("hello")[0]
        assert (hello["model"], hello["ch"]) == ("raspberrypi", [[0, "m", "Basil"], [32, "pump"]])
        assert "img" not in hello  # it takes no firmware over the link
        kept = json.loads((board.folder / "settings.json").read_text())
        del kept["mdns"]
        assert kept == {
            "board": "raspberrypi",
            "parts": [["soil", {"pin": 64}], ["pump", {"pin": PUMP_PIN}]],
            "labels": {"0": "Basil"},
            "updates": 0,
        }


async def test_what_it_has_learnt_stays_and_what_the_file_says_wins(tmp_path):
    learnt = {"every": 30, "cal": {"0": {"dry": 2_500_000, "wet": 500_000}}, "tuning": {}}
    stale = {"url": "http://192.0.2.1", "name": "Old", "sleep": 1, "updates": 1, "parts": ["pump"]}
    folder = tmp_path / "node"
    folder.mkdir()
    (folder / "settings.json").write_text(json.dumps(learnt | stale))
    async with pi_rig.paired(tmp_path, parts=["soil", "air", "soil2"]) as (board, _, talk):
        hello = talk.of("hello")[0]
        assert (hello["every"], hello["sleep"], "name" in hello) == (30, 0, False)
        air = [[8, "t", "Shelf"], [9, "h", "Shelf"], [10, "p", "Shelf"]]
        assert hello["ch"] == [[0, "m", "Basil"], [1, "m", "Fern"], *air]
        # There is no bus on this machine, as on a Pi where it is switched off.
        silent = dict.fromkeys(("8", "9", "10"), "silent")
        assert (await talk.wait("tele"))["r"] == {"0": 50.0, "1": "open"} | silent
        kept = json.loads((board.folder / "settings.json").read_text())
        assert {key: kept[key] for key in learnt} == learnt
        assert "sleep" not in kept


async def test_the_button_stops_the_led_shines_and_an_update_is_refused(tmp_path):
    home = rig.Home()
    more = "button = 24\nled = 25\n"
    async with pi_rig.paired(tmp_path, home=home, more=more) as (board, _, talk):
        await pumping(board, talk)
        await board.until(lambda: board.level(25) == 1)
        board.drive(24, 0)
        state = await talk.wait("state", lambda m: m["why"] == "button")
        assert state["a"] == {str(rig.PUMP): 0}
        assert board.level(PUMP_PIN) == 0
        offer = b'{"t":"update","c":"u1","fw":"9.9.9","size":10,"sha":"' + b"0" * 64 + b'"}'
        await talk.send(offer)
        assert (await talk.ack("u1"))["err"] == "off"


@pytest.fixture
def oldest_python(tmp_path) -> Path:
    """Python 3.11 of the system, with what Raspberry Pi OS would have installed for it."""
    python = shutil.which("python3.11")
    if python is None:
        pytest.skip("no Python 3.11 on this machine")
    return Path(python)


async def test_on_the_oldest_python(tmp_path, oldest_python):
    packages = tmp_path / "packages"
    packages.mkdir()
    import gpiozero  # noqa: PLC0415 - only for where it is

    site = Path(gpiozero.__file__).parents[1]
    for name in ("gpiozero", "colorzero", "smbus2"):
        (packages / name).symlink_to(site / name)
    env = {"PYTHONPATH": str(packages)}
    async with pi_rig.paired(tmp_path, python=str(oldest_python), **env) as (board, _, talk):
        await talk.command("c1", "on", ch=rig.PUMP, ms=300)
        state = await talk.wait("state", lambda m: m["why"] == "timer")
        assert state["a"] == {str(rig.PUMP): 0}
        [(rose, fell)] = board.pulses(PUMP_PIN)
        assert 280 < fell - rose < 500
