"""What is told of an archive of images: what was skipped, converted and resized, and why."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from models.data.description import (
    IMAGE_TARGET,
    Column,
    Description,
    GivenSplit,
    ImageClass,
    ImageShape,
    Note,
    Problem,
    Reading,
)
from models.data.images.decode import Facts, Form
from models.data.images.layout import Layout
from models.data.images.store import PART_NAMES
from models.data.origin import Origin
from models.errors import DocumentError, refuse

MAX_SKIPPED = 0.1
MIN_PER_CLASS = 2
_CONVERSIONS = {
    "cmyk": ("cmyk", "in CMYK, the colours of print: converted to RGB."),
    "deep": ("deep_pixels", "with more than 8 bits a pixel: scaled to 8 bits."),
    "transparent": ("transparency", "with transparent parts: put on a white ground."),
    "palette": ("palette", "with a palette of colours: converted."),
    "rotated": ("rotated", "turned upright, as EXIF data says."),
    "animated": ("animated", "animated or of several pages: the first one was taken."),
}


def refuse_skipped(layout: Layout, entries: int, labels: Sequence[int]) -> None:
    """Refuse when too much had to be skipped.

    Args:
        layout: with everything skipped so far.
        entries: how many files stand in class folders.
        labels: class codes of the images that are left.

    Raises:
        DocumentError: more than a tenth was skipped, or a class keeps fewer than two images.
    """
    outside = len(layout.skipped) + len(labels) - entries
    total = entries + max(0, outside)
    reasons = "; ".join(f'"{name}": {reason}' for name, reason in layout.skipped[:3])
    if len(layout.skipped) > MAX_SKIPPED * total:
        raise refuse(
            "too_many_skipped",
            f"Expected at least {1 - MAX_SKIPPED:.0%} of the {total:,} files to be images in the "
            f"folders of classes, got {len(layout.skipped):,} that are not ({reasons}). Remove or "
            "convert them.",
        )
    counts = Counter(labels)
    if len(layout.classes) == 1 and "" not in layout.classes:
        raise single_class(next(iter(layout.classes)))
    for code, name in enumerate(layout.classes):
        if counts[code] < MIN_PER_CLASS:
            why = f" Skipped were {reasons}." if layout.skipped else ""
            raise refuse(
                "class_too_small",
                f"Expected at least {MIN_PER_CLASS} images in every class, got {counts[code]} in "
                f'"{name}".{why} Add images, or remove the folder.',
            )


def described(
    size: int,
    labels: np.ndarray,
    shape: tuple[int, int, int],
    classes: Sequence[str] | None,
    notes: list[Note],
    *,
    reason: str,
    target: Column | None = None,
    parts: np.ndarray | None = None,
    levels: tuple[float, float] = (0.0, 65_535.0),
    origin: Origin | None = None,
    reading: Reading | None = None,
) -> Description:
    """Return the description of images.

    Args:
        size: of the file in bytes.
        labels: class codes, (N,), or numbers where there are no classes; or 0 and 1 for each
            label, (N, classes).
        shape: channels, height, width.
        classes: their names in the order of the codes; None for numbers.
        reason: why the problem is what it is.
        target: the numbers described.
        parts: of each image in a split that the data bring along, by `PART_NAMES`.
        levels: what became 0 and 255 in images of more than 8 bits a pixel.
        origin: where they stand in the file, if not in folders of classes.
        reading: how the table among them is written.
    """
    names = None if classes is None else list(classes)
    several = labels.ndim == 2
    counts = np.zeros(0)
    if names is not None:
        counts = (
            labels.sum(0, dtype=np.int64) if several else np.bincount(labels, minlength=len(names))
        )
    return Description(
        kind="images",
        rows=len(labels),
        bytes=size,
        columns=[target] if target is not None else [],
        classes=[
            ImageClass(name=name, count=int(count))
            for name, count in zip(names or (), counts, strict=True)
        ],
        image=ImageShape(
            channels=shape[0], height=shape[1], width=shape[2], low=levels[0], high=levels[1]
        ),
        problem=Problem(
            task="regression" if names is None else "multilabel" if several else "classification",
            target=IMAGE_TARGET,
            classes=names,
            reason=reason,
        ),
        labels_per_image=np.bincount(labels.sum(1, dtype=np.int64)).tolist() if several else None,
        report=notes,
        reading=reading,
        origin=origin,
        split=None if parts is None or not len(parts) else _counted(parts),
    )


def _counted(parts: np.ndarray) -> GivenSplit:
    counts = np.bincount(parts, minlength=len(PART_NAMES)).tolist()
    return GivenSplit(**dict(zip(PART_NAMES, counts, strict=True)))


def split_note(parts: np.ndarray, what: str) -> Note:
    """Return a note on the split that the data bring along."""
    counts = np.bincount(parts, minlength=len(PART_NAMES))
    told = ", ".join(f"{count:,} {name}" for name, count in zip(PART_NAMES, counts, strict=True))
    return Note(
        severity="info",
        code="split_kept",
        message=f"{what} say which images train, validate and test ({told}); the recipe's split "
        "keeps to that unless it is changed.",
    )


def single_class(name: str) -> DocumentError:
    """Return the refusal of images that are all of one class."""
    return refuse(
        "single_class",
        f'Expected at least two classes of images, got only "{name}". Add the images of another '
        "class.",
    )


def layout_notes(layout: Layout, parts: np.ndarray | None = None) -> list[Note]:
    notes: list[Note] = []
    if layout.skipped:
        notes.append(
            Note(
                severity="warning",
                code="skipped",
                message=f"{_files(len(layout.skipped))} skipped.",
                count=len(layout.skipped),
                examples=[f"{name}: {reason}" for name, reason in layout.skipped[:20]],
            )
        )
    if layout.junk:
        notes.append(
            Note(
                severity="info",
                code="junk",
                message=f"{_files(layout.junk)} ignored that systems leave behind, such as "
                "__MACOSX, .DS_Store and Thumbs.db.",
                count=layout.junk,
            )
        )
    if layout.wrapper is not None:
        message = f'The classes stand in the folder "{layout.wrapper}"; it was unwrapped.'
        notes.append(Note(severity="info", code="unwrapped", message=message))
    if layout.splits and parts is not None:
        folders = " and ".join(f'"{name}"' for name in layout.splits)
        notes.append(split_note(parts, folders))
    return notes


def conversion_notes(facts: Mapping[str, Facts], form: Form) -> list[Note]:
    notes: list[Note] = []
    for oddity, (code, what) in _CONVERSIONS.items():
        names = [name for name, fact in facts.items() if oddity in fact.oddities]
        if names:
            notes.append(
                Note(
                    severity="info",
                    code=code,
                    message=f"{_images(len(names))} {what}",
                    count=len(names),
                    examples=names[:10],
                )
            )
    grey = [name for name, fact in facts.items() if fact.grey]
    if grey and not form.grey:
        notes.append(
            Note(
                severity="info",
                code="grey_to_colour",
                message=f"{_images(len(grey))} without colour: converted to RGB, because others "
                "have colours.",
                count=len(grey),
                examples=grey[:10],
            )
        )
    return notes


def size_note(sizes: Counter[tuple[int, int]], form: Form) -> list[Note]:
    other = sizes.total() - sizes[(form.height, form.width)]
    if not other:
        return []
    smallest, largest = min(sizes), max(sizes)
    found = (
        f"of {smallest[0]} × {smallest[1]} pixels"
        if len(sizes) == 1
        else f"of {len(sizes)} sizes, such as {smallest[0]} × {smallest[1]} and {largest[0]} × "
        f"{largest[1]} pixels,"
    )
    return [
        Note(
            severity="info",
            code="resized",
            message=f"The images {found} were resized to {form.height} × {form.width} (height × "
            "width). For another size upload them with options.image_size.",
            count=other,
        )
    ]


def _files(count: int) -> str:
    return "1 file was" if count == 1 else f"{count:,} files were"


def _images(count: int) -> str:
    return "1 image" if count == 1 else f"{count:,} images"
