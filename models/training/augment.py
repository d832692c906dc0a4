"""Augmentation of the batches that are learnt from: seeded, and resumed where it stood."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import torch
from torch import Tensor
from torch.nn import functional as F

from models.objectives.augmentations import AUGMENTATIONS, Augmentation
from models.objectives.base import declare
from models.objectives.joint import Weights
from models.recipe import Objective
from models.training import distortions
from models.training.distortions import Mixed, blended

STREAM = 0x9E3779B9
"""Added to the seed, so that the order of the rows and what is drawn here are not the same."""


@dataclass(frozen=True)
class Batch:
    """What a step learns from.

    Attributes:
        images: (N, channels, height, width), numbers from 0 to 1.
        targets: what the criterion compares with, one tensor per output.
        row_weights: how much each row's loss counts, per output.
    """

    images: Tensor
    targets: tuple[Tensor, ...]
    row_weights: tuple[Tensor | None, ...]


class Augmenter:
    """Changes batches of images as a recipe says.

    Args:
        augmentations: carried out one after another.
        seed: two augmenters of one seed draw the same.
        classes: for each output how many there are; 0 for a number.
    """

    def __init__(
        self,
        augmentations: Sequence[Augmentation],
        seed: int,
        device: torch.device,
        classes: Sequence[int] = (),
    ) -> None:
        self.generator = torch.Generator(device).manual_seed(own_seed(seed))
        self._classes = tuple(classes)
        self._runs = runs_of(augmentations)

    def batch(self, images: Tensor, targets: Sequence[Tensor], row_weights: Weights) -> Batch:
        """Return a batch as it is learnt from."""
        expected, weights = tuple(targets), tuple(row_weights)
        images, mixes = self.images(images)
        for mixed in mixes:
            expected = tuple(
                blended(_shares(target, classes), mixed)
                for target, classes in zip(expected, self._classes, strict=True)
            )
            weights = tuple(w if w is None else blended(w, mixed) for w in weights)
        return Batch(images, expected, weights)

    def images(self, images: Tensor) -> tuple[Tensor, list[Mixed]]:
        """Return the images changed, and how they were mixed with each other, in order."""
        mixes = []
        for run in self._runs:
            if run[0].way == "affine":
                images = self._move(images, run)
                continue
            for one in run:
                if one.way == "mix":
                    mixed = distortions.MIXES[one.function](
                        images, self.generator, **one.settings()
                    )
                    mixes.append(mixed)
                    images = mixed.images
                else:
                    function = distortions.PIXELS[one.function]
                    images = function(images, self.generator, **one.settings())
        return images, mixes

    def _move(self, images: Tensor, run: Sequence[Augmentation]) -> Tensor:
        count, _, height, width = images.shape
        matrices = [
            distortions.AFFINE[one.function](
                (count, height, width), self.generator, **one.settings()
            )
            for one in run
        ]
        filling = run[0].model_dump(include={"fill_mode", "fill_value"})
        return distortions.moved(images, distortions.composed(matrices), **filling)

    def state(self) -> Tensor:
        """Return where the random numbers stand."""
        return self.generator.get_state()

    def restore(self, state: Tensor) -> None:
        """Draw on from where another augmenter stood."""
        self.generator.set_state(state)


def declared(augmentations: Sequence[Objective]) -> list[Augmentation]:
    """Return the declarations that a recipe's augmentations mean.

    Raises:
        DocumentError: an unknown type or parameter, or one out of range.
    """
    return [
        declare(AUGMENTATIONS, entry, "augmentation", ["augmentation", place])
        for place, entry in enumerate(augmentations)
    ]


def own_seed(seed: int) -> int:
    """Return the seed of what is drawn here in a run of this seed."""
    return (seed + STREAM) % 2**32


def runs_of(augmentations: Sequence[Augmentation]) -> list[list[Augmentation]]:
    """Return augmentations by what is carried out at once: pixels that are moved in a row."""
    return [list(run) for _, run in groupby(augmentations, _together)]


def _together(one: Augmentation) -> tuple[object, ...]:
    """Return what is alike in augmentations that can be carried out as one."""
    filling = one.model_dump(include={"fill_mode", "fill_value"}) if one.way == "affine" else {}
    return (one.way == "affine", *filling.values())


def _shares(target: Tensor, classes: int) -> Tensor:
    """Return targets that can be mixed: class codes as the share of each class."""
    return target if target.is_floating_point() else F.one_hot(target, classes).float()
