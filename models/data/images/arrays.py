"""Images that come as arrays: NPZ as NumPy saves it, or the IDX files of MNIST and its kin."""

import math
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from models.data.description import Description, Note
from models.data.images.array_labels import labels_of
from models.data.images.array_pairs import HOW, Pair, pairs_of, side
from models.data.images.array_pixels import levels_of, resize, scaling, upright
from models.data.images.layout import is_junk
from models.data.images.marks import label_notes, why_several
from models.data.images.report import described, split_note
from models.data.images.store import Writer, writing
from models.data.images.stream import Array, idx_array, key_of, numpy_array
from models.data.options import IngestOptions
from models.data.origin import ArrayPair, ImageArrays
from models.errors import refuse

MAX_SIDE = 64
"""Pixels; larger images are brought to this, as those of files are."""


def array_entries(archive: zipfile.ZipFile, files: list[zipfile.ZipInfo]) -> list[Array]:
    """Return the arrays of an archive that holds nothing else; none where it holds files."""
    members = [
        entry
        for entry in files
        if not is_junk([part for part in entry.filename.split("/") if part])
        and not entry.filename.lower().endswith((".txt", ".md"))
    ]
    if members and all(entry.filename.lower().endswith(".npy") for entry in members):
        return [numpy_array(archive, entry) for entry in members]
    if not members or len(members) > 8 or not all(_like_idx(entry) for entry in members):
        return []
    found = [idx_array(archive, entry) for entry in members]
    return _once([array for array in found if array is not None]) if all(found) else []


def read_arrays(
    archive: zipfile.ZipFile,
    arrays: list[Array],
    path: Path,
    folder: Path,
    options: IngestOptions,
    progress: Callable[[float], None],
) -> Description:
    """Read images and labels, a few megabytes at a time.

    Raises:
        DocumentError: which array is what cannot be told, they do not go together, or hold what is
            no picture.
    """
    notes: list[Note] = []
    pairs = pairs_of(arrays, notes)
    shape = _picture(pairs[0].images)
    for pair in pairs:
        if _picture(pair.images) != shape:
            raise refuse(
                "shape_mismatch",
                f'Expected images of one shape, got {shape} in "{pairs[0].images.name}" and '
                f'{_picture(pair.images)} in "{pair.images.name}" (channels, height, width).',
            )
    labels = labels_of([pair.labels for pair in pairs], arrays)
    values, names = labels.values, labels.names
    parts = np.concatenate(
        [np.full(pair.images.shape[0], pair.part or 0) for pair in pairs]
    ).astype(np.uint8)
    low, high = _range(pairs, lambda share: progress(0.4 * share))
    levels = levels_of(pairs[0].images, low, high, notes)
    scaled = scaling(pairs[0].images, levels)
    wanted = _size(shape, options)
    if wanted != shape:
        notes.append(_resized(shape, wanted, len(values)))
    # Classes one after another, as images in folders stand; numbers as they come.
    by_class = names is not None and values.ndim == 1
    order = np.argsort(values, kind="stable") if by_class else np.arange(len(values))
    if names is not None and values.ndim == 2:
        notes += label_notes(values, names)
    with writing(folder, wanted) as stored:
        _write(pairs, shape, wanted, scaled, stored.images, order, progress)
        stored.labels = values[order]
        if len(pairs) > 1:
            stored.parts = parts[order]
            notes.append(split_note(stored.parts, "The arrays"))
    told = ", ".join(f'"{pair.images.name}"' for pair in pairs)
    notes.insert(
        0, Note(severity="info", code="arrays", message=f"The images are those of {told}.")
    )
    return described(
        path.stat().st_size,
        stored.labels,
        wanted,
        names,
        notes,
        reason=why_several(values)
        if values.ndim == 2
        else "The array of labels holds "
        + ("numbers" if names is None else f"{len(names)} classes"),
        target=labels.target,
        parts=stored.parts,
        origin=ImageArrays(
            pairs=[
                ArrayPair(
                    images=pair.images.entry.filename,
                    labels=pair.labels.entry.filename,
                    part=pair.part or 0,
                )
                for pair in pairs
            ],
            form=labels.form,
            names=labels.listed,
            shape=shape,
            channels_last=_channels_last(pairs[0].images, shape),
            levels=None if pairs[0].images.dtype == np.uint8 else levels,
        ),
    )


