"""What the engine's processes do. The one narrow door from the web process to torch.

Every function takes and returns plain data: it crosses from one process to another.
"""

import errno
import traceback
from collections.abc import Callable
from typing import Any

from models.errors import DocumentError


def perform(name: str, args: tuple[Any, ...]) -> tuple[str, Any]:
    """Call a function of `WORK` and tell how it went.

    Exceptions are told as data, because not all of them survive the way between processes.
    """
    try:
        return "done", WORK[name](*args)
    except DocumentError as error:
        return "refused", [problem.model_dump() for problem in error.problems]
    except MemoryError:
        return "no_memory", None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return "disk_full", error.errno
        return "failed", traceback.format_exc()
    except Exception:
        return "failed", traceback.format_exc()


def devices() -> list[dict[str, str]]:
    """Return what runs can train on beside the CPU."""
    import torch

    found: list[dict[str, str]] = []
    if torch.cuda.is_available():
        for index in range(torch.cuda.device_count()):
            found.append({"type": "cuda", "name": torch.cuda.get_device_name(index)})
    if torch.backends.mps.is_available():
        found.append({"type": "mps", "name": "Apple GPU"})
    return found


WORK: dict[str, Callable[..., Any]] = {function.__name__: function for function in (devices,)}
