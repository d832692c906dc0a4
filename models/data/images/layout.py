"""Which folder of an archive is which class."""

import zipfile
from dataclasses import dataclass, field

from models.data.images.archive import shown
from models.errors import refuse
from models.wording import counted

_JUNK_NAMES = frozenset({".ds_store", "thumbs.db", "desktop.ini", "ehthumbs.db"})
_JUNK_FOLDERS = frozenset({"__macosx", ".git", ".ipynb_checkpoints", "@eadir"})
_ARRAYS = (".npz",)
_ALONE = (".csv", ".tsv", ".txt", ".xlsx", ".parquet", *_ARRAYS)
"""Ends of the names of files that are datasets by themselves."""
PARTS = {
    **dict.fromkeys(("train", "training"), 0),
    **dict.fromkeys(("val", "valid", "validation", "dev"), 1),
    **dict.fromkeys(("test", "testing"), 2),
}
"""What folders and columns call the parts of a split, in any case, and their codes."""


@dataclass
class Layout:
    """Entries by class, in the order of the class codes, and what does not belong to any.

    Attributes:
        classes: entries of each class.
        skipped: (entry, reason) of files outside a class's folder or that stand twice.
        junk: how many files that systems leave behind were ignored.
        wrapper: the folder around all classes, when there is one.
        splits: folders such as train and test, each of which holds folders of classes.
        parts: the part of the split that each entry belongs to, by its name.
    """

    classes: dict[str, list[zipfile.ZipInfo]] = field(default_factory=dict)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    junk: int = 0
    wrapper: str | None = None
    splits: list[str] = field(default_factory=list)
    parts: dict[str, int] = field(default_factory=dict)

    def skip(self, entry: zipfile.ZipInfo, reason: str) -> None:
        self.skipped.append((shown(entry), reason))


def lay_out(files: list[zipfile.ZipInfo], folders: list[str]) -> Layout:
    """Sort files into classes by their first folder.

    Args:
        files: the archive's files.
        folders: paths of its folders, so that an empty class is not overlooked.

    Raises:
        DocumentError: no files in folders, an empty class, or fewer than two classes.
    """
    layout = Layout()
    paths: list[tuple[list[str], zipfile.ZipInfo]] = []
    seen: set[str] = set()
    for entry in files:
        parts = [part for part in entry.filename.split("/") if part not in ("", ".")]
        if is_junk(parts):
            layout.junk += 1
        elif entry.filename in seen:
            layout.skipped.append((shown(entry), "another entry has the same name"))
        else:
            seen.add(entry.filename)
            paths.append((parts, entry))
    empty = [[part for part in folder.split("/") if part] for folder in folders]
    empty = [parts for parts in empty if parts and not is_junk([*parts, ""])]
    depth = _unwrap(layout, paths, empty)
    for parts, entry in paths:
        if len(parts) < depth + 2:
            layout.skipped.append((shown(entry), "it is not in the folder of a class"))
        else:
            layout.classes.setdefault(parts[depth], []).append(entry)
            if layout.splits:
                layout.parts[entry.filename] = PARTS[parts[depth - 1].casefold()]
    for parts in empty:
        if len(parts) > depth:
            layout.classes.setdefault(parts[depth], [])
    _check(layout)
    names = sorted(layout.classes, key=class_order)
    layout.classes = {name: layout.classes[name] for name in names}
    return layout


def _unwrap(
    layout: Layout, paths: list[tuple[list[str], zipfile.ZipInfo]], empty: list[list[str]]
) -> int:
    """Return how many leading folders are not classes: one around all of them, and splits."""
    depth = 0
    while True:
        inside = [parts[depth] for parts, _ in paths if len(parts) > depth + 1]
        tops = {*inside, *(parts[depth] for parts in empty if len(parts) > depth)}
        deeper = any(len(parts) > depth + 2 for parts, _ in paths)
        if deeper and len(tops) == 1:
            layout.wrapper = "/".join(filter(None, [layout.wrapper, *tops]))
            depth += 1
        elif deeper and len(tops) > 1 and {top.casefold() for top in tops} <= PARTS.keys():
            layout.splits = sorted(tops)
            return depth + 1
        else:
            return depth


def _check(layout: Layout) -> None:
    if not layout.classes:
        names = [name for name, _ in layout.skipped]
        table = next((name for name in names if name.lower().endswith(_ALONE)), None)
        found = f"{counted(len(names), 'file')} outside of folders" if names else "no files"
        raise refuse(
            "no_classes",
            "Expected a folder for each class with its images inside, such as cats/1.png and "
            f"dogs/1.png, got {found}. "
            + (
                f'Upload "{table}" by itself, which is read with the images and labels in it.'
                if table is not None and table.lower().endswith(_ARRAYS)
                else f'Upload the table "{table}" by itself, or name the images in it.'
                if table is not None
                else "Put the images of each class into a folder of its own, or add a CSV file "
                "that names each image and its label."
            ),
        )
    for name, entries in layout.classes.items():
        if not entries:
            raise refuse(
                "empty_class",
                f'Expected images in the folder of every class, got none in "{name}". Add some, or '
                "remove the folder.",
            )
    if len(layout.classes) < 2:
        name = next(iter(layout.classes))
        raise refuse(
            "single_class",
            f'Expected at least two classes, each in a folder of its own, got only "{name}". Add '
            "the folder of another class.",
        )


def is_junk(parts: list[str]) -> bool:
    """Return whether a file, by the parts of its path, is one that systems leave behind."""
    folders = [part.casefold() for part in parts[:-1]]
    name = parts[-1].casefold() if parts else ""
    return (
        name in _JUNK_NAMES
        or name.startswith("._")
        or any(folder in _JUNK_FOLDERS for folder in folders)
    )


def class_order(name: str) -> tuple[int, int, str, str]:
    """Numbers by size, then names from A to Z."""
    number = int(name) if name.isascii() and name.isdigit() else 0
    return (0 if name.isascii() and name.isdigit() else 1, number, name.casefold(), name)
