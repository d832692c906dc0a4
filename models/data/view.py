"""Looking at a dataset: a window of its rows, one of its images."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from PIL import Image

from models.data.description import IMAGE_TARGET, Description
from models.data.files import IMAGES, LABELS, TABLE
from models.data.lookup import near
from models.errors import refuse

Value = str | int | float | bool | None


def read_rows(
    folder: Path, description: Description, offset: int, limit: int, label: str | None = None
) -> tuple[list[str], list[list[Value]]]:
    """Return the columns' names and at most `limit` rows from row `offset` (from 0) on.

    With `label` only images of this class, or with this label, which are counted alone.

    Values stand as in the file; None is missing. Images have the columns "image", the index of the
    image, and "label"; several labels stand side by side, with commas between.

    Raises:
        DocumentError: there is no such label.
    """
    names = [entry.name for entry in description.classes]
    if label is not None and label not in names:
        raise refuse(
            "unknown_class",
            f'Expected a class or a label of the images, got "{label}". '
            + (near(label, names) if names else "This dataset has none: leave it out."),
            path=["label"],
        )
    if description.kind == "images":
        labels = np.load(folder / LABELS, mmap_mode="r")
        places = np.arange(len(labels))
        if label is not None:
            code = names.index(label)
            places = np.flatnonzero(labels[:, code] if labels.ndim == 2 else labels == code)
        places = places[offset : offset + limit]
        rows: list[list[Value]] = [
            [place, _label(value, names)]
            for place, value in zip(places.tolist(), labels[places].tolist(), strict=True)
        ]
        return ["image", IMAGE_TARGET], rows
    frame = pl.scan_parquet(folder / TABLE, glob=False).slice(offset, limit).collect()
    return frame.columns, [list(row) for row in frame.iter_rows()]


def _label(value: Any, names: list[str]) -> Value:
    """Return what an image is; None where it has none of several labels."""
    if isinstance(value, list):
        return ", ".join(name for name, has in zip(names, value, strict=True) if has) or None
    return names[value] if names else value


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
