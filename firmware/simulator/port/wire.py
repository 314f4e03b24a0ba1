# The one connection between a simulated board and its bench, and the thread that stands for the
# chip's hardware: it takes in what the bench drives onto the pins, and rings timers and watchdog
# even while the program hangs.
import _thread
import json
import os
import select
import socket
import time

import ffi

EXIT_WATCHDOG, EXIT_RESET, EXIT_SLEEP, EXIT_UNPLUGGED = 70, 71, 72, 73
IDLE_MS = 50
_libc = ffi.open("libc.so.6")
exit_now = _libc.func("v", "_exit", "i")

_bench = socket.socket()
_bench.connect(socket.getaddrinfo("127.0.0.1", int(os.getenv("PLANTNODE_BENCH")))[0][-1])
_bench.write(os.getenv("PLANTNODE_TOKEN") + "\n")
boot = json.loads(_bench.readline())

levels = {int(pin): level for pin, level in boot["in"].items()}
listeners = {}  # pin -> called with the new level
# The network there is; a board whose bench names none finds whatever it looks for.
wifi = {"up": True, "rssi": -58, "ssid": None, "password": None}
wifi.update(boot.get("wifi", {}))
_alarms = {}  # key -> [due in ticks of us, what to call]
_alarm_lock = _thread.allocate_lock()
_write_lock = _thread.allocate_lock()
_ask_lock = _thread.allocate_lock()
_answered = _thread.allocate_lock()
_answered.acquire()
_answers = []
_jump = {"until": 0}
_radio = {"hears": None}
_radio_lock = _thread.allocate_lock()
_radio_heard = []
# An event that wakes the thread when a new alarm is due before it would look again.
_bell = open(_libc.func("i", "eventfd", "Ii")(0, 0o4000), "r+b")  # noqa: SIM115
_RING = (1).to_bytes(8, "little")


def tell(*what):
    line = json.dumps(what + (time.ticks_us(),)) + "\n"
    with _write_lock:
        _bench.write(line)


def ask(*what):
    # Sensors are asked, not pushed: each reading belongs to one moment of the board's clock.
    with _ask_lock:
        tell("ask", *what)
        _answered.acquire()
        answer = _answers.pop()
    if isinstance(answer, dict):
        raise OSError(answer["errno"])
    return answer


def check_output(pin):
    # A real chip refuses this too; a test must not pass on a board that could not be wired.
    if pin in boot["input_only"]:
        raise ValueError("pin %d can only be an input" % pin)


def leave(code, *why):
    tell(*why)
    exit_now(code)


def set_alarm(key, due_us, call):
    with _alarm_lock:
        _alarms[key] = (due_us, call)
    if due_us - time.ticks_us() < IDLE_MS * 1000:
        _bell.write(_RING)


def clear_alarm(key):
    with _alarm_lock:
        _alarms.pop(key, None)


def next_alarm_us():
    with _alarm_lock:
        return min([due for due, _ in _alarms.values()], default=None)


def ring_due():
    while True:
        with _alarm_lock:
            now = time.ticks_us()
            due = [(at, key) for key, (at, _) in _alarms.items() if at <= now]
            if not due:
                return
            key = min(due)[1]
            call = _alarms.pop(key)[1]
        call()


def virtual_us():
    # How far the bench wants the clock to jump: 0 when it runs by itself.
    if not _jump["until"]:
        return 0
    left = _jump["until"] - time.ticks_us()
    if left <= 0:  # jumped, or the last bit passed by itself
        _jump["until"] = 0
        tell("jumped")
    return max(0, left)


def jump(us):
    # Everything on the way rings at its own moment.
    target = time.ticks_us() + us
    while True:
        due = next_alarm_us()
        left = target - time.ticks_us()
        if left <= 0:
            break
        time.jump_us(left if due is None else max(0, min(left, due - time.ticks_us())))
        ring_due()
    virtual_us()


def hear_radio(call):
    _radio["hears"] = call


def ring_radio():
    # In the program's own thread: the chip, too, calls it back between two of its instructions.
    while True:
        with _radio_lock:
            if not _radio_heard:
                return
            heard = _radio_heard.pop(0)
        if _radio["hears"]:
            _radio["hears"](*heard)


def _obey(order):
    if "ble" in order:
        with _radio_lock:
            _radio_heard.append(order["ble"])
    if "answer" in order:
        _answers.append(order["answer"])
        _answered.release()
    if "in" in order:
        for pin, level in order["in"].items():
            levels[int(pin)] = level
            if int(pin) in listeners:
                listeners[int(pin)](level)
    if "wifi" in order:
        wifi.update(order["wifi"])
    if "jump" in order:
        _jump["until"] = time.ticks_us() + order["jump"]  # us


def _hardware():
    poller = select.poll()
    poller.register(_bench, select.POLLIN)
    poller.register(_bell, select.POLLIN)
    while True:
        due = next_alarm_us()
        wait = IDLE_MS
        if due is not None:
            wait = min(wait, max(0, (due - time.ticks_us()) // 1000))
        for ready, _ in poller.poll(wait):
            if ready is _bell:
                _bell.read(8)
                continue
            line = _bench.readline()
            if not line:
                exit_now(EXIT_UNPLUGGED)
            _obey(json.loads(line))
        ring_due()


def switch_on():
    _thread.stack_size(128 * 1024)
    _thread.start_new_thread(_hardware, ())
