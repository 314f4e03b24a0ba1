"""The simulated AVR itself, with a small program that is none of ours."""

import ctypes
import itertools
import random

import pytest

from firmware.simulator.avr import library
from firmware.simulator.avr.board import Board
from firmware.simulator.avr.chip import EXTERNAL, POWER_ON
from firmware.simulator.avr.dht22 import Dht22, bits
from firmware.simulator.avr.library import SimavrError
from firmware.simulator.avr.twi import Bh1750
from tests.firmware.arduino_rig import probe


@pytest.fixture(scope="module")
def elf(tmp_path_factory):
    return probe(tmp_path_factory.mktemp("probe"))


@pytest.fixture
def board(elf):
    with Board(elf=elf) as made:
        assert made.run(5) == b"1\n"
        yield made


def ask(board, letter, ms=5):
    board.uart.send(letter.encode())
    return board.run(ms).decode().strip()


def test_volts_become_counts_at_the_moment_of_the_conversion(board):
    board.millivolts["A1"] = 2500
    assert ask(board, "a") == "511"
    board.millivolts["A1"] = lambda: board.ms  # the later, the more
    first, second = int(ask(board, "a")), int(ask(board, "a", 500))
    assert first < second or board.ms > 5000
    board.millivolts["A1"] = 9999
    assert ask(board, "a") == "1023"


def test_an_edge_has_the_cycle_at_which_it_was(board):
    board.uart.send(b"t")
    board.run(100)
    at = [ms for ms, _ in board.edges("D6")]
    gaps = [after - before for before, after in itertools.pairwise(at[1:])]
    assert len(gaps) >= 7
    assert all(abs(gap - 10) < 0.01 for gap in gaps)


def test_a_pulled_up_contact_stays_closed_whatever_else_its_port_does(board):
    assert ask(board, "i") == "1"
    board.pins.drive("D3", 0)
    ask(board, "p")
    assert ask(board, "i") == "0"
    board.reset()
    board.run(5)
    assert ask(board, "i") == "0"
    board.pins.release("D3")
    ask(board, "n")
    assert ask(board, "i") == "1"


def test_a_reset_lets_go_of_every_pin_and_says_why(board):
    ask(board, "p")
    assert board.pins.level("D7") == 1
    board.reset()
    assert board.pins.level("D7") is None
    assert board.run(5) == b"2\n"
    assert board.pins.level("D7") == 0
    assert ask(board, "p") == ""
    assert board.pins.level("D7") == 1  # the same values as before the reset are news
    board.reset(POWER_ON)
    assert board.run(5) == b"1\n"
    assert [cause for _, cause in board.chip.resets] == ["external", "power"]


def test_the_watchdog_ends_a_hang(board):
    ask(board, "p")
    ask(board, "w", 1)
    board.chip.hang()
    said = board.run(300)
    assert said == b"8\n"
    assert board.chip.resets[-1][1] == "watchdog"
    fell = next(ms for ms, level in board.edges("D7") if level is None and ms > 1)
    assert 250 < fell < 275


def test_interrupts_go_on_in_a_hang_if_they_may(board):
    board.uart.send(b"t")
    board.run(20)
    board.chip.hang()
    before = len(board.edges("D6"))
    board.run(100)
    assert len(board.edges("D6")) in range(before + 9, before + 12)
    board.chip.hang(interrupts=False)
    before = len(board.edges("D6"))
    board.run(100)
    assert len(board.edges("D6")) == before


def test_the_boot_loader_waits_and_takes_the_cause_away(board):
    board.reset(EXTERNAL)
    board.chip.hold(1.0)
    assert board.run(990) == b""
    assert board.run(20) == b"0\n"


def test_an_eeprom_write_takes_its_time_and_can_be_cut(board):
    began = board.ms
    board.uart.send(b"ee")
    board.run(2)
    assert board.eeprom.unfinished.new == 0xFE
    images = {board.eeprom.cut(random.Random(seed))[5] for seed in range(40)}
    assert {0xFE, 0xFF} < images  # new, old, erased, and noise
    assert len(images) > 4
    board.run(3.5)
    assert board.eeprom.unfinished.new == 0xFD  # the second had to wait for the first
    board.run(10)
    assert board.eeprom.unfinished is None
    assert {board.eeprom.cut(random.Random(seed))[5] for seed in range(40)} == {0xFD}
    first, second = board.eeprom.writes
    assert second.cycle - first.cycle > 0.0034 * 16_000_000
    assert board.ms - began < 20


