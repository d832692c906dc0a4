"""One image file: what it is, and its pixels brought to one size and one mode."""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, UnidentifiedImageError

from models.data.images import jpeg

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM")
MAX_PIXELS = 64_000_000
_DEEP = ("I", "I;16", "I;16B", "I;16L", "F")
_GREY = ("1", "L", "LA", *_DEEP)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What brings an image upright, by the number that Exif gives its orientation."""
_SIDEWAYS = (5, 6, 7, 8)
_TURNED_PNG = (b"eXIf", b"Raw profile type exif", b"XML:com.adobe.xmp")
"""What a PNG has in it that says how it is turned; it may stand behind the pixels."""
_FAULTS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    TypeError,
    KeyError,
    OverflowError,
)
"""What Pillow's readers raise on damaged files, besides its own errors."""


class Unreadable(Exception):
    """The file cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Facts:
    """What is known of an image before its pixels are brought into shape.

    `height` and `width` are upright. `low` and `high` are the extremes of pixels deeper than 8
    bits. `oddities` name the conversions that it needs.
    """

    height: int
    width: int
    grey: bool
    oddities: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 255.0


@dataclass(frozen=True)
class Form:
    """What all images are brought to; `low` and `high` become 0 and 255 in deep ones."""

    height: int
    width: int
    grey: bool
    low: float = 0.0
    high: float = 65_535.0

    @property
    def channels(self) -> int:
        return 1 if self.grey else 3


def probe(data: bytes) -> Facts:
    """Read what can be known without decoding (deep images are decoded, for their extremes).

    Raises:
        Unreadable: not an image that we read, or too large.
    """
    if (ordinary := _ordinary(data)) is not None:
        return ordinary
    image = _open(data)
    try:
        return _facts(image, _turn(image, data))
    except (*_FAULTS, Image.DecompressionBombError) as error:
        raise Unreadable(f"it is damaged or cut off ({_short(error)})") from error


def decode(data: bytes, form: Form) -> np.ndarray:
    """Return the pixels, uint8 (channels, height, width), upright, on white where transparent.

    Raises:
        Unreadable: the file is damaged or cut off.
    """
    array = None
    if _ordinary(data) is not None:
        array = jpeg.decoded(data, form.height, form.width, form.grey)
    if array is None or array.shape[:2] != (form.height, form.width):
        flat = Image.fromarray(array) if array is not None else _flat(data, form)
        size = (form.width, form.height)
        if flat.size != size:
            flat = flat.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
        array = np.asarray(flat)
    # Arranged here, where several images are at work at once, rather than where they are written.
    return array[None] if form.grey else array.transpose(2, 0, 1).copy()


def _ordinary(data: bytes) -> Facts | None:
    found = jpeg.size_of(data)
    if found is None:
        return None
    height, width, grey = found
    _check_pixels(width, height)
    return Facts(height, width, grey)


def _flat(data: bytes, form: Form) -> Image.Image:
    """Return an upright image in the form's mode, at its size or a larger one."""
    image = _open(data)
    try:
        sideways = _turn(image, data) in _SIDEWAYS
        wanted = (form.height, form.width) if sideways else (form.width, form.height)
        # JPEG can be decoded at an eighth to a half of its size, which is most of the work saved.
        image.draft(None, wanted)
        image.load()
        pixels = _deep(image, form) if image.mode in _DEEP else _shallow(image)
        # Asked again, because Pillow turns a TIFF by itself as it loads it.
        turn = _turn(image, data)
        upright = pixels if turn is None else pixels.transpose(_TURNS[turn])
        return upright.convert("L" if form.grey else "RGB")
    except (*_FAULTS, Image.DecompressionBombError) as error:
        raise Unreadable(f"it is damaged or cut off ({_short(error)})") from error


def _open(data: bytes) -> Image.Image:
    if not data:
        raise Unreadable("it is empty (zero bytes)")
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError as error:
        raise Unreadable(_what_instead(data)) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unreadable(f"it has more than {MAX_PIXELS:,} pixels; make it smaller") from error
    except _FAULTS as error:
        raise Unreadable(f"it is damaged ({_short(error)})") from error
    _check_pixels(image.width, image.height)
    return image


def _check_pixels(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise Unreadable(
            f"its {width:,} × {height:,} pixels are more than {MAX_PIXELS:,}; make it smaller"
        )


def _what_instead(data: bytes) -> str:
    head = data[:1_000].lower()
    if b"<svg" in head:
        return "it is an SVG drawing; export it as PNG"
    if data[4:8] == b"ftyp":
        return "it is a HEIC, AVIF or video file; convert it to JPEG or PNG"
    if data.startswith(b"PK\x03\x04"):
        return "it is an archive; unpack it"
    if data.startswith(b"%PDF"):
        return "it is a PDF document; export its pages as PNG"
    control = sum(byte < 32 and byte not in b"\t\n\r" for byte in head)
    if not control:
        return "it is text, not an image"
    return "it is not an image of a known format (PNG, JPEG, GIF, BMP, WebP, TIFF)"


def _facts(image: Image.Image, turn: int | None) -> Facts:
    oddities: list[str] = []
    mode = image.mode
    if mode == "CMYK" or mode == "YCbCr" or mode == "LAB":
        oddities.append("cmyk")
    if _transparent(image):
        oddities.append("transparent")
    elif mode == "P":
        oddities.append("palette")
    if getattr(image, "is_animated", False):
        oddities.append("animated")
    if turn is not None:
        oddities.append("rotated")
    height, width = image.height, image.width
    # Of a TIFF Pillow tells them upright.
    if turn in _SIDEWAYS and image.format != "TIFF":
        height, width = width, height
    if mode not in _DEEP:
        grey = mode in _GREY or (mode == "P" and _grey_palette(image))
        return Facts(height, width, grey, tuple(oddities))
    values = np.asarray(image)
    if not np.isfinite(values).all():
        raise Unreadable("it has pixels that are not finite numbers")
    oddities.append("deep")
    return Facts(height, width, True, tuple(oddities), float(values.min()), float(values.max()))


def _turn(image: Image.Image, data: bytes) -> int | None:
    """Return how an image is turned, by Exif's number; None for one that stands upright."""
    # Pillow decodes the whole of a PNG to look for what stands behind its pixels.
    if image.format == "PNG" and not any(mark in data for mark in _TURNED_PNG):
        return None
    turn = image.getexif().get(jpeg.ORIENTATION)
    return turn if turn in _TURNS else None


def _transparent(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info


def _grey_palette(image: Image.Image) -> bool:
    colours = np.array(image.getpalette("RGB") or [], np.uint8).reshape(-1, 3)
    return bool((colours == colours[:, :1]).all())


def _deep(image: Image.Image, form: Form) -> Image.Image:
    """Scale to 8 bits; a plain conversion would cut every value above 255 off."""
    values = np.asarray(image).astype(np.float64)
    span = form.high - form.low
    scaled = (values - form.low) * (255 / span) if span > 0 else np.zeros_like(values)
    return Image.fromarray(np.clip(np.round(scaled), 0, 255).astype(np.uint8))


def _shallow(image: Image.Image) -> Image.Image:
    if not _transparent(image):
        return image
    layer = image.convert("RGBA")
    white = Image.new("RGBA", layer.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, layer).convert("RGB")


def _short(error: BaseException) -> str:
    return str(error).split("\n")[0][:80] or type(error).__name__
