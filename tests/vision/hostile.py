"""Two hundred files that are no good photos: cut off, bent, lying about their size, or bombs."""

import random
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageFile
from PIL.PngImagePlugin import PngInfo

from scripts.lab.clouds.pictures import jpeg, plant

type Hostile = tuple[str, bytes]
FORMATS = ("JPEG", "PNG", "WEBP")


def saved(image: Image.Image, kind: str, **more: object) -> bytes:
    buffer = BytesIO()
    image.save(buffer, kind, **more)
    return buffer.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
    )


def png(width: int, height: int, rows: bytes, depth: int = 8, colour: int = 2) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = [chunk(b"IHDR", head), chunk(b"IDAT", rows), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def webp(name: bytes, content: bytes) -> bytes:
    body = b"WEBP" + name + struct.pack("<I", len(content)) + content
    return b"RIFF" + struct.pack("<I", len(body)) + body


def claiming(width: int, height: int) -> Iterator[Hostile]:
    """Small files that claim to be huge: 10 GB and more once decoded."""
    yield f"png {width}×{height}", png(width, height, zlib.compress(bytes(1000)))
    sos = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + bytes(100)
    frame = struct.pack(">BHHB", 8, min(height, 65535), min(width, 65535), 1) + b"\x01\x11\x00"
    for marker in (0xC0, 0xC2):
        head = b"\xff\xd8\xff" + bytes([marker]) + struct.pack(">H", 11) + frame
        yield f"jpeg {marker:x} {width}×{height}", head + sos + b"\xff\xd9"
    lossless = struct.pack("<BI", 0x2F, min(width - 1, 0x3FFF) | min(height - 1, 0x3FFF) << 14)
    yield f"webp lossless {width}×{height}", webp(b"VP8L", lossless + bytes(64))
    canvas = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    yield f"webp canvas {width}×{height}", webp(b"VP8X", canvas + bytes(64))


def bombs() -> Iterator[Hostile]:
    """Within the limits by their headers, and as heavy as they can be made."""
    black = zlib.compress(bytes(4097 * 3000 * 4 + 3000), 9)
    yield "rgba png of 12 megapixels", png(4096, 3000, black, colour=6)
    yield "16-bit png of 12 megapixels", png(4000, 3000, zlib.compress(bytes(72_003_000)), 16)
    yield "png with 200 MB behind its picture", png(10, 10, zlib.compress(bytes(200_000_000)))
    note = PngInfo()
    for k in range(60):
        note.add_text(f"k{k}", "x" * 900_000, zip=True)
    yield "png with 54 MB of text", saved(Image.new("RGB", (9, 9)), "PNG", pnginfo=note)
    endless = PngInfo()
    endless.add_text("k", "x" * 80_000_000, zip=True)
    yield "png with one text of 80 MB", saved(Image.new("RGB", (9, 9)), "PNG", pnginfo=endless)
    large = Image.effect_noise((4000, 3000), 60).convert("RGB")
    ImageFile.MAXBLOCK = 1 << 25
    yield (
        "progressive jpeg of 12 megapixels",
        saved(large, "JPEG", quality=60, progressive=True, subsampling=0),
    )
    yield "cmyk jpeg of 12 megapixels", saved(large.convert("CMYK"), "JPEG", quality=50)
    yield "webp of 8 megapixels", saved(large.resize((3300, 2500)), "WEBP", quality=30)
    frames = [Image.new("RGB", (2000, 2000), (k, 0, 0)) for k in range(12)]
    yield "animated webp", saved(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    yield "animated png", saved(frames[0], "PNG", save_all=True, append_images=frames[1:])
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00"
    start = jpeg(plant(1, (640, 480)))
    yield "jpeg of 20,000 scans", start[:-2] + scan * 20_000 + b"\xff\xd9"


def wrong_types() -> Iterator[Hostile]:
    small = plant(2, (320, 240))
    for kind in ("GIF", "BMP", "TIFF", "ICO", "PPM", "PDF", "TGA", "JPEG2000"):
        yield kind, saved(small, kind)
    yield "nothing", b""
    yield "one byte", b"\xff"
    yield "svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    yield "html", b"<!doctype html><script>alert(1)</script>"
    yield "eps", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"
    yield "gif that says it is a jpeg", b"\xff\xd8\xff" + saved(small, "GIF")
    yield "33 MB", b"\xff\xd8\xff\xe0" + bytes(33 * 1024 * 1024)
    yield "zero wide", png(0, 10, b"")
    yield "webp of 12 megapixels", webp(b"VP8L", struct.pack("<BI", 0x2F, 3999 | 2999 << 14))


def bent(count: int) -> Iterator[Hostile]:
    """Real photos cut off or with bytes changed, most of them near the beginning."""
    dice = random.Random(20261121)
    whole = [saved(plant(k, (640, 480)), kind) for k, kind in enumerate(FORMATS)]
    for k in range(count):
        data = bytearray(whole[k % 3])
        if k % 2:
            del data[dice.randrange(10, len(data)) :]
            yield f"cut {FORMATS[k % 3]} {k}", bytes(data)
            continue
        near = 800 if k % 4 else len(data)
        for _ in range(dice.randint(1, 30)):
            data[dice.randrange(4, near)] = dice.randrange(256)
        yield f"bent {FORMATS[k % 3]} {k}", bytes(data)


def files() -> Iterator[Hostile]:
    """All two hundred, one at a time: together they would need more memory than is allowed."""
    yield from bombs()
    yield from wrong_types()
    for size in ((50_000, 70_000), (65_535, 65_535), (16_384, 16_384), (5_000, 4_000)):
        yield from claiming(*size)
    yield from bent(200 - 11 - 17 - 20)
