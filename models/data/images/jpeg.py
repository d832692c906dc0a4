"""Ordinary JPEGs by libjpeg-turbo, which decodes them at a reduced scale several times as fast.

Whatever is unusual about one, such as a turn, CMYK or damage, is left to Pillow: None says so.
"""

import numpy as np
import simplejpeg
from PIL import Image

SEARCHED = 256 * 1024
"""Bytes at the beginning of a file in which what is said about the image stands."""
ORIENTATION = 0x0112
"""Number of the tag of Exif that says how an image is turned."""
_GREY, _COLOUR = "Gray", ("YCbCr", "RGB")


def size_of(data: bytes) -> tuple[int, int, bool] | None:
    """Return height, width, and whether it is grey."""
    if not _ordinary(data):
        return None
    try:
        height, width, colours, _ = simplejpeg.decode_jpeg_header(data)
    except ValueError:
        return None
    return (int(height), int(width), colours == _GREY) if colours in (_GREY, *_COLOUR) else None


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


def _ordinary(data: bytes) -> bool:
    """Return whether it begins as a JPEG, is one picture only, and stands upright."""
    head = data[:SEARCHED]
    if not head.startswith(b"\xff\xd8\xff") or b"MPF\0" in head:
        return False
    place = head.find(b"Exif\0\0")
    if place < 0:
        return True
    told = Image.Exif()
    try:
        told.load(head[place : place + 2**16])
        return told.get(ORIENTATION) in (None, 1)
    except (OSError, SyntaxError, ValueError, KeyError, TypeError, IndexError):
        return False