def test_halves_of_an_eeprom_write_take_half_the_time_and_do_half_the_work(board):
    ask(board, "ee", 20)
    ask(board, "c", 20)  # 0xFD: what is clear stays clear
    assert board.eeprom.image()[5] == 0x3C
    ask(board, "e", 20)
    ask(board, "c", 20)
    assert board.eeprom.image()[5] == 0x3B & 0x3C
    ask(board, "b", 20)
    assert board.eeprom.image()[5] == 0xFF
    kept = [(write.old, write.new) for write in board.eeprom.writes]
    assert kept == [
        (0xFF, 0xFE), (0xFE, 0xFD), (0xFD, 0x3C), (0x3C, 0x3B), (0x3B, 0x38), (0x38, 0xFF),
    ]  # fmt: skip
    took = [round((write.end - write.cycle) / 16_000, 1) for write in board.eeprom.writes]
    assert took == [3.4, 3.4, 1.8, 3.4, 1.8, 1.8]
    board.uart.send(b"bc")
    board.run(3)
    first, second = board.eeprom.writes[-2:]
    assert second.cycle >= first.end
    assert board.eeprom.unfinished == second


def test_what_an_eeprom_holds_outlives_the_board(board, elf):
    ask(board, "e", 10)
    with Board(elf=elf, eeprom=board.eeprom.image()) as again:
        again.run(5)
        ask(again, "e", 10)
        assert again.eeprom.image()[5] == 0xFD
        assert set(again.eeprom.image()[6:]) == {0xFF}


def test_a_deaf_program_loses_what_the_chip_cannot_keep(board):
    assert ask(board, "." * 50 + "=", 10) == "50"
    assert board.uart.lost == 0
    ask(board, "s" + "." * 20, 10)
    heard = int(ask(board, "="))
    assert 3 <= heard < 10  # what came before and after those 2 ms, and three that were kept
    assert board.uart.lost == 20 - heard


def test_bytes_come_at_the_speed_of_the_wire(board):
    board.uart.send(b"." * 115)
    board.run(5)
    assert 50 < 115 - board.uart.waiting < 60  # more than ten a ms


def test_light_over_the_two_wires(board):
    assert ask(board, "l", 400) == "1"  # nobody acknowledges
    board.bus.devices[Bh1750.ADDRESS] = Bh1750(board.chip, lambda: 500.0)
    assert ask(board, "l", 400) == "600"


def test_a_dht22_answers_bit_by_bit(board):
    Dht22(board.chip, board.pins, "D2", lambda: (-10.1, 65.2))
    assert ask(board, "d", 30) == "2,140,128,101,115"  # the data sheet's example of a sum
    assert sum(bits(-10.1, 65.2)[:8]) == 1


def test_another_simavr_is_refused(monkeypatch, elf):
    monkeypatch.setattr(library, "_CYCLE", library._CYCLE + 8)
    with pytest.raises(SimavrError, match=r"not simavr 1\.6"):
        Board(elf=elf)


def test_a_missing_simavr_is_named(monkeypatch):
    monkeypatch.setattr(library, "SONAME", "libsimavr.so.99")
    with pytest.raises(SimavrError, match="libsimavr2"):
        library.Simavr()


def test_what_fails_in_a_hook_fails_the_run(board):
    def fail():
        raise ValueError("on purpose")

    board.millivolts["A1"] = fail
    with pytest.raises(ValueError, match="on purpose"):
        ask(board, "a")


def test_a_program_that_goes_astray_is_no_silence(board):
    place = board.chip._fields.pc.value
    board.chip.flash[place : place + 2] = [0xFF, 0xFF]
    with pytest.raises(SimavrError, match="astray"):
        board.run(50)
    assert ctypes.sizeof(ctypes.c_void_p) == 8
