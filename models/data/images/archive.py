"""A zip of unknown origin: are its entries safe to read, and reading them within bounds."""

import lzma
import os
import re
import stat
import struct
import zipfile
import zlib
from pathlib import Path

from models.errors import DocumentError, refuse

MAX_ENTRIES = 500_000
MAX_ENTRY = 128 * 2**20
MAX_TOTAL = 16 * 2**30
"""Bytes unpacked, of one entry and of all."""
MAX_RATIO = 200
RATIO_FROM = 4 * 2**20
"""A small image of one colour packs a thousandfold; a large one that does is a bomb."""
_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".jar")
_ARRAYS = (".npy", "ubyte.gz", "idx.gz")
"""Whole datasets as arrays, which are read piece by piece; those of MNIST are packed one by one."""
_PACKINGS = frozenset(
    {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
)
_UTF8 = 0x800
"""The flag of an entry whose name is marked as UTF-8."""
_ORDINARY = _UTF8 | 0b1110
"""Flags of an entry that is not encrypted or patched: of its name, and of how it was packed."""
_DRIVE = re.compile(r"^[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError),
    *(ValueError, struct.error),
)
"""What reading a damaged archive raises."""


def open_archive(path: Path) -> zipfile.ZipFile:
    """Open the archive.

    Raises:
        DocumentError: it is cut off or damaged.
    """
    try:
        return zipfile.ZipFile(path)
    except DAMAGE as error:
        raise refuse(
            "damaged_archive",
            "Expected a whole ZIP archive, got one whose table of contents at the end is missing "
            "or damaged: it is probably truncated. Pack or upload it again.",
        ) from error


def safe_entries(archive: zipfile.ZipFile, path: Path) -> list[zipfile.ZipInfo]:
    """Return the entries that are files, when every entry is safe.

    Raises:
        DocumentError: a path that leads out of the archive, a link, an encrypted, overlapping,
            oversized or nested entry; names it.
    """
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise refuse(
            "too_many_entries",
            f"Expected at most {MAX_ENTRIES:,} entries in the archive, got {len(entries):,}.",
        )
    for entry in entries:
        _check_path(entry)
        _check_content(entry)
        entry.filename = _name(entry)
    total = sum(entry.file_size for entry in entries)
    if total > MAX_TOTAL:
        raise refuse(
            "archive_too_large",
            f"Expected at most {MAX_TOTAL:,} bytes when unpacked, got {total:,}. Leave images out "
            "or make them smaller.",
        )
    _check_overlap(entries, archive, path)
    return [entry for entry in entries if not entry.is_dir()]


def read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return the entry's bytes, never more than it says it has.

    Raises:
        DocumentError: it is damaged, or holds more or less than it says.
    """
    ordinary = (
        entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        and entry.flag_bits | _ORDINARY == _ORDINARY
        and entry.compress_size <= MAX_ENTRY
    )
    # An amount bounds the unpacking itself; reading "all" would unpack what is understated.
    amount = entry.file_size + 1
    try:
        if ordinary:
            data = _unpacked(archive, entry, amount)
        else:
            with archive.open(entry) as file:
                data = file.read(amount)
    except DAMAGE as error:
        raise _damaged(entry) from error
    if len(data) != entry.file_size:
        raise _damaged(entry)
    return data


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, amount: int) -> bytes:
    """Return what `ZipFile.open` reads, several times as fast for the many small files of a zip.

    Threads read at once: no position in the file is shared, so that none waits for another.
    """
    if archive.fp is None:
        raise ValueError("Expected an archive that is open")
    file, place = archive.fp.fileno(), entry.header_offset
    header = os.pread(file, _LOCAL_HEADER.size, place)
    signature, _, flags, *_, name_size, extra_size = _LOCAL_HEADER.unpack(header)
    name = os.pread(file, name_size, place + len(header))
    if signature != b"PK\3\4" or name.decode(_encoding(flags)) != entry.orig_filename:
        raise zipfile.BadZipFile
    data = os.pread(file, entry.compress_size, place + len(header) + name_size + extra_size)
    if entry.compress_type == zipfile.ZIP_DEFLATED:
        data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, amount)
    if zlib.crc32(data) != entry.CRC:
        raise zipfile.BadZipFile
    return data


def shown(entry: zipfile.ZipInfo) -> str:
    """Return the entry's name for messages: short, and without control characters."""
    name = _CONTROL.sub("�", _name(entry))
    return name if len(name) <= 120 else f"{name[:60]}…{name[-57:]}"


def _encoding(flags: int) -> str:
    return "utf-8" if flags & _UTF8 else "cp437"


def _name(entry: zipfile.ZipInfo) -> str:
    """Return the entry's name as it was meant: many programs write UTF-8 and do not say so."""
    name = entry.orig_filename
    if entry.flag_bits & _UTF8:
        return name
    try:
        return name.encode(_encoding(0)).decode()
    except UnicodeError:
        return name


def _damaged(entry: zipfile.ZipInfo) -> DocumentError:
    return refuse(
        "damaged_entry",
        f'Expected the entry "{shown(entry)}" to hold the {entry.file_size:,} bytes that the '
        "archive says, got others: it is damaged or made to deceive. Pack the archive again.",
    )


def _check_path(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    if "\\" in name:
        fault = "a backslash"
    elif name.startswith("/"):
        fault = "an absolute path"
    elif _DRIVE.match(name):
        fault = "a drive letter"
    elif ".." in name.split("/"):
        fault = 'a ".."'
    elif _CONTROL.search(name):
        fault = "a control character"
    else:
        return
    raise refuse(
        "unsafe_path",
        f'Expected entries with plain relative paths such as "cats/1.png", got {fault} in '
        f'"{shown(entry)}". Pack the folder again with an ordinary ZIP program.',
    )


def _check_content(entry: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        what = "a symbolic link" if kind == stat.S_IFLNK else "a device"
        raise refuse(
            "link_entry",
            f'Expected files and folders only, got {what}, "{shown(entry)}". Pack the files '
            "themselves.",
        )
    if entry.flag_bits & 0x1:
        raise refuse(
            "encrypted_entry",
            f'Expected an archive without a password, got the encrypted entry "{shown(entry)}". '
            "Pack it without a password.",
        )
    if entry.compress_type not in _PACKINGS:
        raise refuse(
            "unknown_packing",
            "Expected entries that are packed by Deflate, BZip2 or LZMA or not at all, got "
            f'"{shown(entry)}" packed by method {entry.compress_type}. Pack the folder again with '
            "an ordinary ZIP program.",
        )
    name = entry.filename.lower()
    if name.endswith(_ARCHIVES) and not name.endswith(_ARRAYS):
        raise refuse(
            "nested_archive",
            f'Expected images in folders, got an archive inside the archive, "{shown(entry)}". '
            "Unpack it and pack its folders instead.",
        )
    packed = max(1, entry.compress_size)
    most = MAX_TOTAL if name.endswith(_ARRAYS) or "ubyte" in name else MAX_ENTRY
    if entry.file_size > most or (
        entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * packed
    ):
        raise refuse(
            "compression_bomb",
            f"Expected entries of at most {most:,} bytes, packed at most {MAX_RATIO}-fold, "
            f'got "{shown(entry)}" with {entry.file_size:,} bytes from {entry.compress_size:,}. '
            "Leave it out.",
        )


def _check_overlap(entries: list[zipfile.ZipInfo], archive: zipfile.ZipFile, path: Path) -> None:
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    ends = [*(entry.header_offset for entry in ordered), archive.start_dir][1:]
    with path.open("rb", buffering=0) as file:
        for entry, limit in zip(ordered, ends, strict=True):
            # Where the table of contents is damaged, an entry may begin before the file does.
            if not 0 <= entry.header_offset < archive.start_dir:
                raise _damaged(entry)
            header = os.pread(file.fileno(), _LOCAL_HEADER.size, entry.header_offset)
            if len(header) < _LOCAL_HEADER.size:
                raise _damaged(entry)
            *_, name, extra = _LOCAL_HEADER.unpack(header)
            start = entry.header_offset + _LOCAL_HEADER.size + name + extra
            if start + entry.compress_size > limit:
                raise refuse(
                    "overlapping_entry",
                    "Expected every entry to have bytes of its own in the archive, got "
                    f'"{shown(entry)}" overlapping what follows it. Pack the archive again.',
                )
