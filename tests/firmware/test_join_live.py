"""The same on the real interpreter: over a serial port, with Wi-Fi, restarts and two homes."""

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from firmware.simulator.bench import SimulatedNode
from tests.firmware import rig
from tests.firmware.serialport import PING, Port, framed

WIFI = ("greenhouse", "corn flower blue")


@pytest.fixture
async def home():
    made = rig.Home()
    await made.start()
    yield made
    await made.stop()


def node_at(tmp_path, **how):
    settings = {"every": 5, "sample": 1}
    return SimulatedNode(
        tmp_path / "node", cable=True, settings=settings, wifi=WIFI, **{"blank": True} | how
    )


def join_for(home, number=1, **change):
    home.keys[number] = key = os.urandom(32)
    ours = {"t": "join", "c": "j1", "ssid": WIFI[0], "pw": WIFI[1], "url": home.url}
    return ours | {"kid": number, "k": key.hex()} | change


@pytest.fixture
async def plug():
    ports = []

    def plugged(path):
        ports.append(Port(path))
        return ports[-1]

    yield plugged
    for port in ports:
        port.close()


async def test_from_a_bare_node_to_a_session_by_the_cable_alone(tmp_path, home, plug):
    async with node_at(tmp_path) as node:
        port = plug(node.console_path)
        await node.wait_log("waiting for join")
        hello = await port.answer(PING, "hello")
        assert (hello["id"], hello["net"], hello["model"]) == (node.id, 1, "esp32dev")
        assert [32, "pump"] in hello["ch"]
        join = join_for(home)
        assert await port.answer(join, "ack") == {"t": "ack", "c": "j1", "ok": 1}
        talk = await home.talk()
        assert (talk.dial.hardware_id, talk.dial.kid) == (node.id, 1)
        assert node.resets == ["reset"]
        port.lines.clear()
        await port.write(b"status\r\n")
        await port.printed(b"unconfirmed:")
        assert b"wifi: connected to greenhouse" in port.lines
        everything = "\n".join(node.log)
        assert WIFI[1] not in everything
        assert join["k"] not in everything
        # The session goes on while the cable is asked again, and water comes from the session only.
        again = await port.answer(PING, "hello")
        assert again["boot"] == talk.of("hello")[0]["boot"] != hello["boot"]


async def test_a_wrong_password_is_told_and_the_right_one_repairs_it(tmp_path, home, plug):
    async with node_at(tmp_path) as node:
        port = plug(node.console_path)
        for wrong, why in (
            ({"pw": "corn flower red"}, "wifi: wrong password for greenhouse"),
            ({"ssid": "glasshouse"}, "wifi: no network named glasshouse"),
        ):
            await port.answer(PING, "hello")
            assert "ok" in await port.answer(join_for(home, **wrong), "ack")
            await node.wait_log(why)
        await asyncio.sleep(1)
        assert home.dials == []
        assert "ok" in await port.answer(join_for(home), "ack")
        assert (await home.talk()).dial.kid == 1
        assert "corn flower" not in "\n".join(node.log)


async def test_the_same_join_twice_and_once_more_after_the_restart(tmp_path, home, plug):
    async with node_at(tmp_path) as node:
        port = plug(node.console_path)
        await port.answer(PING, "hello")
        join = join_for(home)
        for name in ("j1", "j2"):
            assert (await port.answer(join | {"c": name}, "ack"))["c"] == name
        await home.talk()
        assert node.resets == ["reset"]
        assert "ok" in await port.answer(join | {"c": "j3"}, "ack")
        assert (await home.talk(2)).dial.kid == 1
        assert node.resets == ["reset", "reset"]


async def test_a_paired_node_joined_anew_forgets_its_old_home(tmp_path, home, plug):
    other = rig.Home()
    await other.start()
    try:
        async with node_at(tmp_path) as node:
            port = plug(node.console_path)
            await port.answer(PING, "hello")
            await port.answer(join_for(home, 7), "ack")
            talk = await home.talk()
            await talk.command("w1", "on", ch=32, ms=500)
            assert (await talk.ack("w1"))["ok"] == 1
            assert "ok" in await port.answer(join_for(other, 2), "ack")
            assert (await other.talk()).dial.kid == 2
            await asyncio.sleep(0.5)
            assert len(home.dials) == 1
            kept = (tmp_path / "node" / "keys.json").read_text()
            assert json.loads(kept)["k"] == list(other.keys[2])
            assert json.dumps(list(home.keys[7])) not in kept
            # The watering before it is still known: too soon for another.
            await other.talks[0].command("w2", "on", ch=32, ms=500)
            assert (await other.talks[0].ack("w2"))["err"] == "soak"
    finally:
        await other.stop()


async def test_the_plug_pulled_between_the_answer_and_the_restart(tmp_path, home, plug):
    async with node_at(tmp_path) as node:
        port = plug(node.console_path)
        await port.answer(PING, "hello")
        assert "ok" in await port.answer(join_for(home), "ack")
        await node.kill()
        assert node.resets == []
        assert (tmp_path / "node" / "join.json").exists()
        await node.start()
        assert (await home.talk()).dial.kid == 1
        assert not (tmp_path / "node" / "join.json").exists()


async def test_no_water_over_the_cable(tmp_path, home, plug):
    async with node_at(tmp_path) as node:
        port = plug(node.console_path)
        await port.answer(PING, "hello")
        await port.answer(join_for(home), "ack")
        await home.talk()
        for number, op in enumerate(("on", "level", "off", "stop", "restart")):
            order = {"t": "cmd", "c": f"w{number}", "op": op, "ch": 32, "ms": 1000}
            answer = await port.answer(order, "ack")
            assert answer == {"t": "ack", "c": f"w{number}", "err": "unknown"}
        assert node.pulses == []
        assert node.resets == ["reset"]


async def test_what_is_not_a_right_join_is_dropped_and_the_next_line_is_heard(tmp_path, home, plug):
    async with node_at(tmp_path) as node:
        port = plug(node.console_path)
        await port.answer(PING, "hello")
        too_long = framed(join_for(home, url="http://" + "x" * 1100))
        line = framed(join_for(home))
        wrong = line.replace(b"greenhouse", b"greenhovse")
        broken = (wrong, line[:100] + b"\n", line[100:], bytes(x ^ 0x80 for x in line) + b"\n",
                  too_long, b'{"restart\n',
                  b'"c":"x","op":"restart"}*0000\n')  # fmt: skip
        for number, garbage in enumerate(broken, start=1):
            port.lines.clear()
            await port.write(garbage + b"status\n")
            counted = await port.printed(b"cable:")
            assert counted == b"cable: %d lines dropped, 0 ignored" % number
            assert [m for m in port.messages() if m["t"] == "ack"] == []
        await asyncio.sleep(1.5)
        assert (node.resets, home.dials) == ([], [])
        assert "ok" in await port.answer(line, "ack")
        await home.talk()


async def test_the_simulators_command_gives_the_cable(tmp_path, home, plug):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "firmware.simulator.run", "--dir", str(tmp_path / "node"),
        "--name", "Balcony", "--blank", "--cable", "--wifi", *WIFI,
        cwd=Path(__file__).parents[2],
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(30):
            event = json.loads(await process.stdout.readline())
            while event["event"] != "on":
                event = json.loads(await process.stdout.readline())
            port = plug(event["console"])
            assert (await port.answer(PING, "hello"))["id"] == event["id"]
            assert "ok" in await port.answer(join_for(home), "ack")
            assert (await home.talk()).dial.hardware_id == event["id"]
    finally:
        process.kill()
        await process.wait()
