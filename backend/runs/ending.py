"""How a worker's end is told to people, when it could not tell it itself."""

import signal

DISK_FULL = 74
NO_DATABASE = 75
"""Exit codes of a worker that could not write its last words into the event log."""
LOST = 255
"""What multiprocessing reports when it does not know how the process ended."""

DISK_FULL_MESSAGE = "The disk is full. Free space on the server's disk, then start the run again."
MODEL_NOT_SAVED = (
    "The disk is full: the model could not be saved. Free space on the server's disk, then resume."
)


def describe(code: int | None, peak: int | None, limit: int, kept: int | None = None) -> str:
    """Return why a run failed whose worker is gone.

    Args:
        code: Its exit code, negative for a signal; None when it is not known.
        peak: The most memory it was seen to take, in bytes.
        limit: The memory that the machine has for it, in bytes.
        kept: The epoch of its last checkpoint, if it kept one.
    """
    again = f"Resume from epoch {kept}" if kept is not None else "Start the run again"
    if code is not None and -code in (signal.SIGKILL, signal.SIGABRT, signal.SIGBUS):
        return (
            f"The worker process was killed by the system ({_signal(code)}), likely memory"
            f"{_peak(peak, limit)}. {again}, or train with a smaller batch size, fewer units or "
            "fewer rows."
        )
    if code is not None and code < 0:
        return f"The worker process was ended by the signal {_signal(code)}. {again}."
    if code == DISK_FULL:
        return DISK_FULL_MESSAGE
    if code == NO_DATABASE:
        return f"The worker could not reach the database to store its events. {again}."
    if code is None or code == LOST:
        return (
            f"The worker process ended without a word, perhaps for want of memory"
            f"{_peak(peak, limit)}. {again}; a smaller batch size needs less memory."
        )
    return f"The worker process ended unexpectedly with exit code {code}. {again}."


def _signal(code: int) -> str:
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _peak(peak: int | None, limit: int) -> str:
    return f" (peak {_gigabytes(peak)} of {_gigabytes(limit)})" if peak else ""


def _gigabytes(count: int) -> str:
    return f"{count / 2**30:.2f} GB"
