"""Processes by their number: is it still the one that was meant, and how much memory did it take?

A number alone is not a name, since the system gives it again: the start time goes with it. Start
times are counted from the machine's boot, so that setting the clock changes none.
"""

import importlib
import os
import subprocess
from pathlib import Path

PROC = Path("/proc")
_STATE, _START = 0, 19
"""Positions in /proc/<pid>/stat after the command's name."""


def enter(module: str, *args: object) -> None:
    """Run `main(*args)` of a module that the starting process itself must not import."""
    importlib.import_module(module).main(*args)


def started(pid: int) -> float | None:
    """Return when a process started, in seconds; None when it is not there, or has ended.

    The zero of the scale is the machine's own. A process that ended but was not yet waited for by
    its parent counts as ended.
    """
    if not PROC.is_dir():
        return _started_by_ps(pid)
    try:
        # The name may hold spaces and brackets; what counts stands behind its last bracket.
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[_STATE] in "ZX" else int(fields[_START]) / os.sysconf("SC_CLK_TCK")


def _started_by_ps(pid: int) -> float | None:
    """For systems without /proc: the start in seconds of its month, as the system tells it."""
    told = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split()
    if not told or told[0].startswith("Z"):
        return None
    hours, minutes, seconds = map(float, told[4].split(":"))
    return float(told[3]) * 86_400 + hours * 3600 + minutes * 60 + seconds


def alive(pid: int, start: float | None) -> bool:
    """Tell whether the process that started then is still there."""
    found = started(pid)
    return found is not None and (start is None or found == start)


def peak_memory(pid: int) -> int | None:
    """Return the most memory the process ever had, in bytes; None when it cannot be known."""
    try:
        for line in (PROC / str(pid) / "status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None


def memory_limit() -> int:
    """Return the memory that processes here may take in all, in bytes."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limits = [machine]
    for name in ("memory.max", "memory/memory.limit_in_bytes"):
        try:
            limits.append(int((Path("/sys/fs/cgroup") / name).read_text()))
        except (OSError, ValueError):
            continue
    return min(limits)
