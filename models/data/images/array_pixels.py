"""Pixels of arrays of any kind as whole numbers from 0 to 255, upright and in one size."""

from collections.abc import Callable

import numpy as np
from PIL import Image

from models.data.description import Note
from models.data.images.stream import Array


def upright(piece: np.ndarray, shape: tuple[int, int, int]) -> np.ndarray:
    """Return (count, channels, height, width)."""
    if piece.ndim == 4 and piece.shape[1:] != shape:
        return np.moveaxis(piece, 3, 1)
    return piece.reshape(len(piece), *shape)


def levels_of(images: Array, low: float, high: float, notes: list[Note]) -> tuple[float, float]:
    """Return what becomes 0 and what 255, and tell it."""
    if images.dtype == np.uint8:
        return 0.0, 255.0
    if low >= 0 and high <= 1 and images.dtype.kind in "fb":
        bottom, top = 0.0, 1.0
    elif low >= 0 and high <= 255:
        bottom, top = 0.0, 255.0
    elif low >= 0 and images.dtype.kind in "ui":
        # Whole numbers fill their bits in common, so that images stay comparable.
        bottom, top = 0.0, float(2 ** int(high).bit_length() - 1)
    else:
        bottom, top = low, high
    if (bottom, top) != (0.0, 255.0) or images.dtype.kind == "f":
        message = f"Pixels of {bottom:g} to {top:g} ({images.dtype}) were scaled to whole numbers "
        message += "from 0 to 255."
        notes.append(Note(severity="info", code="deep_pixels", message=message))
    return bottom, top


def scaling(images: Array, levels: tuple[float, float]) -> Callable[[np.ndarray], np.ndarray]:
    """Return what brings pixels to 0 to 255."""
    if images.dtype == np.uint8:
        return lambda piece: piece
    bottom, top = levels
    span = (top - bottom) or 1.0

    def scaled(piece: np.ndarray) -> np.ndarray:
        values = (piece.astype(np.float64) - bottom) * (255 / span)
        return np.clip(np.round(values), 0, 255).astype(np.uint8)

    return scaled


def resize(images: np.ndarray, wanted: tuple[int, int, int]) -> np.ndarray:
    """Return uint8 images brought to a size, each by itself."""
    if images.shape[1:] == wanted:
        return images
    size, result = (wanted[2], wanted[1]), np.empty((len(images), *wanted), np.uint8)
    for at, image in enumerate(images):
        for channel, plane in enumerate(image):
            resized = Image.fromarray(plane).resize(size, Image.Resampling.BILINEAR)
            result[at, channel] = np.asarray(resized)
    return result
