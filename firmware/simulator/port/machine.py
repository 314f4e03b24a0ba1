# The chip of a simulated board: the pins and peripherals that the node's programs use, wired to the
# bench. Only what the real module has, with the same names and errors.
import binascii
import os
import time

import wire
from umachine import *  # noqa: F403 - what the port has: idle, mem32, …

# A timer ends pulses of water: it belongs to the plant's time, the watchdog to the program's.
SPEED = max(1, int(os.getenv("PLANTNODE_SPEED") or 1))
PWRON_RESET, HARD_RESET, WDT_RESET, DEEPSLEEP_RESET, SOFT_RESET = 1, 2, 3, 4, 5
PIN_WAKE, TIMER_WAKE = 2, 4


def unique_id():
    return binascii.unhexlify(wire.boot["id"])


def reset_cause():
    return wire.boot["cause"]


def wake_reason():
    return TIMER_WAKE if reset_cause() == DEEPSLEEP_RESET else 0


def reset():
    wire.leave(wire.EXIT_RESET, "reset")


soft_reset = reset


def deepsleep(time_ms=0):
    wire.leave(wire.EXIT_SLEEP, "sleep", time_ms)


def lightsleep(time_ms=0):
    time.sleep_ms(time_ms)


def freq(*_):
    return 160_000_000


class Pin:
    IN, OUT, OPEN_DRAIN = 1, 3, 7
    PULL_DOWN, PULL_UP = 1, 2
    IRQ_RISING, IRQ_FALLING, WAKE_LOW, WAKE_HIGH = 1, 2, 4, 5

    def __init__(self, id, mode=-1, pull=-1, *, value=None, hold=None):
        self.id = id.id if isinstance(id, Pin) else id
        self._mode = self._level = None
        self.init(mode, pull, value=value)

    def init(self, mode=-1, pull=-1, *, value=None, hold=None):
        if mode != -1:
            self._mode = mode
        if pull == self.PULL_UP:
            wire.levels.setdefault(self.id, 1)
        if mode == self.OUT:
            wire.check_output(self.id)
            self.value(0 if value is None else value)
        elif value is not None:
            self.value(value)

    def value(self, level=None):
        if self._mode in (self.OUT, self.OPEN_DRAIN):
            if level is None:
                return self._level
            self._drive(1 if level else 0)
            return None
        return wire.levels.get(self.id, 0) if level is None else None

    def _drive(self, level):
        if level != self._level:
            self._level = level
            wire.tell("pin", self.id, level)

    __call__ = value

    def on(self):
        self.value(1)

    def off(self):
        self.value(0)

    def toggle(self):
        self.value(not self._level)

    def irq(self, handler=None, trigger=3, *, wake=None, hard=False):
        def changed(level):
            if trigger & (self.IRQ_RISING if level else self.IRQ_FALLING):
                handler(self)

        wire.listeners[self.id] = changed if handler else lambda level: None


class ADC:
    ATTN_0DB, ATTN_2_5DB, ATTN_6DB, ATTN_11DB = 0, 1, 2, 3
    WIDTH_12BIT = 12

    def __init__(self, pin, *, atten=0, sample_ns=None):
        self._pin = pin.id if isinstance(pin, Pin) else pin
        self._atten = atten

    def atten(self, atten):
        self._atten = atten

    def read_uv(self):
        return wire.ask("adc", self._pin, self._atten)

    def read_u16(self):
        return min(65535, self.read_uv() * 65535 // 3_300_000)

    def read(self):
        return self.read_u16() >> 4


class PWM:
    def __init__(self, dest, freq=5000, *, duty_u16=0, duty=None, invert=0):
        self._pin = dest.id if isinstance(dest, Pin) else dest
        wire.check_output(self._pin)
        self._freq, self._duty = freq, None
        self.duty_u16(duty_u16 if duty is None else duty * 64)

    def freq(self, freq=None):
        if freq is None:
            return self._freq
        self._freq = freq
        return None

    def duty_u16(self, duty=None):
        if duty is None:
            return self._duty
        if duty != self._duty:
            self._duty = duty
            wire.tell("pwm", self._pin, duty, self._freq)
        return None

    def duty(self, duty=None):
        return self.duty_u16() // 64 if duty is None else self.duty_u16(duty * 64)

    def deinit(self):
        self.duty_u16(0)


class Timer:
    ONE_SHOT, PERIODIC = 0, 1

    def __init__(self, id=-1, **how):
        self._id = id if id >= 0 else self
        if how:
            self.init(**how)

    def init(self, *, mode=1, period=None, freq=None, callback=None, hard=False):
        # On the chip, timer 0 is one timer, whoever holds an object for it: arming replaces.
        every = (period * 1000 if period is not None else int(1_000_000 / freq)) // SPEED
        self._arm(time.ticks_us() + every, every if mode == self.PERIODIC else 0, callback)

    def _arm(self, due, every, callback):
        def ring():
            if every:
                self._arm(due + every, every, callback)
            if callback:
                callback(self)

        wire.set_alarm(("timer", self._id), due, ring)

    def deinit(self):
        wire.clear_alarm(("timer", self._id))


class WDT:
    def __init__(self, id=0, timeout=5000):
        self._timeout = timeout * 1000
        self.feed()

    def feed(self):
        wire.set_alarm("wdt", time.ticks_us() + self._timeout, self._bite)

    def _bite(self):
        wire.leave(wire.EXIT_WATCHDOG, "wdt")


class I2C:
    def __init__(self, id=-1, *, scl=None, sda=None, freq=400_000, timeout=50_000):
        self._bus = [scl and scl.id, sda and sda.id]

    def scan(self):
        return wire.ask("i2c", "scan", 0, "", 0)

    def _ask(self, what, addr, data, count):
        text = binascii.hexlify(bytes(data)).decode()
        return binascii.unhexlify(wire.ask("i2c", what, addr, text, count))

    def writeto(self, addr, buf, stop=True):
        self._ask("write", addr, buf, 0)
        return len(buf)

    def readfrom(self, addr, nbytes, stop=True):
        return self._ask("read", addr, b"", nbytes)

    def readfrom_into(self, addr, buf, stop=True):
        buf[:] = self.readfrom(addr, len(buf))

    def readfrom_mem(self, addr, memaddr, nbytes, *, addrsize=8):
        return self._ask("read", addr, bytes([memaddr]), nbytes)

    def readfrom_mem_into(self, addr, memaddr, buf, *, addrsize=8):
        buf[:] = self.readfrom_mem(addr, memaddr, len(buf))

    def writeto_mem(self, addr, memaddr, buf, *, addrsize=8):
        self._ask("write", addr, bytes([memaddr]) + bytes(buf), 0)


SoftI2C = I2C


class RTC:
    def memory(self, data=None):
        if data is None:
            return binascii.unhexlify(wire.boot["rtc"])
        wire.boot["rtc"] = binascii.hexlify(bytes(data)).decode()
        wire.tell("rtc", wire.boot["rtc"])
        return None

    def datetime(self, value=None):
        return (2000, 1, 1, 5, 0, 0, 0, 0)
