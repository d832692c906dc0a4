"""Pictures of augmentations: images as they are, and as they are shown in training."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
import torch
from torch import Tensor

from models.data.samples import SAMPLES
from models.objectives.augmentations import Augmentation
from models.training.augment import Augmenter
from tools.reference.curves import Drawn
from tools.reference.svg import Drawing

CHOSEN = (15, 16, 1, 22, 35, 21)
"""Which images of the sample of clothes are the batch: first of all a shoe and trousers."""
TIMES = 3
"""How often an image is shown."""
GREYS = 10
"""How many steps of brightness are drawn above black."""
PIXEL, GAP, WORDS = 4, 14, 24


def shown(kind: type[Augmentation]) -> Drawn:
    """Draw an image, or two where they are mixed, and what becomes of it each time."""
    before = chosen()
    augmenter = Augmenter([kind.model_validate(kind.example)], 0, torch.device("cpu"))
    columns = [before, *(augmenter.images(before)[0] for _ in range(TIMES))]
    rows, what = (2, "Two of six images") if kind.way == "mix" else (1, "An image")
    says = f"{what} before, and as shown three times in training, with the seed 0"
    room = before.shape[-1] * PIXEL + GAP
    drawing = Drawing(len(columns) * room + GAP, rows * room + WORDS + GAP, says)
    for column, batch in enumerate(columns):
        left = GAP + column * room
        for row in range(rows):
            drawing.image((left, GAP + row * room), greys(batch[row, 0]), PIXEL)
        words = f"shown: {column}" if column else "before"
        drawing.text((left + (room - GAP) / 2, drawing.height - 12), words)
    return says, str(drawing)


def chosen() -> Tensor:
    """Return the batch: (6, 1, height, width), numbers from 0 to 1."""
    (sample,) = (sample for sample in SAMPLES if sample.slug == "fashion_mnist")
    assert sample.path is not None
    with np.load(sample.path) as arrays:
        pixels = arrays["images"][list(CHOSEN)]
    return torch.from_numpy(pixels).unsqueeze(1).float() / 255


def greys(image: Tensor) -> list[list[tuple[float, int]]]:
    """Return each row's brightness from 0 to 1 in few steps, and how many pixels it goes on."""
    levels: Sequence[Sequence[int]] = (image.clamp(0, 1) * GREYS).round().int().tolist()
    return [[(level / GREYS, len(list(run))) for level, run in groupby(row)] for row in levels]
