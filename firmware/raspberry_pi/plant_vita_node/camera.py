"""A camera at the ribbon cable, by picamera2, with the face of `plantnode.drivers.camera`.

picamera2 takes its time, and libcamera below it may hang: all of it happens in a thread of its own,
every wait has an end, and the node goes on meanwhile.
"""

import asyncio
import importlib
import importlib.util
import io
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

JOB_S = 8.0  # the longest: the libraries are imported, the camera starts and looks around
SETTLE_S = 1.0  # until exposure and white balance have found themselves


class BoardCamera:
    """One camera. It is off until somebody asks for a photo, and soon after.

    turned: "vflip", "hmirror", both or neither. lamp: an output that is lit for a photo, or None.
    """

    clocked = False  # it takes no output away
    with_pump = True  # and does not keep the node from hearing a `stop`

    def __init__(
        self, _wiring: object, turned: tuple[str, ...], lamp: Any, *, with_pump: bool
    ) -> None:
        del with_pump
        if importlib.util.find_spec("picamera2") is None:
            raise ValueError("python3-picamera2 is not installed")
        self.lamp = lamp
        self._turned = turned
        self._how: tuple[int, int] | None = None
        self._worker = ThreadPoolExecutor(1, "camera")
        self._job: Future[Any] | None = None
        # The thread's own.
        self._camera: Any = None
        self._runs: tuple[int, int] | None = None

    def ready(self, width: int, quality: int) -> bool:
        """Whether it is on in this way."""
        return self._how == (width, quality)

    def open(self, width: int, quality: int) -> None:
        """Be on in this way from the next frame on; raises OSError while the camera hangs."""
        if self._job is not None and not self._job.done():
            raise OSError("the camera hangs")
        self._how = (width, quality)

    async def skip(self) -> None:
        """Let a frame pass; raises OSError."""
        await self._do(lambda camera: camera.capture_metadata())

    async def frame(self) -> bytes:
        """A photo as JPEG; raises OSError where there is none in time."""
        photo: bytes = await self._do(_jpeg)
        return photo

    def close(self) -> None:
        """Off, as soon as the thread comes to it."""
        if self._how is not None:
            self._how = None
            self._worker.submit(self._stop)

    async def _do(self, what: Callable[[Any], Any]) -> Any:
        """Have the thread do something with the camera, within its time; raises OSError."""
        how = self._how
        if how is None:
            raise OSError("the camera is off")
        self._job = job = self._worker.submit(lambda: what(self._started(how)))
        try:
            return await asyncio.wait_for(asyncio.wrap_future(job), JOB_S)
        except TimeoutError:
            raise OSError("the camera does not answer") from None
        except Exception as error:  # libcamera's errors are of every kind
            raise OSError(f"{type(error).__name__}: {error}") from error

    # ── in the thread ───────────────────────────────────────────────────────────────────

    def _started(self, how: tuple[int, int]) -> Any:
        """The camera, running in this way."""
        if self._runs != how:
            self._stop()
            self._start(*how)
            self._runs = how
        return self._camera

    def _start(self, width: int, quality: int) -> None:
        camera = self._camera = importlib.import_module("picamera2").Picamera2()
        transform = importlib.import_module("libcamera").Transform(
            vflip="vflip" in self._turned, hflip="hmirror" in self._turned
        )
        size = fitting(camera.sensor_resolution, width)
        camera.configure(
            camera.create_still_configuration(main={"size": size}, transform=transform)
        )
        camera.options["quality"] = quality
        camera.start()
        time.sleep(SETTLE_S)

    def _stop(self) -> None:
        camera, self._camera, self._runs = self._camera, None, None
        if camera is not None:
            try:
                camera.stop()
            finally:
                camera.close()


def fitting(sensor: tuple[int, int], width: int) -> tuple[int, int]:
    """The whole picture of a sensor, no wider than `width`, both sides even (pixels)."""
    full, tall = sensor
    shown = min(width, full) // 2 * 2
    return shown, max(2, tall * shown // full // 2 * 2)


def _jpeg(camera: Any) -> bytes:
    photo = io.BytesIO()
    camera.capture_file(photo, format="jpeg")
    return photo.getvalue()
