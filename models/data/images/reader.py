"""Image files in an archive as one array of images and one of what they are."""

import os
import zipfile
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import TypeVar

import numpy as np

from models.data.description import Description, Note
from models.data.images.archive import open_archive, read_entry, safe_entries
from models.data.images.arrays import array_entries, read_arrays
from models.data.images.decode import Facts, Form, Unreadable, decode, probe
from models.data.images.labels import Labels, check_options, read_labels
from models.data.images.layout import Layout, lay_out
from models.data.images.marks import label_notes, matrix, why_several
from models.data.images.report import (
    conversion_notes,
    described,
    layout_notes,
    refuse_skipped,
    size_note,
)
from models.data.images.store import Writer, writing
from models.data.options import IngestOptions
from models.errors import refuse

MAX_SIDE = 64
"""Pixels. Larger images are brought to this, so that a first network trains in a minute."""
MAX_BYTES = 16 * 2**30
_THREADS = min(8, os.cpu_count() or 1)
_TASK = 16
"""Files that a thread is given at once: handing over costs as much as a small image does."""
_KEPT = 64 * 2**20
"""Bytes of files that wait in memory between the first reading and the second."""

_In = TypeVar("_In")
_Out = TypeVar("_Out")
_Item = tuple[int, zipfile.ZipInfo]


def read_images(
    path: Path, folder: Path, options: IngestOptions, progress: Callable[[float], None]
) -> Description:
    """Read an archive: arrays, or images in the folders of classes or with a table of labels.

    Raises:
        DocumentError: the archive is unsafe or damaged, its folders are not classes, more than a
            tenth of its files had to be skipped, a class keeps fewer than two images, or there are
            fewer than two labels.
    """
    with open_archive(path) as archive:
        files = safe_entries(archive, path)
        if arrays := array_entries(archive, files):
            check_options(options)
            return read_arrays(archive, arrays, path, folder, options, progress)
        labels = read_labels(archive, files, folder, options)
        if labels is None:
            check_options(options)
            folders = [entry.filename for entry in archive.infolist() if entry.is_dir()]
            labels = Labels(lay_out(files, folders), None, None, [])
        return _read_files(archive, labels, path, folder, options, progress)


def _read_files(
    archive: zipfile.ZipFile,
    labels: Labels,
    path: Path,
    folder: Path,
    options: IngestOptions,
    progress: Callable[[float], None],
) -> Description:
    """Read image files twice: for what they are, and for their pixels."""
    layout = labels.layout
    entries = [
        (code, entry) for code, members in enumerate(layout.classes.values()) for entry in members
    ]
    refuse_skipped(layout, len(entries), [code for code, _ in entries])
    facts: dict[str, Facts] = {}
    contents = _Entries(archive)
    usable = _probe(contents, entries, layout, facts, lambda share: progress(0.4 * share))
    refuse_skipped(layout, len(entries), [code for code, _ in usable])
    form = choose_form(list(facts.values()), options)
    with writing(folder, (form.channels, form.height, form.width)) as stored:
        kept = _decode(
            contents, usable, layout, form, stored.images, lambda share: progress(0.4 + 0.6 * share)
        )
        codes = [code for code, _ in kept]
        refuse_skipped(layout, len(entries), codes)
        names = [entry.filename for _, entry in kept]
        stored.labels = np.array(codes, np.int64)
        classes = None if labels.numbers is not None else list(layout.classes)
        found: list[Note] = []
        if labels.numbers is not None:
            stored.labels = np.array([labels.numbers[name] for name in names], np.float64)
        elif labels.several is not None:
            stored.labels, classes = matrix([labels.several[name] for name in names])
            found = label_notes(stored.labels, classes)
        if layout.parts:
            stored.parts = np.array([layout.parts[name] for name in names], np.uint8)
    sizes = Counter((fact.height, fact.width) for fact in facts.values())
    notes = [
        *labels.notes,
        *found,
        *layout_notes(layout, stored.parts),
        *conversion_notes(facts, form),
        *size_note(sizes, form),
    ]
    return described(
        path.stat().st_size,
        stored.labels,
        (form.channels, form.height, form.width),
        classes,
        notes,
        reason=why_several(stored.labels)
        if labels.several is not None
        else "The table of labels says what each image is"
        if labels.notes
        else f"The images stand in {len(layout.classes)} folders, one for each class",
        target=labels.target,
        parts=stored.parts,
        levels=(form.low, form.high),
        origin=labels.origin,
        reading=labels.reading,
    )


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
    archive: "_Entries",
    entries: list[_Item],
    layout: Layout,
    facts: dict[str, Facts],
    progress: Callable[[float], None],
) -> list[_Item]:
    def look(item: _Item) -> Facts | Unreadable:
        try:
            return probe(archive.first(item[1]))
        except Unreadable as reason:
            return reason

    usable: list[_Item] = []
    for done, (item, found) in enumerate(in_threads(look, entries), 1):
        if isinstance(found, Unreadable):
            layout.skip(item[1], str(found))
        else:
            usable.append(item)
            facts[item[1].filename] = found
        progress(done / len(entries))
    return usable


def _decode(
    archive: "_Entries",
    entries: list[_Item],
    layout: Layout,
    form: Form,
    images: Writer,
    progress: Callable[[float], None],
) -> list[_Item]:
    def look(item: _Item) -> np.ndarray | Unreadable:
        try:
            return decode(archive.again(item[1]), form)
        except Unreadable as reason:
            return reason

    kept: list[_Item] = []
    for done, (item, pixels) in enumerate(in_threads(look, entries), 1):
        if isinstance(pixels, Unreadable):
            layout.skip(item[1], str(pixels))
        else:
            images.add(pixels)
            kept.append(item)
        progress(done / len(entries))
    return kept


def in_threads(function: Callable[[_In], _Out], items: Sequence[_In]) -> Iterator[tuple[_In, _Out]]:
    """Yield (item, result) in order, with a bounded number of results waiting."""

    def carry_out(part: Sequence[_In]) -> list[tuple[_In, _Out]]:
        return [(item, function(item)) for item in part]

    waiting: deque[Future[list[tuple[_In, _Out]]]] = deque()
    with ThreadPoolExecutor(_THREADS) as pool:
        for start in range(0, len(items), _TASK):
            waiting.append(pool.submit(carry_out, items[start : start + _TASK]))
            if len(waiting) > 2 * _THREADS:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


class _Entries:
    """Reads entries of an archive, each of them twice, from memory where they fit into it."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._kept: dict[int, bytes] = {}
        self._room = _KEPT

    def first(self, entry: zipfile.ZipInfo) -> bytes:
        data = read_entry(self._archive, entry)
        if len(data) <= self._room:
            self._room -= len(data)
            self._kept[entry.header_offset] = data
        return data

    def again(self, entry: zipfile.ZipInfo) -> bytes:
        kept = self._kept.pop(entry.header_offset, None)
        return read_entry(self._archive, entry) if kept is None else kept
