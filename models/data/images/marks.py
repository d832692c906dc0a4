"""Which labels images have, as one array of 0 and 1, and what is odd about it."""

from collections.abc import Sequence

import numpy as np

from models.data.description import Note
from models.data.images.layout import class_order
from models.data.target import MAX_CLASSES
from models.errors import refuse

RARE = 10
"""Images; of a label with fewer a part of the split may have none, and no figure of it means much.
"""


def matrix(of_images: Sequence[tuple[str, ...]]) -> tuple[np.ndarray, list[str]]:
    """Return which labels images have, uint8 (N, labels) of 0 and 1, and the labels in that order.

    Raises:
        DocumentError: there are fewer than two labels, or too many.
    """
    names = sorted({name for labels in of_images for name in labels}, key=class_order)
    if not 2 <= len(names) <= MAX_CLASSES:
        raise refuse(
            "single_class" if len(names) < 2 else "too_many_classes",
            f"Expected 2 to {MAX_CLASSES:,} labels that images have, got {len(names):,}.",
        )
    places = {name: place for place, name in enumerate(names)}
    marks = np.zeros((len(of_images), len(names)), np.uint8)
    for row, labels in enumerate(of_images):
        marks[row, [places[name] for name in labels]] = 1
    return marks, names


def why_several(marks: np.ndarray) -> str:
    """Return why images with these labels, (N, labels), are a task of several labels each."""
    return (
        f"An image has {marks.sum() / len(marks):.1f} of {marks.shape[1]} labels on average, so "
        "that each label is a yes or no of its own"
    )


def label_notes(marks: np.ndarray, names: Sequence[str]) -> list[Note]:
    """Return notes on images without a label, and on labels that few images have, or all."""
    counts = marks.sum(0, dtype=np.int64)
    notes: list[Note] = []
    if without := int((marks.sum(1) == 0).sum()):
        share = without / len(marks)
        notes.append(
            Note(
                severity="info",
                code="without_label",
                message=f"{without:,} images ({share:.0%}) have no label; they are kept, as "
                "examples of what has none.",
                count=without,
            )
        )
    rare = [(name, int(count)) for name, count in zip(names, counts, strict=True) if count < RARE]
    if rare:
        notes.append(
            Note(
                severity="warning",
                code="rare_labels",
                message=f"{len(rare):,} of {len(names):,} labels are those of fewer than {RARE} "
                "images each: too few to learn them from, or to judge by. Add images.",
                count=len(rare),
                examples=[f"{name}: {count}" for name, count in rare[:20]],
            )
        )
    everywhere = [name for name, count in zip(names, counts, strict=True) if count == len(marks)]
    if everywhere:
        notes.append(
            Note(
                severity="warning",
                code="label_everywhere",
                message=f"{len(everywhere):,} of {len(names):,} labels are those of every image, "
                "so that there is nothing to tell apart.",
                count=len(everywhere),
                examples=everywhere[:20],
            )
        )
    return notes
