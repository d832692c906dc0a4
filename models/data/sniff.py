"""What a file is, told by its content: its name may say anything."""

import io
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Literal

import numpy as np

from models.errors import DocumentError, refuse

Sniffed = Literal["text", "zip", "parquet", "workbook"]
HEAD = 4_096
"""Bytes from the start of a file that are enough to tell its type."""

ZIP = "a ZIP archive"
PARQUET = "a Parquet file"
WORKBOOK = "an Excel workbook"
NUMPY = "a NumPy array"
IDX = "an IDX file, as of MNIST,"
_GZIP = "a gzip archive"
_OFFICE = "an Office document"
_MAGIC: list[tuple[int, bytes, str]] = [
    (0, b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (0, b"\xff\xd8\xff", "a JPEG image"),
    (0, b"GIF87a", "a GIF image"),
    (0, b"GIF89a", "a GIF image"),
    (0, b"II*\x00", "a TIFF image"),
    (0, b"MM\x00*", "a TIFF image"),
    (8, b"WEBP", "a WebP image"),
    (4, b"ftyphei", "a HEIC image"),
    (4, b"ftypmif1", "a HEIC image"),
    (4, b"ftypavif", "an AVIF image"),
    (4, b"ftyp", "an MP4 video"),
    (8, b"WAVE", "a WAV sound"),
    (0, b"%PDF-", "a PDF document"),
    (0, b"\x1f\x8b", _GZIP),
    (0, b"BZh", "a bzip2 archive"),
    (0, b"\xfd7zXZ\x00", "an xz archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (0, b"Rar!\x1a\x07", "a RAR archive"),
    (0, b"(\xb5/\xfd", "a Zstandard archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"PAR1", PARQUET),
    (0, b"ARROW1", "an Arrow file"),
    (0, b"SQLite format 3\x00", "an SQLite database"),
    (0, b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    (0, b"\x93NUMPY", NUMPY),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Microsoft Office file"),
    (0, b"\x7fELF", "a program"),
    (0, b"MZ\x90", "a program"),
    (0, b"{\\rtf", "an RTF document"),
]
_BITMAP_SIZE = 14
_MARKUP: list[tuple[bytes, str]] = [
    (b"<svg", "an SVG image"),
    (b"<!doctype html", "an HTML page"),
    (b"<html", "an HTML page"),
    (b"<?xml", "an XML document"),
]
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\x0c\x00\x1a\x1b"))
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_WHAT_WE_READ = "Expected a table (CSV, Excel or Parquet) or a ZIP archive of images"


def sniff(path: Path, filename: str) -> Sniffed:
    """Return whether the file is text, a workbook or Parquet (a table) or a zip archive (images).

    Raises:
        DocumentError: `unsupported_type`, naming the detected type, for anything else.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    shown = Path(filename.replace("\\", "/")).name or "the file"
    detected = type_of(head)
    if detected in (ZIP, WORKBOOK, _OFFICE):
        return _packed(path, detected, shown)
    if detected == PARQUET:
        return "parquet"
    # The files of MNIST are packed one by one.
    inner = _unpacked(head) if detected == _GZIP else head
    if (array := type_of(inner)) in (NUMPY, IDX):
        raise _alone(shown, array, inner)
    if detected is not None:
        raise unsupported(shown, detected)
    if head and shown.lower().endswith(".zip"):
        raise unsupported(shown, "text, not a ZIP archive")
    return "text"


def unsupported(name: str, detected: str) -> DocumentError:
    """Return the refusal of a file that is of a type we do not read."""
    advice = {
        "a binary Excel workbook": " Save it as .xlsx or CSV and upload that.",
        "an OpenDocument file": " Save the sheet as CSV and upload that.",
        "an old Microsoft Office file": " Save the sheet as CSV and upload that.",
    }.get(detected, "")
    if "image" in detected:
        advice = " For images, upload a ZIP with one folder per class."
    if "archive" in detected and "ZIP" not in detected:
        advice = " Unpack it, and upload the CSV, or the images as a ZIP."
    return refuse("unsupported_type", f'{_WHAT_WE_READ}, got {detected} ("{name}").{advice}')


def _alone(name: str, detected: str, head: bytes) -> DocumentError:
    """Return the refusal of a file that holds one array, where images need their labels beside."""
    shape = _shape(detected, head)
    what, missing = detected, ""
    if shape is not None:
        sizes = " × ".join(f"{size:,}" for size in shape)
        what = f"{detected} of {sizes} values"
        missing = {1: ", labels without their images", 2: ""}.get(
            len(shape), ", images without their labels"
        )
    advice = (
        'Save it as text: numpy.savetxt("table.csv", array, delimiter=",").'
        if detected == NUMPY and shape is not None and len(shape) == 2
        else 'Save both into one file, numpy.savez("images.npz", images=…, labels=…), or pack '
        "both files into one ZIP, and upload that."
        if detected == NUMPY
        else "Pack the file of images and that of labels into one ZIP, as they are or as .gz, and "
        "upload that."
    )
    return refuse("unsupported_type", f'{_WHAT_WE_READ}, got {what}{missing} ("{name}"). {advice}')


def _shape(detected: str, head: bytes) -> tuple[int, ...] | None:
    """Return the shape of the array that a file begins with; None where that cannot be told."""
    try:
        if detected == IDX:
            return struct.unpack_from(f">{head[3]}I", head, 4)
        file = io.BytesIO(head)
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0
        if version != (1, 0):
            read = np.lib.format.read_array_header_2_0
        return read(file)[0]
    except (ValueError, struct.error):
        return None


def _unpacked(head: bytes) -> bytes:
    """Return the first bytes of what is packed by gzip; none where it is damaged."""
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, HEAD)
    except zlib.error:
        return b""


def _packed(path: Path, detected: str, name: str) -> Sniffed:
    """Return what is packed as zip: a workbook, or an archive."""
    try:
        with zipfile.ZipFile(path) as packed:
            names = set(packed.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        names = set()
    if "xl/workbook.bin" in names:
        raise unsupported(name, "a binary Excel workbook")
    # A broken workbook is told as such by what reads it.
    if "xl/workbook.xml" in names or detected == WORKBOOK:
        return "workbook"
    if detected == _OFFICE:
        raise unsupported(name, detected)
    return "zip"


def _type_of_zip(head: bytes) -> str:
    first = head[30:200]
    if first.startswith(b"mimetypeapplication/vnd.oasis"):
        return "an OpenDocument file"
    if first.startswith(b"mimetypeapplication/epub"):
        return "an EPUB book"
    if first.startswith((b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/")):
        return WORKBOOK if b"xl/" in head else _OFFICE
    return ZIP


def type_of(head: bytes) -> str | None:
    """Return what a file is by its first `HEAD` bytes, with its article; None for text."""
    if head.startswith(_ZIP):
        return _type_of_zip(head)
    for offset, magic, name in _MAGIC:
        if head[offset : offset + len(magic)] == magic:
            return name
    if head.startswith(b"BM") and b"\x00\x00" in head[:_BITMAP_SIZE]:
        return "a BMP image"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    for prefix, name in _MARKUP:
        if start.startswith(prefix):
            return "an SVG image" if b"<svg" in head.lower() else name
    if start.startswith((b'{"', b'[{"', b"[[")) or start[:1] + start[1:].lstrip()[:1] in (
        b'{"',
        b"[{",
    ):
        return "a JSON document"
    if len(head) > 4 and head[:2] == b"\x00\x00" and head[2] in (8, 9, 11, 12, 13, 14):
        return IDX
    # Text of any 8-bit or 16-bit encoding has next to no control characters.
    control = len(head) - len(head.translate(None, _CONTROL))
    if control > max(2, len(head) // 50):
        return "binary data"
    return None
