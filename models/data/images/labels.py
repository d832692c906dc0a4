"""Images with a table of labels beside them in the archive: which image is what."""

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import polars as pl

from models.data.csv.table import Table, read_table
from models.data.description import IMAGE_TARGET, Column, Note, Reading
from models.data.images.archive import read_entry, shown
from models.data.images.label_values import SPLITS, Values, values_of
from models.data.images.layout import PARTS, Layout, class_order, is_junk
from models.data.images.several import together
from models.data.kinds import as_text
from models.data.options import IngestOptions
from models.data.origin import LabelTable, Spelling
from models.errors import DocumentError, refuse

_TABLES = (".csv", ".tsv")
SHARE = 0.5
"""Of the images, so many at least have to be named by a column that names images."""

_SPELLINGS: dict[Spelling, Callable[[PurePosixPath], str]] = {
    "path": str,
    "name": lambda path: path.name,
    "path_stem": lambda path: str(path.with_suffix("")),
    "stem": lambda path: path.stem,
    "inner_path": lambda path: "/".join(path.parts[1:]),
}


class Labels(NamedTuple):
    """What a table says of images.

    Attributes:
        layout: the entries of each class, in the order of the codes; of numbers and of several
            labels one nameless class.
        numbers: the number of each entry, by its name; None where there are classes.
        target: the column of labels described, where they are numbers.
        notes: what was found in the table.
        several: the labels of each entry, by its name; None where each is of one class.
        origin: where the table stands; None where there is none.
        reading: how it is written.
    """

    layout: Layout
    numbers: dict[str, float] | None
    target: Column | None
    notes: list[Note]
    several: dict[str, tuple[str, ...]] | None = None
    origin: LabelTable | None = None
    reading: Reading | None = None


class _Named(NamedTuple):
    """The column that names images, how it does, and the images by these names."""

    column: str
    spelling: Spelling
    by_name: dict[str, zipfile.ZipInfo]


def read_labels(
    archive: zipfile.ZipFile, files: list[zipfile.ZipInfo], folder: Path, options: IngestOptions
) -> Labels | None:
    """Read the one table of the archive that names its images; None where there is none.

    Args:
        folder: for a copy of the table while it is read.

    Raises:
        DocumentError: the table cannot be read, or has no column of labels.
    """
    layout = Layout()
    images, tables = [], []
    for entry in files:
        parts = [part for part in entry.filename.split("/") if part not in ("", ".")]
        if is_junk(parts):
            layout.junk += 1
        elif entry.filename.lower().endswith(_TABLES):
            tables.append(entry)
        else:
            images.append(entry)
    if len(tables) != 1 or not images:
        return None
    (entry,) = tables
    try:
        table = _table(archive, entry, folder, options)
    except DocumentError:
        if len({PurePosixPath(image.filename).parent for image in images}) > 1:
            # Folders may well be the classes, and this a table of something else.
            return None
        raise
    named = _named(table.frame, images)
    if named is None:
        return None
    return _labelled(table, entry, named, images, layout, options.label_separator)


def check_options(options: IngestOptions) -> None:
    """Refuse what is said of a table of labels where there is none.

    Raises:
        DocumentError: options.label_separator.
    """
    if options.label_separator is not None:
        raise refuse(
            "no_label_table",
            "Expected a ZIP archive of images with a table of labels, whose cells "
            "options.label_separator is for, got a file without one. Leave it out.",
            path=["options", "label_separator"],
        )


def _table(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path, options: IngestOptions
) -> Table:
    copy = folder / "labels.csv.part"
    try:
        copy.write_bytes(read_entry(archive, entry))
        return read_table(copy, options, lambda share: None)
    finally:
        copy.unlink(missing_ok=True)


def _named(frame: pl.DataFrame, images: list[zipfile.ZipInfo]) -> _Named | None:
    """Return how a table names images; None where it does not."""
    paths = {entry: PurePosixPath(entry.filename) for entry in images}
    for spelling, spelt in _SPELLINGS.items():
        by_name: dict[str, zipfile.ZipInfo] = {}
        for entry, path in paths.items():
            by_name.setdefault(spelt(path), entry)
        by_name.pop("", None)
        if len(by_name) < SHARE * len(images):
            continue
        for column in frame.columns:
            texts = as_text(frame[column])
            if texts.is_in(list(by_name)).sum() >= SHARE * len(images):
                return _Named(column, spelling, by_name)
    return None


