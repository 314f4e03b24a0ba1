# The module of a camera-enabled MicroPython (cnadler86/micropython-camera-API), as far as the node
# uses it. Switching a camera on blocks the program, and each frame takes its time. What it sees is
# up to the bench.
import time
from binascii import a2b_base64

import wire

START_MS, FRAME_MS = 150, 40


class PixelFormat:
    JPEG = 4


class GrabMode:
    WHEN_EMPTY = 0


class FrameSize:
    QVGA, VGA, SVGA, XGA, SXGA, UXGA = 6, 10, 11, 12, 14, 15


_PIXELS = {6: (320, 240), 10: (640, 480), 11: (800, 600), 12: (1024, 768), 14: (1280, 1024),
           15: (1600, 1200)}  # fmt: skip
_PINS = ("vsync_pin", "href_pin", "pclk_pin", "xclk_pin", "sda_pin", "scl_pin", "powerdown_pin")


class Camera:
    def __init__(
        self, *, pixel_format, frame_size, jpeg_quality, fb_count, grab_mode, data_pins=None, **pins
    ):
        # The real one refuses all of this, too.
        if (pixel_format, fb_count, grab_mode) != (PixelFormat.JPEG, 1, GrabMode.WHEN_EMPTY):
            raise ValueError("not of this bench")
        if data_pins is not None and (not isinstance(data_pins, list) or len(data_pins) != 8):
            raise TypeError("data_pins must be a list or bytearray")
        for name, pin in pins.items():
            if name not in _PINS or type(pin) is not int:
                raise TypeError(name)
        if not 0 <= jpeg_quality <= 100:
            raise ValueError("jpeg quality must be in range 0-100")
        self._size, self._quality = _PIXELS[frame_size], jpeg_quality
        self._held, self._due, self._on = None, time.ticks_ms(), True
        self.vflip = self.hmirror = False
        time.sleep_ms(START_MS)
        self._expose()  # it wants a first frame, or does not start
        wire.tell("camera", 1)
        self.free_buffer()

    def _check(self):
        if not self._on:
            raise OSError(2)

    def _expose(self):
        turned = [int(self.hmirror), int(self.vflip)]
        seen = wire.ask("camera", self._size[0], self._size[1], self._quality, turned)
        self._held = a2b_base64(seen)

    def frame_available(self):
        self._check()
        return time.ticks_diff(time.ticks_ms(), self._due) >= 0

    def capture(self):
        self._check()
        self._expose()
        return memoryview(self._held)

    def free_buffer(self):
        self._held = None
        self._due = time.ticks_add(time.ticks_ms(), FRAME_MS)

    def deinit(self):
        if self._on:
            self._on, self._held = False, None
            wire.tell("camera", 0)
