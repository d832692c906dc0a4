"""Augmentation shown before training: images of the dataset as a training batch has them."""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from models.data.description import Description
from models.data.files import IMAGES, LABELS
from models.data.view import as_png
from models.recipe import Objective
from models.training.augment import Augmenter, declared
from models.training.distortions import blended

MOST_VALUES = 8_000_000
"""Numbers in all images that are shown at once, which bounds the memory."""


def preview(
    folder: Path,
    description: Description,
    augmentation: Sequence[Objective],
    count: int,
    seed: int,
) -> list[dict[str, Any]]:
    """Return changed images from all over the dataset: `index`, `png` in base64, `labels`, `value`.

    `labels` are the classes, or labels, that a network is to answer, each with its share, the
    largest first; `value` is the number that it is to answer instead.

    Raises:
        DocumentError: an unknown augmentation or parameter.
    """
    augmenter = Augmenter(declared(augmentation), seed, torch.device("cpu"))
    stored = np.load(folder / IMAGES, mmap_mode="r")
    count = max(1, min(count, len(stored), MOST_VALUES // stored[0].size))
    # The middle of equal parts: of a few classes each is among them.
    indexes = ((np.arange(count) + 0.5) * len(stored) / count).astype(int)
    names = [entry.name for entry in description.classes]
    values = torch.from_numpy(np.load(folder / LABELS, mmap_mode="r")[indexes])
    images, mixes = augmenter.images(torch.from_numpy(stored[indexes]).float() / 255)
    several = values.dim() == 2
    expected = (
        functional.one_hot(values, len(names)).float() if names and not several else values.double()
    )
    for mixed in mixes:
        expected = blended(expected, mixed)
    pixels = (images.clamp(0, 1) * 255).round().to(torch.uint8).numpy()
    return [
        {
            "index": int(index),
            "png": base64.b64encode(as_png(image)).decode(),
            "labels": _labels(names, of_one) if names else [],
            "value": None if names else float(of_one),
        }
        for index, image, of_one in zip(indexes, pixels, expected, strict=True)
    ]


def _labels(names: Sequence[str], shares: Tensor) -> list[dict[str, Any]]:
    found = [
        {"name": name, "share": round(share, 4)}
        for name, share in zip(names, shares.tolist(), strict=True)
        if share > 0
    ]
    return sorted(found, key=lambda label: -label["share"])
