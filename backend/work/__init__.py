"""What the engine's processes do. The one narrow door from the web process to torch.

Every function takes and returns plain data: it crosses from one process to another. What a
function needs is imported in it, so that a process loads only what its own calls use.
"""

import traceback
from collections.abc import Callable
from typing import Any

from backend import disk
from backend.work.architectures import check, check_fits, code, imported
from backend.work.datasets import augmented, change, image, ingest, renewed, rows
from backend.work.downloads import export
from backend.work.machine import devices
from backend.work.results import evaluate, predict, predict_file, predict_row
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
    except Exception as error:
        return ("disk_full" if disk.is_full(error) else "failed"), traceback.format_exc()


WORK: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        devices,
        check,
        check_fits,
        code,
        imported,
        ingest,
        renewed,
        rows,
        image,
        augmented,
        change,
        evaluate,
        predict,
        predict_row,
        predict_file,
        export,
    )
}
