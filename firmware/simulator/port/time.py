# The clock of a simulated board: the port's own, which the bench can let jump. (PLANTNODE_SPEED is
# the business of plantnode.clock: networks and watchdogs do not run faster for a plant.)
# These ticks never fall behind the real ones: the C task queue of asyncio stamps "now" with the
# real ticks, and such a task must count as due.
import utime as _real
from utime import *  # noqa: F403 - what is not shadowed below stays

_ahead = [0]


def ticks_us():
    return _real.ticks_us() + _ahead[0]


def ticks_ms():
    return ticks_us() // 1000


def ticks_cpu():
    return ticks_us()


def ticks_add(ticks, delta):
    return ticks + delta


def ticks_diff(end, start):
    return end - start


def jump_us(us):
    _ahead[0] += us
