"""The core of a simulated AVR: time, resets, memory, and events at exact cycles."""

import ctypes as c
import heapq
from collections.abc import Callable
from itertools import count
from pathlib import Path

from .boards import BoardKind
from .library import (
    CALL,
    CRASHED,
    DONE,
    HOOK,
    IRQ_INIT,
    PAUSED,
    RUNNING,
    SLEEP,
    TIMER,
    WRITTEN,
    Fields,
    SimavrError,
    simavr,
)  # fmt: skip

MILLIVOLTS = 5000
MCUSR = 0x54
POWER_ON, EXTERNAL, BROWN_OUT, WATCHDOG = 1, 2, 4, 8  # bits of MCUSR
EXTERNAL_INTERRUPTS = 8  # of the larger chip
WDTCSR, WATCHDOG_HZ = 0x60, 128_000
_WDIF, _WDP3, _WDE = 0x80, 0x20, 0x08
_ENDLESS = 2**62  # simavr works on until its next timer
_JUMP_TO_SELF = b"\xff\xcf\xff\xcf"  # rjmp .-2
_JUMP_TO_START = b"\x0c\x94\x00\x00"  # jmp 0


class Chip:
    """One AVR with its program, from power to power cut.

    Exceptions in what a hook calls are raised by `run`, for nobody would see them in simavr.
    """

    def __init__(self, kind: BoardKind, elf: Path) -> None:
        self.kind = kind
        self._simavr = simavr()
        self._simavr.complaints.clear()
        self._avr = self._simavr.new(kind.mcu)
        self._fields = Fields(self._avr, kind.memory)
        self._simavr.load(self._avr, self._simavr.firmware(elf, kind.hz, MILLIVOLTS))
        if self._fields.frequency.value != kind.hz:
            raise SimavrError(
                "this is not simavr 1.6: the frequency does not stand where it should"
            )
        self.data, self.flash = self._fields.data, self._fields.flash
        self.resets: list[tuple[int, str]] = []  # cycle, cause; the power-on is not counted
        self.on_reset: list[Callable[[], None]] = []
        self._keep: list[object] = []
        self._failure: BaseException | None = None
        self._working = RUNNING
        self._holds = 0
        self._due: list[tuple[int, int, Callable[[], None]]] = []
        self._order = count()
        self._ringing = False
        self._cause = 0
        self._fields.run_limit.value = _ENDLESS
        self._take_over()
        self._poll_no_levels()
        self._overdue = 0
        pending: int = self._simavr.interrupt_irq(self._avr, kind.watchdog_vector)
        self.listen(pending, self._barked)
        self.data[MCUSR] = POWER_ON

    def _take_over(self) -> None:
        """Be told of resets, and never sleep in real time."""
        self._alarm = TIMER(self._ring)
        before = c.cast(self._fields.on_reset.value or 0, CALL)

        def reset(avr: int) -> None:
            before(avr)
            self._was_reset()

        self._reset_hook, self._sleep_hook = CALL(reset), SLEEP(lambda _avr, _cycles: None)
        self._fields.on_reset.value = c.cast(self._reset_hook, c.c_void_p).value
        self._fields.on_sleep.value = c.cast(self._sleep_hook, c.c_void_p).value

    def _poll_no_levels(self) -> None:
        """Keep simavr from looking at the pins of external interrupts at every single cycle.

        It does so while one of them is low, whether or not the program has enabled anything.
        """
        for number in range(EXTERNAL_INTERRUPTS):
            self._simavr.level_polling(self._avr, number, 0)

    def close(self) -> None:
        """The end of this chip; nothing of it may be used afterwards."""
        if self._avr:
            self._simavr.free(self._avr)
            self._avr = 0

    # ── time ────────────────────────────────────────────────────────────────────────────

    @property
    def cycle(self) -> int:
        """Cycles since the power came; a reset leaves it be."""
        return int(self._fields.cycle.value)

    @property
    def seconds(self) -> float:
        """Seconds since the power came."""
        return self.cycle / self.kind.hz

    def cycles(self, seconds: float) -> int:
        """So many cycles are so many seconds."""
        return round(seconds * self.kind.hz)

    def run_until(self, goal: int) -> None:
        """Let it work until a cycle; raises SimavrError if the program has gone astray."""
        if goal <= self.cycle:
            return
        state = self._fields.state
        self.after(goal - self.cycle, self._pause)
        while self.cycle < goal:
            state.value = self._working
            self._simavr.run_many(self._avr)
            if self._failure is not None:
                failure, self._failure = self._failure, None
                raise failure
            if self._overdue:
                cause, self._overdue = self._overdue, 0
                self.reset(cause)
            if state.value in {DONE, CRASHED} or self._simavr.complaints:
                said = "; ".join(self._simavr.complaints)
                self._simavr.complaints.clear()
                raise SimavrError(f"gone astray, now at {self._fields.pc.value:#x}: {said}")

    def _pause(self) -> None:
        """Leave simavr between two instructions."""
        if self._fields.state.value:
            self._working = self._fields.state.value
            self._fields.state.value = PAUSED

    def _fail(self, error: BaseException) -> None:
        """Keep what a hook raised, and come back to raise it."""
        self._failure = error
        self._pause()

    def after(self, cycles: int, do: Callable[[], None]) -> None:
        """Do something so many cycles from now. Resets of the chip do not stop the world."""
        due = self.cycle + max(1, cycles)
        heapq.heappush(self._due, (due, next(self._order), do))
        if not self._ringing and self._due[0][0] == due:
            self._set_alarm()

    def _set_alarm(self) -> None:
        if self._due:
            wait = max(1, self._due[0][0] - self.cycle)
            self._simavr.timer(self._avr, wait, self._alarm, None)

    def _ring(self, _avr: int, _when: int, _param: int | None) -> int:
        self._ringing = True
        try:
            while self._due and self._due[0][0] <= self.cycle:
                heapq.heappop(self._due)[2]()
        except BaseException as error:  # noqa: BLE001 - raised by `run_until`
            self._fail(error)
        finally:
            self._ringing = False
        return max(self._due[0][0], self.cycle + 1) if self._due else 0

    # ── resets ──────────────────────────────────────────────────────────────────────────

    def reset(self, cause: int = EXTERNAL) -> None:
        """The reset button, or another cause of MCUSR's."""
        self._cause = cause
        self._simavr.reset(self._avr)
        self.data[MCUSR] = cause

    def _was_reset(self) -> None:
        cause, self._cause = self._cause or WATCHDOG, 0
        self._holds += 1
        self._working = RUNNING
        self._fields.run_limit.value = _ENDLESS
        names = {POWER_ON: "power", EXTERNAL: "external", BROWN_OUT: "brown-out"}
        self.resets.append((self.cycle, names.get(cause, "watchdog")))
        try:
            for do in self.on_reset:
                do()
        except BaseException as error:  # noqa: BLE001 - raised by `run_until`
            self._fail(error)
        self._set_alarm()  # simavr forgets all its timers
        self.after(1, self._poll_no_levels)

    def _barked(self, pending: int) -> None:
        """The watchdog wants an interrupt, and resets if it is not served by the next time.

        So the data sheet; simavr 1.6 waits for ever where interrupts are off.
        """
        control = self.data[WDTCSR]
        if not pending or not control & _WDE:
            return
        prescale = control & 7 | (8 if control & _WDP3 else 0)

        def late() -> None:
            if self.data[WDTCSR] & _WDIF and self.data[WDTCSR] & _WDE:
                self._overdue = WATCHDOG
                self._pause()

        self.after(self.cycles((2048 << prescale) / WATCHDOG_HZ), late)

    # ── looking in, reaching in ─────────────────────────────────────────────────────────

    def hang(self, *, interrupts: bool = True) -> None:
        """The main program never goes on; interrupts do, if they may.

        Its program counter is put on a jump to itself at the end of the flash, between two
        instructions of the main program: the binary that runs is the one that is flashed.
        """
        self._leave_interrupts()
        self._go_nowhere(interrupts=interrupts)

    def _go_nowhere(self, *, interrupts: bool) -> None:
        place = len(self.flash) - len(_JUMP_TO_SELF)
        self.flash[place:] = list(_JUMP_TO_SELF)
        self._fields.pc.value = place
        if not interrupts:
            self._fields.interrupts.value = 0

    def hold(self, seconds: float) -> None:
        """Right after a reset: the boot loader listens for that long, then starts the program.

        It takes the cause of the reset away, as the Uno's own does.
        """
        self._go_nowhere(interrupts=False)
        self.data[MCUSR] = 0
        self._holds += 1
        mine = self._holds

        def start() -> None:
            if mine == self._holds:
                self.flash[len(self.flash) - len(_JUMP_TO_START) :] = list(_JUMP_TO_START)

        self.after(self.cycles(seconds), start)

    def _leave_interrupts(self) -> None:
        end = self.cycle + self.kind.hz
        while not self._fields.interrupts.value:
            if self.cycle > end:
                raise SimavrError("interrupts have been off for a second")
            self.run_until(self.cycle + 1)

    def add_to_word(self, address: int, amount: int) -> None:
        """Add to 32 bits of RAM, when no interrupt nor a critical section is at work."""
        self._leave_interrupts()
        word = int.from_bytes(self.data[address : address + 4], "little")
        self.data[address : address + 4] = list(((word + amount) % 2**32).to_bytes(4, "little"))

    # ── simavr's signals ────────────────────────────────────────────────────────────────

    def irq(self, device: str, index: int) -> int:
        """A signal of a device: `tag` of four letters and a number (see simavr's headers)."""
        found: int | None = self._simavr.irq(self._avr, int.from_bytes(device.encode()), index)
        if found is None:
            raise SimavrError(f"{self.kind.mcu} has no {device} {index}")
        return found

    def register_irq(self, address: int) -> int:
        """The signal of every access to a register."""
        found: int = self._simavr.register_irq(self._avr, address, None, 8)
        return found

    def listen(self, irq: int, call: Callable[[int], None]) -> None:
        """Call with the value whenever the signal is raised."""

        def hear(_irq: int, value: int, _param: int | None) -> None:
            try:
                call(value)
            except BaseException as error:  # noqa: BLE001 - raised by `run_until`
                self._fail(error)

        self._keep.append(hook := HOOK(hear))
        self._simavr.notify(irq, hook, None)

    def on_write(self, address: int, call: Callable[[int], None]) -> None:
        """Call with the value whenever a register of a device has been written."""

        def hear(_avr: int, _address: int, value: int, _param: int | None) -> None:
            try:
                call(value)
            except BaseException as error:  # noqa: BLE001 - raised by `run_until`
                self._fail(error)

        self._keep.append(hook := WRITTEN(hear))
        self._simavr.on_write(self._avr, address, hook, None)

    def write(self, address: int, value: int) -> None:
        """Write a register of a device as the program does."""
        self._simavr.written(self._avr, address, value)

    def signal(self, irq: int, value: int) -> None:
        """Raise a signal."""
        self._simavr.raise_irq(irq, value)

    def forget(self, irq: int, flags: int = 0) -> None:
        """Let the next value count as new even if it equals the last one."""
        self._simavr.irq_flags(irq, flags | IRQ_INIT)

    def ioctl(self, name: str, argument: c.Array[c.c_char] | c.Structure | c.c_uint32) -> int:
        """Ask a device something."""
        result: int = self._simavr.ioctl(
            self._avr, int.from_bytes(name.encode()), c.byref(argument)
        )
        return result

    def twi_message(self, message: int, address: int, data: int) -> int:
        """A word of simavr's two-wire bus."""
        word: int = self._simavr.twi_message(message, address, data)
        return word
