"""The power goes at every single step of an update's way through the file system.

Under the real interpreter, in one process: a start of the node is what `slots.enter` chooses then.
"""

import json

import pytest

from tests.firmware.images import image, offer
from tests.firmware.under_micropython import run

FILES = {
    "__init__.py": 'VERSION = "0.2.0"\n',
    "app.py": "# " + "a new application " * 400,
    "drivers/__init__.py": "",
    "drivers/soil.py": "# " + "a driver " * 90,
}
PROGRAM = """
import asyncio, builtins, json, os, sys
from binascii import b2a_base64

class Timer:
    ONE_SHOT = 0
    def __init__(self, number): pass
    def init(self, **how): pass
    def deinit(self): pass
sys.modules["machine"] = type("machine", (), {"Timer": Timer})

import slots
from plantnode import files, updates

class PowerCut(BaseException):
    pass

class Power:
    left = -1
    steps = 0
def gone():
    Power.steps += 1
    Power.left -= 1
    return Power.left == 0
def step():
    if gone():
        raise PowerCut

class Medium(files.Medium):
    def store(self, path, data, mode="wb"):
        if gone():
            super().store(path, data[: len(data) // 2], mode)
            raise PowerCut
        super().store(path, data, mode)
        step()
    def rename(self, old, new):
        step()
        super().rename(old, new)
        step()
    def remove(self, path):
        step()
        super().remove(path)
        step()
    def make(self, path):
        super().make(path)
        step()
files.use(Medium(), "")

def cut_open(path, mode="r"):
    if mode == "w" and gone():
        with open(path, "w") as file:
            file.write('{"ru')
        raise PowerCut
    return open(path, mode)
class Os:
    getenv, sync = os.getenv, lambda: None
    def rename(old, new):
        step()
        os.rename(old, new)
        step()
slots.open, slots.os = cut_open, Os

class Sender:
    def put(self, message): self.said = message
class Pumps:
    channel = None
class Outputs:
    pumps = Pumps
class Node:
    def __init__(self):
        self.settings, self.outputs, self.sender = {}, Outputs, Sender()
        self.restarting = False

async def update(node):
    taker = updates.Updates(node)
    def tell(**message):
        taker.take(dict(message, c="x"))
        return node.sender.said
    held = tell(**OFFER)["at"]
    while held < len(DATA):
        data = b2a_base64(DATA[held : held + 700]).decode().strip()
        held = tell(t="part", at=held, d=data)["at"]
    tell(t="install")
    await taker.task
    assert node.sender.said.get("ok") == 1 and node.restarting, node.sender.said

def boot():
    slots.Started.slot, slots.Started.timer = "", None
    before = list(sys.path)
    slots.enter()
    sys.path[:] = before
    return slots.Started.slot

def whole(slot, expected):
    for name, text in expected.items():
        with open("slots/" + slot + "/plantnode/" + name) as file:
            assert file.read() == text, (slot, name)

def wipe():
    for folder in ("slots",):
        try:
            files.Medium().clear(folder)
        except OSError:
            pass
    for name in os.listdir():
        os.remove(name)
    if BEFORE:
        files.make("slots/a/plantnode")
        with open("slots/a/plantnode/app.py", "w") as file:
            file.write("# old")
        with open("slots.json", "w") as file:
            json.dump({"run": "a"}, file)

def check(slot):
    if slot == NEXT:
        whole(slot, FILES)
    else:
        assert slot == BEFORE, slot
        if BEFORE:
            whole(BEFORE, {"app.py": "# old"})

def run_once(left):
    asyncio.new_event_loop()
    Power.left = left
    try:
        asyncio.run(update(Node()))
        boot()
        slots.confirm()
        return False
    except PowerCut:
        return True
    finally:
        Power.left = -1

cuts, tried, kept = 0, 0, 0
while True:
    wipe()
    boot()
    cut = run_once(cuts + 1)
    slot = boot()
    check(slot)
    if not cut:
        assert slot == NEXT, slot
        break
    cuts += 1
    if slot == NEXT and slots.on_trial():
        tried += 1
        # Cut once more, before it has said that it works: then it is the old one's turn again.
        again = boot()
        assert again == BEFORE, again
        slot = again
    if slot == BEFORE:
        assert not run_once(-1)
        slot = boot()
        assert slot == NEXT, slot
    kept += 1
    check(slot)
result = [cuts, tried, kept]
"""


@pytest.mark.parametrize(("before", "slot"), [("", "a"), ("a", "b")])
def test_every_step(tmp_path, before, slot):
    source = tmp_path / "package"
    for name, text in FILES.items():
        path = source / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text)
    data = image(source)
    folder = tmp_path / "flash"
    folder.mkdir()
    about = (
        f"OFFER = json.loads({json.dumps(offer(data, '0.2.0'))!r})\n"
        f"DATA, FILES, BEFORE, NEXT = {data!r}, {FILES!r}, {before!r}, {slot!r}\n"
    )
    cuts, tried, kept = run("import json\n" + about + PROGRAM, folder=folder)
    assert cuts > 40
    assert tried >= 3
    assert kept == cuts
