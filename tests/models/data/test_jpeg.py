"""JPEGs decoded at a reduced scale look as if they had been decoded whole and made smaller."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from models.data.images import jpeg
from models.data.images.decode import Form, decode, probe
from tests.models.data.uploads import encoded

TITLE = 0x010E
"""Number of the tag of Exif that says what an image shows."""


def photograph(height: int, width: int) -> Image.Image:
    """Return an image of soft shapes, as photographs have them."""
    coarse = np.random.default_rng(0).integers(0, 256, (9, 9, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)


@pytest.mark.parametrize("size", [(256, 256), (480, 640), (301, 199), (64, 64), (40, 90)])
@pytest.mark.parametrize("grey", [False, True])
def test_a_reduced_jpeg_equals_the_whole_one_made_smaller(
    size: tuple[int, int], grey: bool
) -> None:
    image = photograph(*size).convert("L" if grey else "RGB")
    data = encoded(image, "JPEG", quality=95)
    assert jpeg.size_of(data) == (*size, grey)
    pixels = decode(data, Form(64, 64, grey))
    decoded = Image.open(io.BytesIO(data))
    whole = np.asarray(decoded.resize((64, 64), Image.Resampling.BILINEAR), np.float64)
    whole = whole[None] if grey else np.moveaxis(whole, 2, 0)
    assert pixels.shape == whole.shape
    assert np.abs(pixels - whole).mean() < 2.5


@pytest.mark.parametrize("turn", [1, 3, 6, 8])
def test_a_turned_jpeg_is_left_to_pillow_and_stands_upright(turn: int) -> None:
    image = photograph(40, 80)
    exif = Image.Exif()
    exif[jpeg.ORIENTATION] = turn
    data = encoded(image, "JPEG", quality=95, exif=exif)
    assert (jpeg.size_of(data) is None) == (turn != 1)
    sideways = turn in (6, 8)
    assert (probe(data).height, probe(data).width) == ((80, 40) if sideways else (40, 80))
    angle = {1: 0, 3: 180, 6: 270, 8: 90}[turn]
    decoded = Image.open(io.BytesIO(data))
    upright = np.asarray(decoded.rotate(angle, expand=True), np.float64)
    found = decode(data, Form(*upright.shape[:2], grey=False))
    assert np.abs(np.moveaxis(found, 0, 2) - upright).mean() < 2.5


@pytest.mark.parametrize("how", [{}, {"progressive": True}, {"comment": b"\xff\xc0"}])
def test_the_header_says_what_pillow_says(how: dict[str, Any]) -> None:
    exif = Image.Exif()
    exif[TITLE] = "\xff\xc0MPF"
    data = encoded(photograph(30, 50), "JPEG", exif=exif, **how)
    assert jpeg.size_of(data) == (30, 50, False)


def test_what_is_no_ordinary_jpeg_is_left_to_pillow() -> None:
    image = photograph(16, 16)
    whole = encoded(image, "JPEG")
    told = b"\xff\xe1\x00\x08Exif\0\0"
    for data in (
        encoded(image, "PNG"),
        encoded(image.convert("CMYK"), "JPEG"),
        encoded(image, "MPO", save_all=True, append_images=[image]),
        whole[:200],
        whole[:2] + told + told + whole[2:],
        whole.replace(b"\xff\xc0", b"\xff\xc9"),
        b"",
    ):
        assert jpeg.size_of(data) is None
