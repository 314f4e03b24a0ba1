# The clock of a simulated board: the port's own, which the bench can hurry or jump. (The lasting
# PLANTNODE_SPEED is the business of plantnode.clock: networks do not run faster for a plant.)
# These ticks never fall behind the real ones: the C task queue of asyncio stamps "now" with the
# real ticks, and such a task must count as due.
import utime as _real
from utime import *  # noqa: F403 - what is not shadowed below stays

_state = {"speed": 1}
_state["real"] = _state["base"] = _real.ticks_us()


def ticks_us():
    return _state["base"] + int((_real.ticks_us() - _state["real"]) * _state["speed"])


def ticks_ms():
    return ticks_us() // 1000


def ticks_cpu():
    return ticks_us()


def ticks_add(ticks, delta):
    return ticks + delta


def ticks_diff(end, start):
    return end - start


def set_speed(speed):
    # What has passed so far keeps the old speed.
    now = ticks_us()
    _state["real"], _state["base"], _state["speed"] = _real.ticks_us(), now, speed


def jump_us(us):
    _state["base"] += us


def real_us(us):
    # How long `us` of the board's time take here.
    return int(us / _state["speed"])


def sleep_us(us):
    _real.sleep_us(max(0, real_us(us)))


def sleep_ms(ms):
    sleep_us(ms * 1000)


def sleep(seconds):
    sleep_us(int(seconds * 1_000_000))


def speed():
    return _state["speed"]
