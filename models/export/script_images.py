"""How a script reads images and what they are, where these stand in folders, tables or arrays."""

from typing import Any

from models.call import repr_argument
from models.data.description import Description
from models.data.images.several import SAID
from models.data.images.stream import IDX_TYPES
from models.data.interface import Interface
from models.data.origin import ImageArrays, LabelTable, PixelColumns, Spelling
from models.export.unsaid import unsaid

_NOT_IN_FOLDERS = {"arrays", "labels_from_table", "pixels"}
"""Notes on images that stand otherwise than in folders of classes."""
_SPELT: dict[Spelling, str] = {
    "path": "entry.filename",
    "name": "name",
    "path_stem": 'str(PurePosixPath(entry.filename).with_suffix(""))',
    "stem": "PurePosixPath(name).stem",
    "inner_path": 'entry.filename.partition("/")[2]',
}
_WHAT = {"classification": "classes", "multilabel": "labels", "regression": "numbers"}


def facts(description: Description, asked: Interface, *, parted: bool) -> dict[str, Any]:
    """Return what the templates ask for; `parted` tells whether parts that are given are kept.

    Raises:
        DocumentError: where the images stand in the file was not kept.
    """
    if description.kind != "images":
        return {"images": None, "what": ""}
    origin = description.origin
    if origin is None and {note.code for note in description.report} & _NOT_IN_FOLDERS:
        raise unsaid(
            "images in folders of their classes, or uploaded since scripts can read others, got a "
            "dataset that was read before. Upload its file again"
        )
    told = {
        "images": "folders" if origin is None else origin.kind,
        "what": _WHAT[asked.task],
        "task": asked.task,
    }
    match origin:
        case LabelTable():
            return told | _of_table(origin)
        case ImageArrays():
            return told | _of_arrays(origin, description, asked, parted)
        case PixelColumns():
            return told | {"last": origin.last, "scaled": _scaled("images", 0.0, origin.high)}
    return told


def uses_values(description: Description, asked: Interface) -> dict[str, bool]:
    """Return whether cells are read as numbers, and as classes."""
    match description.origin:
        case LabelTable() as table:
            one = len(table.columns) == 1 and table.separator is None
        case PixelColumns():
            one = True
        case _:
            one = False
    return {"numbered": one, "coded": one and asked.classes is not None}


def constants(description: Description, asked: Interface) -> list[str]:
    """Return what is known of the images, as lines of the script."""
    lines = [f"SHAPE = {asked.input_shape}  # channels, height, width"]
    match description.origin:
        case None:
            lines.append(_JUNK)
        case LabelTable() as table:
            lines.append(_JUNK)
            lines.append(f"TABLE = {repr_argument(table.entry)}  # says what each image is")
            lines.append(f"IMAGE = {repr_argument(table.image)}  # its column that names them")
            if len(table.columns) == 1:
                lines.append(f"LABEL = {repr_argument(table.columns[0])}")
            else:
                yes = sorted(text for text, meant in SAID.items() if meant)
                lines.append(f"YES = {{{', '.join(map(repr_argument, yes))}}}")
        case ImageArrays() as arrays if not _of_numpy(arrays):
            types = ", ".join(f"{code}: {kind!r}" for code, kind in IDX_TYPES.items())
            lines.append(f"TYPES = {{{types}}}  # of the values in files of MNIST's format")
        case _:
            pass
    return lines


_JUNK = 'JUNK = {".DS_Store", "Thumbs.db", "desktop.ini"}'


def part_constants(description: Description) -> list[str]:
    """Return where a table says which part an image is of, as lines of the script."""
    table = description.origin
    if isinstance(table, LabelTable) and table.part is not None:
        return [f"PART = {repr_argument(table.part)}"]
    return []


def imports(description: Description, asked: Interface) -> set[str]:
    """Return the imports of what reads images."""
    files = {"import io", "import zipfile", "from PIL import Image, ImageOps"}
    match description.origin:
        case LabelTable() as table:
            paths = {"from pathlib import PurePosixPath"} if "stem" in table.spelling else set()
            return files | paths | {"import csv"}
        case ImageArrays() as arrays:
            resized = {"from PIL import Image"} if arrays.shape != asked.input_shape else set()
            packed = {"import gzip", "import struct", "import zipfile"}
            return resized if _of_numpy(arrays) else resized | packed
        case PixelColumns():
            return set()
        case _:
            return files | ({"from itertools import pairwise"} if description.split else set())


def file_name(description: Description) -> str:
    """Return what the file that a script reads may be called."""
    match description.origin:
        case ImageArrays() as arrays if _of_numpy(arrays):
            return "images.npz"
        case _:
            return "images.zip"


def _of_table(table: LabelTable) -> dict[str, Any]:
    pieces = "cell.split()"
    if table.separator not in (None, " "):
        pieces = f"[name.strip() for name in cell.split({repr_argument(table.separator)})]"
    return {
        "spelt": _SPELT[table.spelling],
        "columned": len(table.columns) > 1,
        "together": table.together,
        "labels_of_cell": pieces if table.separator is not None else None,
    }


def _of_arrays(
    arrays: ImageArrays, description: Description, asked: Interface, parted: bool
) -> dict[str, Any]:
    numpy = _of_numpy(arrays)

    def read(entry: str) -> str:
        name = repr_argument(entry.removesuffix(".npy") if numpy else entry)
        return f"archive[{name}]" if numpy else f"array(archive.read({name}))"

    places = None
    if asked.task == "multilabel" and arrays.names is None:
        known = [int(entry.name) for entry in description.classes]
        places = None if known == list(range(len(known))) else known
    return {
        "numpy": numpy,
        "of_images": [read(pair.images) for pair in arrays.pairs],
        "of_labels": [read(pair.labels) for pair in arrays.pairs],
        "codes_of_parts": [pair.part for pair in arrays.pairs] if parted else None,
        "of_names": read(arrays.names) if arrays.names is not None else None,
        "form": arrays.form,
        "places": places,
        "channels_last": arrays.channels_last,
        "shape": arrays.shape,
        "scaled": arrays.levels and _scaled('images.astype("float64")', *arrays.levels),
        "resized": arrays.shape != asked.input_shape,
    }


def _scaled(images: str, low: float, high: float) -> str:
    """Return what brings pixels from these to 0 to 255, as source; empty where they are so."""
    if low:
        images = f"({images} - {low})"
    factor = f"{255 / span:g}" if (span := high - low or 1.0) in (1, 255) else f"(255 / {span:g})"
    return f"{images} * {factor}" if span != 255 or low else ""


def _of_numpy(arrays: ImageArrays) -> bool:
    return arrays.pairs[0].images.lower().endswith(".npy")
