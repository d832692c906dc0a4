"""Ordinary JPEGs by libjpeg-turbo, which decodes them at a reduced scale several times as fast.

Whatever is unusual about one, such as a turn, CMYK or damage, is left to Pillow: None says so.
"""

import struct

import numpy as np
import simplejpeg
from PIL import Image

ORIENTATION = 0x0112
"""Number of the tag of Exif that says how an image is turned."""
_SEGMENT = struct.Struct(">BBH")
_FRAME = struct.Struct(">BHHB")
"""Bits of a sample, height, width and number of components."""
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
"""Markers of frames that are coded by Huffman: baseline, extended and progressive."""
_OTHER_FRAMES = frozenset(range(0xC0, 0xD0)) - _FRAMES - {0xC4, 0xC8, 0xCC}
_LONE = frozenset({0x00, 0x01, 0xFF, *range(0xD0, 0xDA)})
"""Markers without a segment, which do not stand in an ordinary header."""
_TOLD, _PICTURES, _SCAN = 0xE1, 0xE2, 0xDA
"""Markers of Exif, of several pictures in a file, and of the pixels, before which a header ends."""


def size_of(data: bytes) -> tuple[int, int, bool] | None:
    """Return height, width, and whether it is grey.

    The header's segments are those of ITU-T T.81, annex B.
    """
    if not data.startswith(b"\xff\xd8"):
        return None
    frame: tuple[int, int, int, int] | None = None
    place, told = 2, False
    while place + _SEGMENT.size <= len(data):
        start, marker, length = _SEGMENT.unpack_from(data, place)
        if start != 0xFF or marker in _LONE or marker in _OTHER_FRAMES or length < 2:
            return None
        if marker == _SCAN:
            return _ordinary(frame)
        begin = place + _SEGMENT.size
        place += 2 + length
        if marker in _FRAMES:
            if frame is not None or begin + _FRAME.size > len(data):
                return None
            frame = _FRAME.unpack_from(data, begin)
        elif marker == _PICTURES and data.startswith(b"MPF\0", begin):
            return None
        elif marker == _TOLD and data.startswith(b"Exif\0\0", begin):
            if told or not _upright(data[begin:place]):
                return None
            told = True
    return None


def decoded(data: bytes, height: int, width: int, grey: bool) -> np.ndarray | None:
    """Return pixels, uint8 (height', width') or (height', width', 3), reduced to no less than that.

    Args:
        data: of an image that has a `size_of`.
        grey: whether they are to have one channel.
    """
    try:
        pixels = simplejpeg.decode_jpeg(
            data, "GRAY" if grey else "RGB", min_height=height, min_width=width
        )
    except ValueError:
        return None
    return pixels[..., 0] if grey else pixels


def _ordinary(frame: tuple[int, int, int, int] | None) -> tuple[int, int, bool] | None:
    if frame is None:
        return None
    bits, height, width, components = frame
    if bits != 8 or not height or not width or components not in (1, 3):
        return None
    return height, width, components == 1


def _upright(exif: bytes) -> bool:
    told = Image.Exif()
    try:
        told.load(exif)
        return told.get(ORIENTATION) in (None, 1)
    except (OSError, SyntaxError, ValueError, KeyError, TypeError, IndexError):
        return False
