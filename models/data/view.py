"""Looking at a dataset: a window of its rows, one of its images."""

import io
from pathlib import Path

import numpy as np
import polars as pl
from PIL import Image

from models.data.description import IMAGE_TARGET, Description
from models.data.files import IMAGES, LABELS, TABLE
from models.errors import refuse

Value = str | int | float | bool | None


def read_rows(
    folder: Path, description: Description, offset: int, limit: int
) -> tuple[list[str], list[list[Value]]]:
    """Return the columns' names and at most `limit` rows from row `offset` (from 0) on.

    Values stand as in the file; None is missing. Images have the columns "image", the index of the
    image, and "label".
    """
    if description.kind == "images":
        labels = np.load(folder / LABELS, mmap_mode="r")[offset : offset + limit].tolist()
        names = [entry.name for entry in description.classes]
        rows: list[list[Value]] = [
            [offset + i, names[label] if names else label] for i, label in enumerate(labels)
        ]
        return ["image", IMAGE_TARGET], rows
    frame = pl.scan_parquet(folder / TABLE, glob=False).slice(offset, limit).collect()
    return frame.columns, [list(row) for row in frame.iter_rows()]


def read_image(folder: Path, index: int) -> bytes:
    """Return image `index` as PNG, as the network sees it.

    Raises:
        DocumentError: there is no such image.
    """
    images = np.load(folder / IMAGES, mmap_mode="r")
    if not 0 <= index < len(images):
        raise refuse(
            "no_such_image", f"Expected an image from 0 to {len(images) - 1:,}, got {index:,}."
        )
    return as_png(images[index])


def as_png(pixels: np.ndarray) -> bytes:
    """Return one image, uint8 (channels, height, width), as PNG."""
    image = Image.fromarray(pixels[0] if len(pixels) == 1 else np.moveaxis(pixels, 0, 2))
    png = io.BytesIO()
    image.save(png, "PNG")
    return png.getvalue()
