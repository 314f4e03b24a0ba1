"""The stand-in for the chip: hangs, resets, sleeps, timers, pins."""

import asyncio
import os
import time

import pytest

from firmware.simulator.bench import POWER_ON
from tests.firmware.chipbench import node_running

BEGIN = """
import machine, time, asyncio
print("cause", machine.reset_cause(), "memory", bytes(machine.RTC().memory()))
pump = machine.Pin(26, machine.Pin.OUT, value=0)
"""
HANG = "\nwhile True: pass\n"


def pulse_ms(node):
    return [round(pulse.ms) for pulse in node.pulses]


@pytest.mark.parametrize(
    "hang", [HANG, "\ntime.sleep(60)\n", "\nimport select\nselect.poll().poll()\n"]
)
async def test_a_timer_ends_a_pulse_while_the_program_hangs(tmp_path, hang):
    program = BEGIN + """
machine.Timer(0).init(mode=machine.Timer.ONE_SHOT, period=700, callback=lambda t: pump.off())
pump.on()
""" + hang  # fmt: skip
    async with node_running(tmp_path, program) as node:
        await node.wait_for(lambda: node.pulses and node.pulses[0].end is not None)
        assert pulse_ms(node)[0] == pytest.approx(750, abs=100)


async def test_a_timer_belongs_to_the_plants_time(tmp_path):
    program = BEGIN + """
machine.Timer(0).init(mode=machine.Timer.ONE_SHOT, period=20_000, callback=lambda t: pump.off())
pump.on()
""" + HANG  # fmt: skip
    began = time.monotonic()
    async with node_running(tmp_path, program, speed=20) as node:
        await node.wait_for(lambda: node.pulses and node.pulses[0].end is not None)
        assert pulse_ms(node)[0] == pytest.approx(20_000, abs=1000)
        assert time.monotonic() - began < 10
        assert node.world.pot.poured == pytest.approx(400, rel=0.06)


async def test_short_timers_are_not_late(tmp_path):
    program = (
        BEGIN
        + """
late = []
timer = machine.Timer(0)
for _ in range(21):
    rang = []
    began = time.ticks_us()
    timer.init(
        mode=timer.ONE_SHOT, period=5, callback=lambda t: rang.append(time.ticks_us() - began)
    )
    while not rang:
        time.sleep_us(200)
    late.append(rang[0] / 1000 - 5)
print("late", sorted(late)[10])
"""
    )
    async with node_running(tmp_path, program) as node:
        assert -0.1 <= float((await node.wait_log("late")).split()[1]) < 12


async def test_a_stopped_timer_stays_silent_and_a_periodic_one_goes_on(tmp_path):
    program = (
        BEGIN
        + """
count = [0]
def tick(timer):
    count[0] += 1
    if count[0] == 4:
        timer.deinit()
machine.Timer(1).init(mode=machine.Timer.PERIODIC, period=50, callback=tick)
time.sleep_ms(600)
print("ticks", count[0])
"""
    )
    async with node_running(tmp_path, program) as node:
        assert await node.wait_log("ticks") == "ticks 4"


async def test_the_watchdog_bites_a_hung_program_and_the_pins_fall(tmp_path):
    program = (
        BEGIN
        + """
if machine.reset_cause() == machine.PWRON_RESET:
    machine.RTC().memory(b"kept")
    machine.WDT(timeout=1000)
    pump.on()
    while True: pass
"""
    )
    async with node_running(tmp_path, program) as node:
        await node.wait_log("cause 3 memory b'kept'")
        assert node.resets == ["watchdog"]
        assert len(node.pulses) == 1
        assert 950 <= node.pulses[0].ms <= 2000
        await node.wait_for(lambda: node.pins == {26: 0})


async def test_a_fed_watchdog_does_not_bite(tmp_path):
    program = (
        BEGIN
        + """
dog = machine.WDT(timeout=1000)
for _ in range(30):
    dog.feed()
    time.sleep_ms(100)
print("alive")
"""
    )
    async with node_running(tmp_path, program) as node:
        await node.wait_log("alive")
        assert node.resets == []


