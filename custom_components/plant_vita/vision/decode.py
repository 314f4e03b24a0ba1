"""From a file that somebody sent to pixels, within bounds that hold whatever the file is."""

import struct
import zlib
from io import BytesIO

from PIL import Image

from ..model.errors import PhotoError
from .header import Header, Kind, read_header

_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_REDUCTIONS = (8, 4, 2)
# What Pillow and its decoders raise for files that are cut off, broken or made to break them.
_BROKEN = (
    ArithmeticError,
    AttributeError,
    EOFError,
    Image.DecompressionBombError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


def decode(data: bytes, edge: int) -> Image.Image:
    """The picture as RGB, upright, on white, reduced by 2, 4 or 8 while it stays above `edge`.

    The longer side is at least `edge` pixels long unless the file's is shorter. Of an animation it
    is the first frame. Raises PhotoError, with nothing of the file in its text.
    """
    header = read_header(data)
    failure = ""
    try:
        return _decoded(data, header, edge)
    except _BROKEN as error:
        failure = type(error).__name__
    # Raised here, so that what the decoder said of the file does not hang on it.
    raise PhotoError(f"{header.kind} cannot be decoded: {failure}")


def _decoded(data: bytes, header: Header, edge: int) -> Image.Image:
    reduction = _reduction(header, edge)
    with Image.open(BytesIO(data), formats=(header.kind,)) as image:
        if image.width * image.height > header.width * header.height:
            raise ValueError("not the size that its header claims")
        turn = _TURNS.get(image.getexif().get(_ORIENTATION, 1))
        if header.kind is Kind.JPEG:
            # libjpeg decodes to an eighth for a fraction of the work and of the memory.
            size = (header.width // reduction, header.height // reduction)
            image.draft(image.mode, size)
            image.load()
            reduction = max(1, reduction * image.width // header.width)
        small = _rgb(_averaged(image, reduction))
    return small.transpose(turn) if turn is not None else small


def _reduction(header: Header, edge: int) -> int:
    longer = max(header.width, header.height)
    return next((by for by in _REDUCTIONS if longer // by >= edge), 1)


def _averaged(image: Image.Image, by: int) -> Image.Image:
    """Every `by` × `by` pixels as one; in a mode in which an average means something."""
    if image.mode in {"1", "P", "PA"}:
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    elif image.mode.startswith("I"):
        # 16 bits of grey; Pillow would clip them to 8 instead of scaling.
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    return image.reduce(by) if by > 1 else image


def _rgb(image: Image.Image) -> Image.Image:
    """On a fresh white picture: what surrounds a cut-out plant is light, and hides nothing."""
    fresh = Image.new("RGB", image.size, "white")
    if image.mode in {"RGBA", "LA", "La", "RGBa"}:
        fresh.paste(image.convert("RGB"), mask=image.convert("RGBA").getchannel("A"))
    else:
        fresh.paste(image.convert("RGB"))
    return fresh