def _labelled(
    table: Table,
    of_table: zipfile.ZipInfo,
    named: _Named,
    images: list[zipfile.ZipInfo],
    layout: Layout,
    separator: str | None,
) -> Labels:
    frame, where, column = table.frame, shown(of_table), named.column
    said = values_of(frame, column, where, table.file_row, separator)
    names = as_text(frame[column]).to_list()
    entries = [named.by_name.get(name or "") for name in names]
    said = _together(said, entries)
    part_of = next((name for name in frame.columns if name.strip().lower() in SPLITS), None)
    part_of = None if part_of in (column, *said.columns) else part_of
    values = said.classes or said.numbers or said.labels or []
    parts = as_text(frame[part_of]).to_list() if part_of else [None] * len(values)
    numbers: dict[str, float] = {}
    several: dict[str, tuple[str, ...]] = {}
    classes: dict[str, list[zipfile.ZipInfo]] = {}
    absent, twice, unlabelled = [], [], 0
    seen: set[str] = set()
    for name, entry, value, part in zip(names, entries, values, parts, strict=True):
        if entry is None:
            absent.append(str(name))
        elif entry.filename in seen:
            if not said.together:
                twice.append(str(name))
        elif value is None:
            seen.add(entry.filename)
            layout.skip(entry, f'it has no value in the column "{said.columns[0]}"')
            unlabelled += 1
        else:
            seen.add(entry.filename)
            classes.setdefault(value if isinstance(value, str) else "", []).append(entry)
            if isinstance(value, tuple):
                several[entry.filename] = value
            elif not isinstance(value, str):
                numbers[entry.filename] = value
            if (code := PARTS.get((part or "").casefold())) is not None:
                layout.parts[entry.filename] = code
    for entry in images:
        if entry.filename not in seen:
            layout.skip(entry, f'"{where}" does not name it')
    if layout.parts and len(layout.parts) < sum(map(len, classes.values())):
        layout.parts = {}
    layout.splits = sorted({str(part) for part in parts}) if layout.parts else []
    layout.classes = {name: classes[name] for name in sorted(classes, key=class_order)}
    notes = [*table.notes, _found(where, column, said, frame.columns)]
    notes += _left(absent, twice, where)
    origin = LabelTable(
        entry=of_table.filename,
        image=column,
        spelling=named.spelling,
        columns=said.columns,
        separator=said.separator,
        together=said.together,
        part=part_of if layout.parts else None,
    )
    labels = Labels(layout, None, None, notes, None, origin, table.reading)
    if said.labels is not None:
        return labels._replace(several=several)
    if said.told is None:
        return labels
    target = said.told.model_copy(update={"name": IMAGE_TARGET, "role": "target"})
    return labels._replace(numbers=numbers, target=target)


def _together(said: Values, entries: Sequence[zipfile.ZipInfo | None]) -> Values:
    """Return several labels for each image where rows name the same one with different classes."""
    if said.classes is None or len(said.columns) > 1:
        return said
    images = [entry.filename if entry is not None else None for entry in entries]
    found = together(said.classes, images, said.columns[0])
    if found is None:
        return said
    return Values(said.columns, labels=found.of_rows, how=found.how, together=True)


def _found(where: str, column: str, said: Values, columns: list[str]) -> Note:
    rest = [f'"{name}"' for name in columns if name not in (column, *said.columns)]
    source = said.how or f'the column "{said.columns[0]}"'
    more = f" Its other columns were left out: {', '.join(rest[:10])}." if rest else ""
    if said.separator is not None:
        more += " If something else stands between labels, read the file again and say so."
    return Note(
        severity="info",
        code="labels_from_table",
        message=f'The labels of "{where}", whose column "{column}" names the images, are those of '
        f"{source}.{more}",
    )


def _left(absent: list[str], twice: list[str], where: str) -> list[Note]:
    notes = []
    if absent:
        message = (
            f'{len(absent):,} rows of "{where}" name no image of the archive; they were left out.'
        )
        notes.append(
            Note(
                severity="warning",
                code="labels_without_image",
                message=message,
                count=len(absent),
                examples=absent[:20],
            )
        )
    if twice:
        message = (
            f'{len(twice):,} rows of "{where}" name an image that an earlier row names; the '
            "earlier one was taken."
        )
        notes.append(
            Note(
                severity="warning",
                code="labels_twice",
                message=message,
                count=len(twice),
                examples=twice[:20],
            )
        )
    return notes
