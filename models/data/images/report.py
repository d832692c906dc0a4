"""What is told of an archive of images: what was skipped, converted and resized, and why."""

from collections import Counter
from collections.abc import Mapping, Sequence

from models.data.description import Note
from models.data.images.decode import Facts, Form
from models.data.images.layout import Layout
from models.errors import refuse

MAX_SKIPPED = 0.1
MIN_PER_CLASS = 2
_CONVERSIONS = {
    "cmyk": ("cmyk", "in CMYK, the colours of print, were converted to RGB."),
    "deep": ("deep_pixels", "with more than 8 bits a pixel were scaled to 8 bits."),
    "transparent": ("transparency", "with transparent parts were put on a white ground."),
    "palette": ("palette", "with a palette of colours were converted."),
    "rotated": ("rotated", "were turned upright, as their EXIF data says."),
    "animated": ("animated", "are animated or have several pages: the first one was taken."),
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
    for code, name in enumerate(layout.classes):
        if counts[code] < MIN_PER_CLASS:
            why = f" Skipped were {reasons}." if layout.skipped else ""
            raise refuse(
                "class_too_small",
                f"Expected at least {MIN_PER_CLASS} images in every class, got {counts[code]} in "
                f'"{name}".{why} Add images, or remove the folder.',
            )


def layout_notes(layout: Layout) -> list[Note]:
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
    if layout.splits:
        folders = " and ".join(f'"{name}"' for name in layout.splits)
        message = (
            f"The images of {folders} were put together, because the recipe's split decides which "
            "of them train and test."
        )
        notes.append(Note(severity="warning", code="splits_merged", message=message))
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
                message=f"{_images(len(grey))} without colour were converted to RGB, because "
                "others have colours.",
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