def _like_idx(entry: zipfile.ZipInfo) -> bool:
    name = key_of(entry)
    return "ubyte" in name or "idx" in name or "." not in name


def _once(arrays: list[Array]) -> list[Array]:
    """Return each array once: MNIST is passed on with the same files packed and not, or twice."""
    found: dict[tuple[str, tuple[int, ...]], Array] = {}
    for array in arrays:
        found.setdefault((re.sub(r"[^a-z0-9]", "", array.key), array.shape), array)
    return list(found.values())


def _picture(array: Array) -> tuple[int, int, int]:
    """Return (channels, height, width) of an array's images.

    Raises:
        DocumentError: they are no pictures.
    """
    inner = array.shape[1:]
    if array.dtype.kind in "uifb" and min(array.shape) > 0:
        if len(inner) == 1:
            channels = 1 if side(inner[0]) else 3
            length = side(inner[0] // channels)
            return channels, length, length
        if len(inner) == 2:
            return 1, *inner
        if len(inner) == 3 and inner[2] in (1, 3):
            return inner[2], inner[0], inner[1]
        if len(inner) == 3 and inner[0] in (1, 3):
            return inner[0], inner[1], inner[2]
    raise refuse(
        "no_images",
        f'Expected images in "{array.name}", got {array.dtype} of the shape {array.shape}. {HOW}',
    )


def _channels_last(images: Array, shape: tuple[int, int, int]) -> bool:
    return len(images.shape) == 4 and images.shape[1:] != shape


def _range(pairs: list[Pair], progress: Callable[[float], None]) -> tuple[float, float]:
    """Return the extremes of the pixels; of bytes they need not be looked for."""
    if all(pair.images.dtype == np.uint8 for pair in pairs):
        return 0.0, 255.0
    low, high = math.inf, -math.inf
    total, done = sum(pair.images.shape[0] for pair in pairs), 0
    for pair in pairs:
        for piece in pair.images.pieces():
            if piece.dtype.kind == "f" and not np.isfinite(piece).all():
                raise refuse(
                    "not_finite",
                    f'Expected pixels that are finite numbers, got others in "{pair.images.name}".',
                )
            low, high = min(low, float(piece.min())), max(high, float(piece.max()))
            done += len(piece)
            progress(done / total)
    return low, high


def _size(shape: tuple[int, int, int], options: IngestOptions) -> tuple[int, int, int]:
    channels, height, width = shape
    if options.image_size is not None:
        return channels, *options.image_size
    scale = min(1.0, MAX_SIDE / max(height, width))
    return channels, max(1, round(height * scale)), max(1, round(width * scale))


def _resized(shape: tuple[int, int, int], wanted: tuple[int, int, int], count: int) -> Note:
    return Note(
        severity="info",
        code="resized",
        message=f"The images of {shape[1]} × {shape[2]} pixels were resized to {wanted[1]} × "
        f"{wanted[2]} (height × width). For another size upload them with options.image_size.",
        count=count,
    )


def _write(
    pairs: list[Pair],
    shape: tuple[int, int, int],
    wanted: tuple[int, int, int],
    scaled: Callable[[np.ndarray], np.ndarray],
    images: Writer,
    order: np.ndarray,
    progress: Callable[[float], None],
) -> None:
    """Write the images in an order that names those of all pairs, one after another."""
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    done = 0
    for pair in pairs:
        for piece in pair.images.pieces():
            pixels = resize(scaled(upright(piece, shape)), wanted)
            images.put(places[done : done + len(pixels)], pixels)
            done += len(pixels)
            progress(0.4 + 0.6 * done / len(order))
