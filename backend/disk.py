"""A full disk: how it is known, whatever library tells of it, and how people are told."""

import errno
import re
from collections.abc import Iterator

FULL = (errno.ENOSPC, errno.EDQUOT)
_TOLD = re.compile(
    "No space left on device|Disk quota exceeded|disk is full"
    # What numpy says when less was written than it asked for.
    r"|\d+ requested and \d+ written"
)


def is_full(error: BaseException) -> bool:
    """Tell whether an exception is about a full disk, by itself or by what caused it.

    Only Python's own carry the number; Parquet, safetensors and the databases have it in words.
    """
    return any(
        getattr(cause, "errno", None) in FULL or _TOLD.search(str(cause)) is not None
        for cause in _chain(error)
    )


def message(needed: int, free: int) -> str:
    """Return what is told: what is needed at least, what there is, and what to do, in bytes."""
    wanted = f"more than {free:,}" if needed <= free else f"{needed:,}"
    return (
        f"The disk is full: expected {wanted} bytes of free disk, got {free:,}. Free space on the "
        "server's disk, then try again; nothing was changed."
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = getattr(error, "orig", None) or error.__cause__ or error.__context__
