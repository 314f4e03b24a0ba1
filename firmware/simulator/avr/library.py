"""simavr's own library, called from Python: its functions, and the few fields it has no call for.

Debian's `libsimavr2` is simavr 1.6. The library cannot be asked for its version, and a field read
at the wrong place would be believed: so `Fields` compares what a new chip must contain first.
"""

import ctypes as c
from collections import deque
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

SONAME = "libsimavr.so.2"
PAUSED, RUNNING, DONE, CRASHED = 0, 2, 6, 7  # states of a core; in the first it does nothing
IRQ_FILTERED, IRQ_INIT = 2, 8

HOOK = c.CFUNCTYPE(None, c.c_void_p, c.c_uint32, c.c_void_p)
TIMER = c.CFUNCTYPE(c.c_uint64, c.c_void_p, c.c_uint64, c.c_void_p)
CALL = c.CFUNCTYPE(None, c.c_void_p)
WRITTEN = c.CFUNCTYPE(None, c.c_void_p, c.c_uint16, c.c_uint8, c.c_void_p)
SLEEP = c.CFUNCTYPE(None, c.c_void_p, c.c_uint64)
LOGGER = c.CFUNCTYPE(None, c.c_void_p, c.c_int, c.c_char_p, c.c_void_p)

# Offsets in avr_t of simavr 1.6 on a 64-bit machine (include/simavr/sim_avr.h).
_RAMEND, _FLASHEND, _E2END, _STATE, _FREQUENCY = 10, 12, 16, 60, 64
_CYCLE, _RUN_COUNT, _RUN_LIMIT = 80, 88, 96
_RESET, _SLEEP, _SREG, _PC, _FLASH, _DATA = 128, 168, 192, 204, 11712, 11720
_IO, _IO_SIZE, _IO_WRITTEN_BY, _IO_WRITE = 216, 40, 24, 32  # 280 entries, data address - 32
_FRESH_HZ = 1_000_000
_LOG_ERROR = 2
_SP = 0x5D

# Offsets in elf_firmware_t.
_FIRMWARE_SIZE, _FIRMWARE_HZ = 4096, 64


class SimavrError(Exception):
    """simavr is missing, is not the version we know, or its chip has crashed."""


class Simavr:
    """The functions of the library."""

    def __init__(self) -> None:
        try:
            library = c.CDLL(SONAME)
        except OSError as error:
            raise SimavrError(
                f"{SONAME} is missing (Debian package libsimavr2): {error}"
            ) from error

        def function(name: str, result: type[Any] | None, *arguments: Any) -> Callable[..., Any]:
            found = getattr(library, name)
            found.restype, found.argtypes = result, arguments
            called: Callable[..., Any] = found
            return called

        pointer = c.c_void_p
        self.make = function("avr_make_mcu_by_name", pointer, c.c_char_p)
        self.init = function("avr_init", c.c_int, pointer)
        self.reset = function("avr_reset", None, pointer)
        self.terminate = function("avr_terminate", None, pointer)
        self.read_elf = function("elf_read_firmware", c.c_int, c.c_char_p, pointer)
        self.load = function("avr_load_firmware", None, pointer, pointer)
        self.irq = function("avr_io_getirq", pointer, pointer, c.c_uint32, c.c_int)
        self.register_irq = function("avr_iomem_getirq", pointer, pointer, c.c_uint16, c.c_char_p,
                                     c.c_int)  # fmt: skip
        self.level_polling = function("avr_extint_set_strict_lvl_trig", None, pointer, c.c_uint8,
                                      c.c_uint8)  # fmt: skip
        self.interrupt_irq = function("avr_get_interrupt_irq", pointer, pointer, c.c_uint8)
        self.on_write = function("avr_register_io_write", None, pointer, c.c_uint16, WRITTEN,
                                 pointer)  # fmt: skip
        self.notify = function("avr_irq_register_notify", None, pointer, HOOK, pointer)
        self.irq_flags = function("avr_irq_set_flags", None, pointer, c.c_uint8)
        self.raise_irq = function("avr_raise_irq", None, pointer, c.c_uint32)
        self.ioctl = function("avr_ioctl", c.c_int, pointer, c.c_uint32, pointer)
        self.timer = function("avr_cycle_timer_register", None, pointer, c.c_uint64, TIMER, pointer)
        self.twi_message = function("avr_twi_irq_msg", c.c_uint32, c.c_uint8, c.c_uint8, c.c_uint8)
        self.complaints: deque[str] = deque(maxlen=20)
        self._use_libc(library)

    def _use_libc(self, library: c.CDLL) -> None:
        pointer = c.c_void_p
        self._libc = c.CDLL(None)
        self._libc.free.argtypes = [pointer]
        self._libc.vsnprintf.argtypes = [pointer, c.c_size_t, c.c_char_p, pointer]
        # simavr comes back after a few instructions. A million calls a second cost Python more than
        # the AVR itself, so the loop is C's: POSIX's lfind calls "are you equal to this key?" until
        # it is told 0, here with the chip as the key. A paused chip answers 0.
        self._lfind = self._libc.lfind
        self._lfind.argtypes = [pointer, pointer, c.POINTER(c.c_size_t), c.c_size_t, pointer]
        self._lfind.restype = pointer
        self._run = c.cast(library.avr_run, pointer)
        self._most = c.c_size_t(100_000)
        self._logger = LOGGER(self._log)
        library.avr_global_logger_set(self._logger)

    def firmware(self, elf: Path, hz: int, millivolts: int) -> c.Array[c.c_char]:
        """An ELF as simavr keeps it; raises OSError."""
        stamp = elf.stat()
        return _firmware(elf, stamp.st_mtime_ns, stamp.st_size, hz, millivolts)

    def new(self, mcu: str) -> int:
        """A chip, initialised and compared with what is known of simavr 1.6."""
        avr: int | None = self.make(mcu.encode())
        if avr is None:
            raise SimavrError(f"simavr knows no {mcu}")
        self.init(avr)
        return avr

    def written(self, avr: int, address: int, value: int) -> None:
        """Do what the device of a register does when the program writes it."""
        entry = avr + _IO + _IO_SIZE * (address - 32)
        param = c.c_void_p.from_address(entry + _IO_WRITTEN_BY).value
        call = c.cast(c.c_void_p.from_address(entry + _IO_WRITE), WRITTEN)
        call(avr, address, value, param)

    def free(self, avr: int) -> None:
        """Give a chip back."""
        self.terminate(avr)
        self._libc.free(avr)

    def run_many(self, avr: int) -> None:
        """Let a chip work until it is paused, or for 100,000 of simavr's steps."""
        self._lfind(avr, avr, c.byref(self._most), 0, self._run)

    def _log(self, _avr: int | None, level: int, form: bytes, arguments: int | None) -> None:
        """What simavr would print: its errors are kept, for it goes on after most."""
        if level <= _LOG_ERROR:
            text = c.create_string_buffer(200)
            self._libc.vsnprintf(text, len(text), form, arguments)
            self.complaints.append(text.value.decode(errors="replace").strip())


