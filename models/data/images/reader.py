"""A zip with a folder per class as one array of images and one of class codes."""

import io
import os
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TypeVar

import numpy as np

from models.data.description import (
    IMAGE_TARGET,
    Description,
    ImageClass,
    ImageShape,
    Note,
    Problem,
)
from models.data.files import IMAGES, LABELS, replacing
from models.data.images.archive import open_archive, read_entry, safe_entries, shown
from models.data.images.decode import Facts, Form, Unreadable, decode, probe
from models.data.images.layout import Layout, lay_out
from models.data.images.report import conversion_notes, layout_notes, refuse_skipped, size_note
from models.data.options import IngestOptions
from models.errors import refuse

MAX_SIDE = 64
"""Pixels. Larger images are brought to this, so that a first network trains in a minute."""
MAX_BYTES = 16 * 2**30
_THREADS = min(8, os.cpu_count() or 1)
_HEADER = 128

_In = TypeVar("_In")
_Out = TypeVar("_Out")
_Item = tuple[int, zipfile.ZipInfo]


def read_images(
    path: Path, folder: Path, options: IngestOptions, progress: Callable[[float], None]
) -> Description:
    """Read the archive twice: for what the images are, and for their pixels.

    Raises:
        DocumentError: the archive is unsafe or damaged, its folders are not classes, more than a
            tenth of its files had to be skipped, or a class keeps fewer than two images.
    """
    with open_archive(path) as archive:
        files = safe_entries(archive, path)
        folders = [entry.filename for entry in archive.infolist() if entry.is_dir()]
        layout = lay_out(files, folders)
        entries = [
            (code, entry)
            for code, members in enumerate(layout.classes.values())
            for entry in members
        ]
        facts: dict[str, Facts] = {}
        usable = _probe(archive, entries, layout, facts, lambda share: progress(0.4 * share))
        refuse_skipped(layout, len(entries), [code for code, _ in usable])
        form = choose_form(list(facts.values()), options)
        with replacing(folder / IMAGES) as aside, replacing(folder / LABELS) as labels_aside:
            labels = _decode(
                archive, usable, layout, form, aside, lambda share: progress(0.4 + 0.6 * share)
            )
            refuse_skipped(layout, len(entries), labels)
            with labels_aside.open("wb") as file:
                np.save(file, np.array(labels, np.int64))
    return _describe(path, layout, labels, form, facts)


def choose_form(facts: Sequence[Facts], options: IngestOptions) -> Form:
    """Return the size and mode to bring all images to.

    The size asked for; else the one that all have; else the median of heights and widths, both
    reduced to at most `MAX_SIDE` with their ratio kept.
    """
    if options.image_size is not None:
        height, width = options.image_size
    else:
        height = int(median(fact.height for fact in facts))
        width = int(median(fact.width for fact in facts))
        scale = min(1.0, MAX_SIDE / max(height, width))
        height, width = max(1, round(height * scale)), max(1, round(width * scale))
    form = Form(height, width, all(fact.grey for fact in facts))
    size = len(facts) * form.channels * height * width
    if size > MAX_BYTES:
        raise refuse(
            "too_many_pixels",
            f"Expected images of at most {MAX_BYTES:,} bytes together, got {size:,}. Choose a "
            "smaller options.image_size.",
            path=["options", "image_size"],
        )
    deep = [fact for fact in facts if "deep" in fact.oddities]
    if not deep:
        return form
    low = min(0.0, *(fact.low for fact in deep)) if deep else 0.0
    high = max(fact.high for fact in deep)
    # Whole numbers fill their bits in common (12 bits: 4095), so that images stay comparable.
    top = high if high <= 1 else max(255.0, float(2 ** int(high).bit_length() - 1))
    return Form(form.height, form.width, form.grey, low, top)


def _probe(
    archive: zipfile.ZipFile,
    entries: list[_Item],
    layout: Layout,
    facts: dict[str, Facts],
    progress: Callable[[float], None],
) -> list[_Item]:
    def look(item: _Item) -> Facts | Unreadable:
        try:
            return probe(read_entry(archive, item[1]))
        except Unreadable as reason:
            return reason

    usable: list[_Item] = []
    for done, (item, found) in enumerate(in_threads(look, entries), 1):
        if isinstance(found, Unreadable):
            layout.skipped.append((shown(item[1]), str(found)))
        else:
            usable.append(item)
            facts[item[1].filename] = found
        progress(done / len(entries))
    return usable


def _decode(
    archive: zipfile.ZipFile,
    entries: list[_Item],
    layout: Layout,
    form: Form,
    target: Path,
    progress: Callable[[float], None],
) -> list[int]:
    def look(item: _Item) -> np.ndarray | Unreadable:
        try:
            return decode(read_entry(archive, item[1]), form)
        except Unreadable as reason:
            return reason

    labels: list[int] = []
    with target.open("wb") as file:
        # The count is not known before the last image: the header is written when it is.
        file.write(bytes(_HEADER))
        for done, (item, pixels) in enumerate(in_threads(look, entries), 1):
            if isinstance(pixels, Unreadable):
                layout.skipped.append((shown(item[1]), str(pixels)))
            else:
                file.write(np.ascontiguousarray(pixels).data)
                labels.append(item[0])
            progress(done / len(entries))
        file.seek(0)
        file.write(_npy_header((len(labels), form.channels, form.height, form.width)))
    return labels


def _npy_header(shape: tuple[int, ...]) -> bytes:
    header = io.BytesIO()
    fields = {"descr": "|u1", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(header, fields)
    text = header.getvalue()
    if len(text) != _HEADER:
        raise ValueError(f"an array header of {len(text)} bytes")
    return text


def in_threads(function: Callable[[_In], _Out], items: Sequence[_In]) -> Iterator[tuple[_In, _Out]]:
    """Yield (item, result) in order, with a bounded number of results waiting."""
    rest = iter(items)
    with ThreadPoolExecutor(_THREADS) as pool:
        while batch := list(islice(rest, 32 * _THREADS)):
            yield from zip(batch, pool.map(function, batch), strict=True)


def _describe(
    path: Path, layout: Layout, labels: list[int], form: Form, facts: dict[str, Facts]
) -> Description:
    counts = Counter(labels)
    classes = [
        ImageClass(name=name, count=counts[code]) for code, name in enumerate(layout.classes)
    ]
    names = [entry.name for entry in classes]
    sizes = Counter((fact.height, fact.width) for fact in facts.values())
    notes: list[Note] = [
        *layout_notes(layout),
        *conversion_notes(facts, form),
        *size_note(sizes, form),
    ]
    return Description(
        kind="images",
        rows=len(labels),
        bytes=path.stat().st_size,
        classes=classes,
        image=ImageShape(
            channels=form.channels,
            height=form.height,
            width=form.width,
            low=form.low,
            high=form.high,
        ),
        problem=Problem(
            task="classification",
            target=IMAGE_TARGET,
            classes=names,
            reason=f"The images stand in {len(names)} folders, one for each class",
        ),
        report=notes,
    )
