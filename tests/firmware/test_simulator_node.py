"""The real firmware on the bench: paired, watering, broken, killed; and its command."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import pytest

from custom_components.plant_vita.protocol import pairing
from firmware.simulator.bench import SimulatedNode
from firmware.simulator.gardens import GARDENS
from tests.firmware import rig

PUMP = 32


@pytest.fixture
async def home():
    made = rig.Home()
    await made.start()
    yield made
    await made.stop()


def node_at(tmp_path, home, **how):
    settings = {"every": 5, "sample": 1} | how.pop("settings", {})
    return SimulatedNode(tmp_path / "node", url=home.url, settings=settings, **how)


async def paired(node, home):
    home.code = pairing.normalise_code(await node.wait_code())
    return await home.talk()


async def readings(talk, channel, *, least=1, within=20):
    """The values of one channel so far, once there are enough."""

    def values():
        flat = [m["r"] for m in talk.heard if m["t"] == "tele"]
        for past in (m for m in talk.heard if m["t"] == "past"):
            flat += [dict(zip(map(str, p[1::2]), p[2::2], strict=True)) for p in past["p"]]
        return [one[channel] for one in flat if channel in one]

    async with asyncio.timeout(within):
        while len(values()) < least:  # noqa: ASYNC110 - the little Home Assistant has no events
            await asyncio.sleep(0.05)
    return values()


async def test_a_pulse_lasts_as_long_as_was_asked_and_the_soil_answers(tmp_path, home):
    async with node_at(tmp_path, home, speed=10, seed=3) as node:
        talk = await paired(node, home)
        before = (await readings(talk, "0"))[0]
        truth = node.truth()["moisture"]
        assert before == pytest.approx(truth, abs=6)
        await talk.command("w1", "on", ch=PUMP, ms=5000)
        assert (await talk.ack("w1"))["ok"] == 1
        await node.wait_for(lambda: node.pulses and node.pulses[0].end is not None)
        assert node.pulses[0].ms == pytest.approx(5000, abs=400)
        await asyncio.sleep(12)  # two minutes of the pot's time
        after = (await readings(talk, "0"))[-1]
        assert after - before > 8
        assert node.truth()["moisture"] - truth > 12
        assert node.resets == []


async def test_at_the_worlds_own_speed_a_pulse_is_exact_and_seen_by_the_flow(tmp_path, home):
    async with node_at(tmp_path, home) as node:
        talk = await paired(node, home)
        await talk.command("w1", "on", ch=PUMP, ms=1000)
        await node.wait_for(lambda: node.pulses and node.pulses[0].end is not None)
        assert node.pulses[0].ms == pytest.approx(1000, abs=60)
        assert node.truth()["poured_ml"] == pytest.approx(20, abs=1.5)


async def test_an_empty_tank_stops_the_pump_within_a_second(tmp_path, home):
    async with node_at(tmp_path, home) as node:
        talk = await paired(node, home)
        await talk.command("w1", "on", ch=PUMP, ms=20_000)
        await node.wait_for(lambda: bool(node.pulses))
        await asyncio.sleep(0.5)
        broken = node.now
        node.fault("tank")
        await node.wait_for(lambda: node.pulses[0].end is not None)
        assert node.pulses[0].end - broken < 1
        assert (await readings(talk, "20"))[-1] == 1


async def test_faults_of_the_probe_and_of_the_bus_reach_home(tmp_path, home):
    async with node_at(tmp_path, home) as node:
        talk = await paired(node, home)
        await readings(talk, "0")
        node.fault("open")
        node.fault("silent:bh1750")
        assert (await readings(talk, "0", least=2))[-1] == "open"
        assert (await readings(talk, "11", least=2))[-1] == "silent"
        node.fault("open", on=False)
        assert isinstance((await readings(talk, "0", least=3))[-1], float)


async def test_a_power_cut_in_a_pulse_and_the_same_node_afterwards(tmp_path, home):
    async with node_at(tmp_path, home) as node:
        talk = await paired(node, home)
        await talk.command("w1", "on", ch=PUMP, ms=20_000)
        await node.wait_for(lambda: bool(node.pulses))
        await node.kill()
        assert node.pulses[0].ms < 2000
        assert node.pins == {}
        await asyncio.sleep(0.3)
        await node.start()
        again = await home.talk(2)
        assert again.dial.kid == 1
        assert again.dial.hardware_id == talk.dial.hardware_id
        assert len(node.pulses) == 1


async def test_an_unpaired_node_keeps_its_code_and_its_folder(tmp_path, home):
    async with node_at(tmp_path, home) as node:
        code = await node.wait_code()
        await node.restart()
        assert await node.wait_code() == code
    assert (tmp_path / "node" / "settings.json").exists()


async def test_the_button_stops_the_pump(tmp_path, home):
    async with node_at(tmp_path, home) as node:
        talk = await paired(node, home)
        await talk.command("w1", "on", ch=PUMP, ms=10_000)
        await node.wait_for(lambda: bool(node.pulses))
        pressed = node.now
        await node.press()
        await node.wait_for(lambda: node.pulses[0].end is not None)
        assert node.pulses[0].end - pressed < 0.25


async def test_a_battery_node_sleeps_and_wakes_and_sends_again(tmp_path, home):
    garden = {k: v for k, v in GARDENS["balcony"].items() if k not in ("climate", "settings")}
    settings = {"sleep": 1, "every": 5}
    events = []

    def note(event):
        events.append(event["event"])

    async with node_at(tmp_path, home, settings=settings, notify=note, **garden) as node:
        talk = await paired(node, home)
        values = await readings(talk, "13")
        assert values[0] == pytest.approx(4.05, abs=0.05)
        await node.advance(125)  # after a power-up it stays awake for two minutes
        await node.wait_for(lambda: events.count("sleep") >= 2)
        assert node.resets == []
        again = await home.talk(3)
        assert again.of("hello")[0]["boot"] == talk.of("hello")[0]["boot"]
        assert len(await readings(again, "0")) >= 1


@pytest.mark.parametrize("garden", GARDENS)
async def test_every_garden_starts_and_reports_all_it_has(tmp_path, home, garden):
    how = {k: v for k, v in GARDENS[garden].items() if k != "settings"}
    how["climate"] = how["climate"]()
    async with node_at(tmp_path, home, **how) as node:
        talk = await paired(node, home)
        hello = talk.of("hello")[0]
        kinds = {str(entry[0]): entry[1] for entry in hello["ch"]}
        for channel, kind in kinds.items():
            if kind not in ("pump", "light", "camera"):
                value = (await readings(talk, channel))[0]
                assert isinstance(value, (int, float)), (channel, kind, value)
        assert not [line for line in node.log if "Traceback" in line]


async def test_no_process_and_no_task_is_left(tmp_path, home):
    node = node_at(tmp_path, home)
    await node.start()
    pid = node.pid
    await node.stop()
    await node.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert not [task for task in asyncio.all_tasks() if "bench" in task.get_name()]


async def test_a_node_whose_program_can_not_start_is_an_error_and_leaves_nothing(
    tmp_path, home, monkeypatch
):
    monkeypatch.setenv("MICROPYTHON", str(tmp_path / "nothing"))
    node = node_at(tmp_path, home)
    with pytest.raises(FileNotFoundError):
        await node.start()
    assert not node.running
    await node.stop()


class Command:
    """The command line in a process of its own."""

    def __init__(self, process):
        self.process = process
        self.events = []

    async def until(self, name):
        async with asyncio.timeout(20):
            while True:
                event = json.loads(await self.process.stdout.readline())
                self.events.append(event)
                if event["event"] == name:
                    return event

    def order(self, **what):
        self.process.stdin.write(json.dumps(what).encode() + b"\n")


@pytest.fixture
async def command(tmp_path):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "firmware.simulator.run", "--dir", str(tmp_path / "node"),
        "--name", "Balcony", "--pot", "ficus", "--hour", "12",
        cwd=Path(__file__).parents[2],
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    yield Command(process)
    if process.returncode is None:
        process.kill()
    await process.wait()


async def test_the_command_says_what_happens_and_does_what_it_is_told(command):
    assert len((await command.until("on"))["id"]) == 12
    code = (await command.until("code"))["code"]
    assert len(code) == 19
    command.order(do="truth")
    assert (await command.until("truth"))["light"] > 100
    command.order(do="fault", name="tank", on=True)
    command.order(do="fault", name="volcano")
    assert "volcano" in (await command.until("error"))["message"]
    command.process.stdin.write(b"{]\n")
    assert (await command.until("error"))["event"] == "error"
    command.order(do="kill")
    await command.until("off")
    command.order(do="start")
    assert (await command.until("code"))["code"] == code
    command.process.send_signal(signal.SIGTERM)
    await command.until("off")
    assert await asyncio.wait_for(command.process.wait(), 10) == 0


async def test_the_command_goes_on_when_its_input_ends(command):
    await command.until("code")
    command.process.stdin.close()
    await asyncio.sleep(0.5)
    assert command.process.returncode is None
    command.process.send_signal(signal.SIGINT)
    assert await asyncio.wait_for(command.process.wait(), 10) == 0
