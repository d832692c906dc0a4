"""One image file, or a zip of them in any folders, as examples."""

import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import polars as pl
import torch

from models.data.description import ImageShape, Note
from models.data.images.archive import MAX_ENTRY, open_archive, read_entry, safe_entries, shown
from models.data.images.decode import Form, Unreadable, decode
from models.data.images.layout import Layout, is_junk
from models.data.images.reader import in_threads
from models.data.images.report import layout_notes
from models.data.sniff import HEAD, ZIP, type_of
from models.errors import Where, refuse
from models.model import Place
from models.prediction.examples import Block

COLUMN = "file"
"""What the column of the files' names is called."""
BATCH = 256


class ImageExamples:
    """Images that are brought to the form of the dataset's, by the same decoder.

    What cannot be read is left out and told, unless it is all there is.

    Args:
        path: an image file or a zip.
        filename: what it was called.
        image: the form of the model's dataset.

    Raises:
        DocumentError: the archive is unsafe or damaged, or has no files.
    """

    delimiter = ","
    decimal_comma = False

    def __init__(self, path: Path, filename: str, image: ImageShape) -> None:
        self._path = path
        self._filename = filename
        self._form = Form(image.height, image.width, image.channels == 1, image.low, image.high)
        # Of an archive without classes; what is skipped is told as that of a dataset is.
        self._layout = Layout()

    def blocks(self) -> Iterator[Block]:
        """Yield the images, as `Examples` has it."""
        images = self._images()
        empty = True
        while batch := list(islice(images, BATCH)):
            empty = False
            names = [name for name, _ in batch]

            def place(row: int, names: list[str] = names) -> Place:
                return f'"{names[row]}"', Where()

            raw = torch.from_numpy(np.stack([pixels for _, pixels in batch]))
            yield Block(pl.DataFrame({COLUMN: names}), raw, place)
        if empty:
            raise self._none_readable()

    def notes(self) -> list[Note]:
        """Return what was skipped, and why."""
        return layout_notes(self._layout)

    def _images(self) -> Iterator[tuple[str, np.ndarray]]:
        with self._path.open("rb") as file:
            archive = type_of(file.read(HEAD)) == ZIP
        found = self._of_archive() if archive else self._of_file()
        for name, pixels in found:
            if isinstance(pixels, Unreadable):
                self._layout.skipped.append((name, str(pixels)))
            else:
                yield name, pixels

    def _of_file(self) -> Iterator[tuple[str, np.ndarray | Unreadable]]:
        if self._path.stat().st_size > MAX_ENTRY:
            yield self._filename, Unreadable(f"it has more than {MAX_ENTRY:,} bytes")
            return
        yield self._filename, self._decode(self._path.read_bytes())

    def _of_archive(self) -> Iterator[tuple[str, np.ndarray | Unreadable]]:
        with open_archive(self._path) as archive:

            def look(entry: zipfile.ZipInfo) -> np.ndarray | Unreadable:
                return self._decode(read_entry(archive, entry))

            entries = safe_entries(archive, self._path)
            files = [entry for entry in entries if not is_junk(entry.filename.split("/"))]
            self._layout.junk = len(entries) - len(files)
            for entry, pixels in in_threads(look, files):
                yield shown(entry), pixels

    def _decode(self, data: bytes) -> np.ndarray | Unreadable:
        try:
            return decode(data, self._form)
        except Unreadable as reason:
            return reason

    def _none_readable(self) -> Exception:
        skipped = self._layout.skipped
        reasons = "; ".join(f'"{name}": {reason}' for name, reason in skipped[:3])
        more = f" and {len(skipped) - 3:,} more" if len(skipped) > 3 else ""
        found = (
            f"none that can be read ({reasons}{more})" if skipped else "an archive without files"
        )
        return refuse(
            "no_images",
            f"Expected an image (PNG, JPEG, GIF, BMP, WebP, TIFF), or a ZIP of images, got {found}."
            " Choose another file.",
        )
