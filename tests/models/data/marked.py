"""Images that have any number of labels, each of which is a bright stripe in its own place."""

import numpy as np
from PIL import Image

from tests.models.data.uploads import archive, encoded

NAMES = ("bird", "cat", "dog")


def marks(count: int, seed: int = 0) -> np.ndarray:
    """Return which labels images have, (count, 3) of bool; cats are rare, some have none."""
    return np.random.default_rng(seed).random((count, 3)) < (0.5, 0.2, 0.6)


def images(has: np.ndarray, seed: int = 0) -> np.ndarray:
    """Return images with these labels, uint8 (N, 6, 6)."""
    noise = np.random.default_rng(seed).normal(60, 20, (len(has), 6, 6))
    bright = 150 * np.repeat(has, 2, axis=1)[:, :, None]
    return np.clip(noise + bright, 0, 255).astype(np.uint8)


def cells(has: np.ndarray, separator: str = "|") -> list[str]:
    """Return the labels of each image as one cell."""
    return [separator.join(np.compress(row, NAMES)) for row in has]


def packed(table: str, pixels: np.ndarray) -> bytes:
    """Return a zip of images 0.png, 1.png … and a table of labels."""
    files = {f"{row}.png": encoded(Image.fromarray(image)) for row, image in enumerate(pixels)}
    return archive({"labels.csv": table.encode(), **files})


def marked(count: int = 120, separator: str = "|") -> bytes:
    """Return a zip whose table has the labels of each image in one cell."""
    has = marks(count)
    rows = [f'{row}.png,"{cell}"' for row, cell in enumerate(cells(has, separator))]
    return packed("\n".join(["file,labels", *rows]), images(has))
