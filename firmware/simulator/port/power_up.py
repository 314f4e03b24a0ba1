# What a board does when it gets power: the hardware starts, then boot.py and main.py run from the
# flash (the directory named first on the command line). This is the program the bench starts.
import select
import sys
import time
from asyncio import core

import utime
import wire

SLICE_MS = 20  # the longest real wait, so that a jump of the clock is noticed


class Poller:
    # asyncio waits here: in the board's time, and skipping idle stretches while the bench jumps.
    def __init__(self):
        self._poll = select.poll()
        self.register, self.unregister = self._poll.register, self._poll.unregister
        self.modify, self.poll = self._poll.modify, self._poll.poll

    def ipoll(self, timeout=-1):
        wire.ring_radio()
        ready = self._poll.poll(0)
        if ready or timeout == 0:
            return ready
        end = None if timeout < 0 else time.ticks_us() + timeout * 1000
        while not ready and (end is None or time.ticks_us() < end):
            ready = self._wait(end)
        return ready

    def _wait(self, end):
        jump = wire.virtual_us()
        if jump:
            wire.jump(jump if end is None else min(jump, end - time.ticks_us()))
            return self._poll.poll(0)
        left = SLICE_MS * 1000 if end is None else end - time.ticks_us()
        if left < 1000:
            utime.sleep_us(max(0, left))
            return self._poll.poll(0)
        return self._poll.poll(min(SLICE_MS, left // 1000))


class Select:
    # In the place of the module `select`, for asyncio only.
    POLLIN, POLLOUT, POLLERR, POLLHUP = (
        select.POLLIN,
        select.POLLOUT,
        select.POLLERR,
        select.POLLHUP,
    )
    poll = Poller


def run(path, name):
    try:
        with open(path) as file:
            source = file.read()
    except OSError:
        print("no", path, "in the flash")
        return
    try:
        exec(compile(source, path, "exec"), {"__name__": name, "__file__": path})  # noqa: S102
    except Exception as error:  # noqa: BLE001 - the chip survives its program
        sys.print_exception(error)


def main():
    flash = sys.argv[1]
    core.select = Select
    core._io_queue = core.IOQueue()  # noqa: SLF001
    wire.switch_on()
    run(flash + "/boot.py", "__main__")
    run(flash + "/main.py", "__main__")
    print("the program ended: the board stands at its prompt")
    while True:
        time.sleep_ms(50)


main()