@cache
def simavr() -> Simavr:
    """The library, loaded once."""
    return Simavr()


@cache
def _firmware(elf: Path, _time: int, _size: int, hz: int, millivolts: int) -> c.Array[c.c_char]:
    found = c.create_string_buffer(_FIRMWARE_SIZE)
    if simavr().read_elf(str(elf).encode(), found):
        raise OSError(f"{elf} is no firmware")
    (c.c_uint32 * 4).from_buffer(found, _FIRMWARE_HZ)[:] = [hz, millivolts, millivolts, millivolts]
    return found


class Fields:
    """Views into one chip; refuses what does not look like a new chip of simavr 1.6.

    memory: (last address of the RAM, of the flash, of the EEPROM), by the data sheet.
    """

    def __init__(self, avr: int, memory: tuple[int, int, int]) -> None:
        seen = (
            c.c_uint16.from_address(avr + _RAMEND).value,
            c.c_uint32.from_address(avr + _FLASHEND).value,
            c.c_uint32.from_address(avr + _E2END).value,
            c.c_int.from_address(avr + _STATE).value,
            c.c_uint32.from_address(avr + _FREQUENCY).value,
            c.c_uint64.from_address(avr + _CYCLE).value,
            c.c_uint64.from_address(avr + _RUN_COUNT).value,
            c.c_uint64.from_address(avr + _RUN_LIMIT).value,
            c.c_uint32.from_address(avr + _PC).value,
        )
        due = (*memory, RUNNING, _FRESH_HZ, 0, 1, 1, 0)
        if seen != due:
            raise SimavrError(f"{SONAME} is not simavr 1.6: a new chip shows {seen}, not {due}")
        self.state = c.c_int.from_address(avr + _STATE)
        self.frequency = c.c_uint32.from_address(avr + _FREQUENCY)
        self.cycle = c.c_uint64.from_address(avr + _CYCLE)
        self.run_limit = c.c_uint64.from_address(avr + _RUN_LIMIT)
        self.pc = c.c_uint32.from_address(avr + _PC)
        self.interrupts = c.c_uint8.from_address(avr + _SREG + 7)
        self.on_reset = c.c_void_p.from_address(avr + _RESET)
        self.on_sleep = c.c_void_p.from_address(avr + _SLEEP)
        ramend, flashend, _ = memory
        place = c.c_void_p.from_address(avr + _DATA).value or 0
        code = c.c_void_p.from_address(avr + _FLASH).value or 0
        self.data = (c.c_uint8 * (ramend + 1)).from_address(place)
        self.flash = (c.c_uint8 * (flashend + 1)).from_address(code)
        pointer = self.data[_SP] | self.data[_SP + 1] << 8
        if pointer != ramend or self.flash[0] != 0xFF:
            raise SimavrError(f"{SONAME} is not simavr 1.6: its stack begins at {pointer:#x}")