async def test_reset_and_deep_sleep_keep_the_clocks_memory_a_power_cut_does_not(tmp_path):
    program = (
        BEGIN
        + """
cause = machine.reset_cause()
if cause == machine.PWRON_RESET and not machine.RTC().memory():
    machine.RTC().memory(b"\\x01\\xff")
    machine.reset()
if cause == machine.HARD_RESET:
    pump.on()
    machine.deepsleep(300)
print("stays")
"""
    )
    async with node_running(tmp_path, program) as node:
        await node.wait_log("stays")
        causes = [line for line in node.log if line.startswith("cause")]
        assert causes[0] == "cause 1 memory b''"
        assert causes[1] == r"cause 2 memory b'\x01\xff'"
        assert causes[2] == r"cause 4 memory b'\x01\xff'"
        assert len(node.pulses) == 1
        assert node.pulses[0].ms < 1000
        await node.kill()
        del node.log[:]
        await node.start()
        assert await node.wait_log("cause") == f"cause {POWER_ON} memory b''"


async def test_a_power_cut_ends_a_pulse_at_once(tmp_path):
    async with node_running(tmp_path, BEGIN + "pump.on()\n" + HANG) as node:
        await node.wait_for(lambda: bool(node.pulses))
        await asyncio.sleep(0.5)
        pid = node.pid
        await node.kill()
        assert 400 <= node.pulses[0].ms <= 2000
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
        assert not node.running


async def test_pins_in_and_out(tmp_path):
    program = (
        BEGIN
        + """
tank = machine.Pin(33, machine.Pin.IN, machine.Pin.PULL_UP)
free = machine.Pin(14, machine.Pin.IN, machine.Pin.PULL_UP)
print("before", tank.value(), free.value())
while not tank.value(): time.sleep_ms(5)
print("empty now")
try:
    machine.Pin(34, machine.Pin.OUT)
except ValueError as error:
    print("refused", error)
"""
    )
    async with node_running(tmp_path, program) as node:
        assert await node.wait_log("before") == "before 0 1"
        node.fault("tank")
        await node.wait_log("empty now", 3)
        await node.wait_log("refused pin 34")


async def test_asyncio_waits_as_long_as_it_says(tmp_path):
    program = (
        BEGIN
        + """
async def main():
    for ms in (0, 1, 7, 30, 120):
        began = time.ticks_us()
        await asyncio.sleep_ms(ms)
        print("waited", ms, time.ticks_diff(time.ticks_us(), began) / 1000)
asyncio.run(main())
"""
    )
    async with node_running(tmp_path, program) as node:
        await node.wait_log("waited 120")
        waits = [line.split()[1:] for line in node.log if line.startswith("waited")]
        for wanted, took in waits:
            assert float(wanted) - 1 <= float(took) <= float(wanted) + 200


JUMPING = (
    BEGIN
    + """
began, rings = time.ticks_us(), []
def ring(timer):
    rings.append(time.ticks_us() - began)
    print("timer", rings[-1] // 1000 - len(rings) * 600_300)
machine.Timer(0).init(mode=machine.Timer.PERIODIC, period=600_300, callback=ring)
dog = machine.WDT(timeout=5000)
adc = machine.ADC(34)
count = [0]
async def feed():
    while True:
        dog.feed()
        await asyncio.sleep(1)
async def sample():
    while True:
        adc.read_uv()
        count[0] += 1
        await asyncio.sleep(60)
async def main():
    asyncio.create_task(feed())
    asyncio.create_task(sample())
    print("ready")
    while count[0] < 61:
        await asyncio.sleep(1)
    print("hour")
    await asyncio.sleep(100)
asyncio.run(main())
"""
)


async def test_a_jump_of_the_clock_passes_every_moment_on_the_way(tmp_path):
    async with node_running(tmp_path, JUMPING) as node:
        await node.wait_log("ready")
        before, began = node.world.now, time.monotonic()
        await node.advance(3601)
        await node.wait_log("hour")
        assert time.monotonic() - began < 15
        assert 3600 < node.world.now - before < 3620
        rings = [int(line.split()[1]) for line in node.log if line.startswith("timer")]
        assert len(rings) == 5
        assert max(rings) < 200  # ms late
        assert node.resets == []


async def test_a_program_that_ends_leaves_the_board_at_its_prompt(tmp_path):
    async with node_running(tmp_path, "pump = 1 / 0\n") as node:
        await node.wait_log("ZeroDivisionError")
        await node.wait_log("prompt")
        assert node.running
