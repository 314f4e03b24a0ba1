"""A camera on the board's own connector, through the module `camera` that its MicroPython has.

The API of github.com/cnadler86/micropython-camera-API, whose images carry the driver of OV2640,
OV3660, OV5640 and others. It blocks while it switches a camera on, and wants PSRAM.
"""

from camera import Camera, FrameSize, GrabMode, PixelFormat

from plantnode import clock

_SIZES = ((320, "QVGA"), (640, "VGA"), (800, "SVGA"), (1024, "XGA"), (1280, "SXGA"), (1600, "UXGA"))
_FRAME_MS = 3_000
_LOOK_MS = 10


def size_for(width: int) -> str:
    """The name of the widest size that is no wider than `width`, or of the narrowest."""
    return [name for wide, name in _SIZES if wide <= max(width, _SIZES[0][0])][-1]


class BoardCamera:
    """Off until it is opened; `pins` are arguments of `camera.Camera`, none if it knows them.

    `turned` are the settings of the picture: `vflip`, `hmirror`.
    """

    clocked = True  # by the hardware that would dim a lamp

    def __init__(self, pins: dict, turned: tuple, lamp, *, with_pump: bool) -> None:
        self.pins, self.turned = pins, turned
        self.lamp, self.with_pump = lamp, with_pump
        self.device = None  # type: Camera
        self.how = None

    def ready(self, width: int, quality: int) -> bool:
        """Whether it is on, and takes photos of this kind."""
        return self.device is not None and self.how == (size_for(width), quality)

    def open(self, width: int, quality: int) -> None:
        """Switch it on; raises OSError if it does not answer, ValueError for pins that can't be."""
        self.close()
        name = size_for(width)
        device = Camera(
            pixel_format=PixelFormat.JPEG,
            frame_size=getattr(FrameSize, name),
            jpeg_quality=quality,
            fb_count=1,
            grab_mode=GrabMode.WHEN_EMPTY,
            **self.pins,
        )
        for setting in self.turned:
            setattr(device, setting, True)
        self.device, self.how = device, (name, quality)

    def close(self) -> None:
        """Switch it off; its memory is free again."""
        device, self.device = self.device, None
        if device is not None:
            try:
                device.deinit()
            except OSError:
                pass

    async def skip(self) -> None:
        """Let one frame pass."""
        await self._next()

    async def frame(self) -> bytes:
        """The next frame; raises OSError if none comes."""
        seen = bytes(await self._next())
        self.device.free_buffer()
        return seen

    async def _next(self):
        """The camera's own memory of the next frame, valid until the one after it is asked for."""
        self.device.free_buffer()
        until = clock.real_ms() + _FRAME_MS
        while not self.device.frame_available():
            if clock.real_ms() > until:
                raise OSError("no frame")
            await clock.pause_ms(_LOOK_MS)
        seen = self.device.capture()
        if seen is None:
            raise OSError("no frame")
        return seen
