"""Which arrays of an archive are images, and which are what these images are."""

import math
import re
from dataclasses import dataclass

from models.data.description import Note
from models.data.images.array_labels import NAMES
from models.data.images.layout import PARTS
from models.data.images.stream import Array
from models.errors import DocumentError, refuse

_LABELS = {"label", "labels", "y", "target", "targets"}
_IMAGES = {"image", "images", "x", "data", "img", "imgs"}
_SHORT = {"tr": "train", "va": "val", "te": "test"}
_RUN_TOGETHER = "|".join(sorted((*PARTS, *_SHORT), key=len, reverse=True))
_WORDS = re.compile(rf"([xy])({_RUN_TOGETHER})|({_RUN_TOGETHER})([xy])")
"""Names such as xtrain, trainY and yte, in small letters."""
_UNNAMED = re.compile(r"arr_\d+")
"""What NumPy calls arrays that were saved without names."""
HOW = (
    'Name the arrays "x_train" and "y_train", or "images" and "labels": images are (count, '
    "height, width), or with 1 or 3 channels after the count or at the end; labels are (count,)."
)


@dataclass(frozen=True)
class Pair:
    """Images and what they are, of one part of a split where there are several."""

    images: Array
    labels: Array
    part: int | None


def pairs_of(arrays: list[Array], notes: list[Note]) -> list[Pair]:
    """Return which labels belong to which images, and tell what was left out.

    Raises:
        DocumentError: that cannot be told, by names, folders, order and numbers of values.
    """
    pictures = _pictures(arrays)
    labels = [array for array in arrays if array not in pictures and len(array.shape) in (1, 2)]
    if len(pictures) > 1 and all(_UNNAMED.fullmatch(array.key) for array in arrays):
        return _by_order(pictures, labels)
    pairs, alone = [], []
    for array in pictures:
        part = _part(array)
        same = [other for other in labels if _part(other) == part]
        if not same:
            alone.append(array)
            continue
        named = [other for other in same if _words(other.key) & _LABELS]
        named = named or [other for other in same if other.key not in NAMES] or same
        count = array.shape[0]
        fitting = [other for other in named if other.shape[0] == count]
        if len(fitting) != 1:
            raise _unlabelled(array, arrays, len(fitting))
        pairs.append(Pair(array, fitting[0], part))
    if alone and not pairs:
        raise _unlabelled(alone[0], arrays, 0)
    parts = [pair.part for pair in pairs]
    if not pairs or len(set(parts)) < len(parts) or (len(pairs) > 1 and None in parts):
        raise _several(arrays)
    if alone:
        told = ", ".join(f'"{array.name}"' for array in alone)
        notes.append(
            Note(
                severity="warning",
                code="images_without_labels",
                message=f"The images of {told} have no labels beside them; they were left out.",
                count=sum(array.shape[0] for array in alone),
            )
        )
    return sorted(pairs, key=lambda pair: pair.part or 0)


def _by_order(pictures: list[Array], labels: list[Array]) -> list[Pair]:
    """Return pairs of arrays without names: those for training, then those for testing."""
    parts = {2: (0, 2), 3: (0, 1, 2)}.get(len(pictures))
    if parts is None or len(labels) != len(pictures):
        raise _several([*pictures, *labels])
    pairs = [Pair(*each) for each in zip(pictures, labels, parts, strict=True)]
    for pair in pairs:
        if pair.images.shape[0] != pair.labels.shape[0]:
            raise _unlabelled(pair.images, [*pictures, *labels], 0)
    return pairs


def _unlabelled(images: Array, arrays: list[Array], found: int) -> DocumentError:
    return refuse(
        "no_labels",
        f'Expected one array of {images.shape[0]:,} labels for the images of "{images.name}", got '
        f"{found} among {_listed(arrays)}. {HOW}",
    )


def _several(arrays: list[Array]) -> DocumentError:
    return refuse(
        "no_images",
        f"Expected one array of images for each part of a split, got {_listed(arrays)}. {HOW}",
    )


def _listed(arrays: list[Array]) -> str:
    return ", ".join(f'"{each.name}" {each.shape}' for each in arrays[:8]) or "none"


def _part(array: Array) -> int | None:
    """Return the part of a split that an array is of: by its name, else by its folder's."""
    *folders, _ = array.entry.filename.lower().split("/")
    for name in (array.key, *reversed(folders)):
        found = [PARTS[word] for word in sorted(_words(name)) if word in PARTS]
        if found:
            return found[0]
    return None


def _pictures(arrays: list[Array]) -> list[Array]:
    """Return the arrays of images; rows of pixels are some only where there are no others."""
    upright = [array for array in arrays if len(array.shape) >= 3]
    flat = [array for array in arrays if _flat(array)]
    named = [array for array in flat if _words(array.key) & _IMAGES]
    return upright or named or [array for array in flat if _UNNAMED.fullmatch(array.key)]


def _flat(array: Array) -> bool:
    """Return whether each row may be a square picture."""
    if len(array.shape) != 2 or array.dtype.kind not in "uifb":
        return False
    width = array.shape[1]
    return any(side(width // c) and width % c == 0 for c in (1, 3) if width >= 16 * c)


def _words(name: str) -> set[str]:
    words: set[str] = set()
    for word in re.split(r"[^a-z]+", re.sub(r"t10k", "test", name)):
        together = _WORDS.fullmatch(word)
        words |= {part for part in together.groups() if part} if together else {word}
    return {_SHORT.get(word, word) for word in words}


def side(count: int) -> int:
    """Return the height of a square picture of so many pixels; 0 where they make none."""
    height = math.isqrt(count)
    return height if height * height == count else 0
