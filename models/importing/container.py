"""The configuration inside a Keras file, with bounds on what is read."""

import zipfile
from pathlib import Path
from typing import Any

from models.errors import refuse
from models.strict_json import loads

CONFIG = "config.json"
MAX_CONFIG = 16 * 2**20
"""Bytes of the configuration. That of a network of 2,000 layers has about 2 MB."""
_MAX_ENTRIES = 10_000
_HDF5 = b"\x89HDF\r\n\x1a\n"


def configuration(path: Path) -> tuple[Any, bool]:
    """Return the JSON of a file, and whether weights lie beside it.

    Of a `.keras` archive only the entry config.json is read.

    Raises:
        DocumentError: it is neither such an archive nor JSON, or too large.
        JsonError: the JSON is not as we read it.
    """
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(_HDF5):
        raise refuse(
            "unsupported_type",
            "Expected a .keras file or JSON, got HDF5, as Keras 2 saves it. Load it in Keras and "
            "save it as .keras.",
        )
    if head.startswith(b"PK"):
        return _from_archive(path)
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        raise refuse(
            "unsupported_type",
            "Expected a .keras file, JSON as model.to_json() gives it, or a network saved here, "
            "got something else. "
            "Choose another file.",
        )
    if path.stat().st_size > MAX_CONFIG:
        raise _too_large(path.stat().st_size)
    return loads(path.read_bytes()), False


def _from_archive(path: Path) -> tuple[Any, bool]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > _MAX_ENTRIES:
                raise refuse(
                    "too_many_entries",
                    f"Expected an archive of at most {_MAX_ENTRIES:,} entries, got "
                    f"{len(entries):,}. Choose a file that Keras saved.",
                )
            entry = next((entry for entry in entries if entry.filename == CONFIG), None)
            if entry is None:
                raise refuse(
                    "no_config",
                    f"Expected {CONFIG} in the archive, got none. Choose a file that Keras saved.",
                )
            with archive.open(entry) as file:
                # What the archive says of its sizes may be wrong: no more than allowed is read.
                data = file.read(MAX_CONFIG + 1)
            others = any(other.filename.endswith(".h5") for other in entries)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise refuse(
            "damaged",
            "Expected a whole .keras archive that is not encrypted, got one that cannot be read. "
            "Save the model again.",
        ) from error
    if len(data) > MAX_CONFIG:
        raise _too_large(entry.file_size)
    return loads(data), others


def _too_large(size: int) -> Exception:
    return refuse(
        "too_large",
        f"Expected a configuration of at most {MAX_CONFIG:,} bytes, got {size:,}. Send a smaller "
        "model.",
    )
