"""Files that are written whole or not at all; those of a dataset's folder by name."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TABLE = "table.parquet"
IMAGES = "images.npy"
LABELS = "labels.npy"
PARTS = "parts.npy"
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
"""Error numbers of a write for which there is no room."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a path to write to; on success its file replaces `path`, else it is removed."""
    aside = path.with_name(path.name + ".part")
    try:
        yield aside
        with aside.open("rb") as file:
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
