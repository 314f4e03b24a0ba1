"""A picamera2 and a libcamera that are not there, as far as the node uses them.

As strict as the real ones (picamera2 manual, chapters 4 to 6): nothing is captured by a camera that
was not configured and started, and one that somebody has cannot be had twice.
"""

import io
import sys
import threading
import types

from PIL import Image


class Transform:
    def __init__(self, *, hflip: bool = False, vflip: bool = False) -> None:
        self.hflip, self.vflip = hflip, vflip


class Picamera2:
    sensor_resolution = (2592, 1944)  # an OV5647
    there = True
    made: list = []  # noqa: RUF012 - all that were ever made
    hang: threading.Event | None = None

    def __init__(self) -> None:
        if not type(self).there:
            raise IndexError("list index out of range")  # as picamera2 says it without a camera
        if any(camera.had for camera in self.made):
            raise RuntimeError("Camera __init__ sequence did not complete.")
        self.had, self.running, self.config = True, False, None
        self.options: dict = {}
        self.frames = 0
        self.made.append(self)

    def create_still_configuration(self, main: dict, transform: Transform) -> dict:
        assert set(main) == {"size"}
        return {"size": main["size"], "transform": transform}

    def configure(self, config: dict) -> None:
        assert not self.running
        width, height = config["size"]
        assert width % 2 == height % 2 == 0
        self.config = config

    def start(self) -> None:
        assert self.config is not None
        self.running = True

    def capture_metadata(self) -> dict:
        self._pass()
        return {"ExposureTime": 10_000}

    def capture_file(self, file, format: str) -> None:  # noqa: A002 - its name there
        self._pass()
        assert format == "jpeg"
        picture = Image.new("RGB", self.config["size"], (40, 120, 40))
        transform = self.config["transform"]
        width, height = picture.size
        at = (width - 8 if transform.hflip else 0, height - 8 if transform.vflip else 0)
        picture.paste((255, 0, 0), (*at, at[0] + 8, at[1] + 8))
        data = io.BytesIO()
        picture.save(data, "JPEG", quality=self.options["quality"])
        file.write(data.getvalue())

    def _pass(self) -> None:
        assert self.running
        if type(self).hang is not None:
            type(self).hang.wait(60)
        self.frames += 1

    def stop(self) -> None:
        assert self.running
        self.running = False

    def close(self) -> None:
        assert not self.running
        self.had = False


def put_in_place(how: str = "") -> None:
    """Let them be imported. how: "gone" is a cable without a camera, "hang" one that hangs."""
    Picamera2.there = how != "gone"
    if how == "hang":
        Picamera2.hang = threading.Event()
    for name, what in (("picamera2", Picamera2), ("libcamera", Transform)):
        module = types.ModuleType(name)
        module.__spec__ = types.SimpleNamespace(name=name)  # find_spec looks at it
        setattr(module, what.__name__, what)
        sys.modules[name] = module
