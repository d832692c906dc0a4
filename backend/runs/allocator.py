"""How the memory of a process is handed out: kept for the next step, in one that trains."""

import ctypes

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_MAX = -1, -2, -4
"""Numbers of the GNU C library's <malloc.h>."""
_AHEAD = 64 * 2**20
_NEVER = 2**31 - 1


def keep_freed_memory() -> None:
    """Have what a step frees wait for the next one, instead of going back to the system.

    Each step asks for the same tensors again. Fresh from the system they are cleared, page by page,
    when first written to, which takes up to half of the time of a step on large batches. So no
    tensor, however large, is a mapping of its own. What lies between those in use makes the process
    take up to a third more than it needs. Without effect where the C library is another one.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_MAX, 0)
        mallopt(_TRIM_THRESHOLD, _NEVER)
        mallopt(_TOP_PAD, _AHEAD)
