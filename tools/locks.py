"""Fails when a lock file no longer satisfies pyproject.toml.

Offline on purpose: it compares what is asked with what is pinned, it resolves nothing.
"""

import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"run": [], "dev": ["test", "quality"], "bench": ["test", "bench"]}
NOT_LOCKED = {"torch"}  # its builds for CPU and CUDA bear different version names


def pins(lock: Path) -> dict[str, str]:
    """Return the version of each package that the lock file names."""
    lines = [line.split(";")[0].strip() for line in lock.read_text().splitlines()]
    pairs = [line.split("==") for line in lines if "==" in line]
    return {canonicalize_name(name.split("[")[0]): version for name, version in pairs}


def unmet(lock: str, groups: list[str]) -> list[str]:
    """Return a sentence for each requirement that the lock does not satisfy."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"]]
    for group in groups:
        wanted += project["dependency-groups"][group]
    pinned = pins(ROOT / "requirements" / f"{lock}.lock")
    answers = []
    for text in wanted:
        requirement = Requirement(text)
        name = canonicalize_name(requirement.name)
        if name in NOT_LOCKED:
            continue
        if name not in pinned:
            answers.append(f"requirements/{lock}.lock: expected {text}, found no pin")
        elif pinned[name] not in requirement.specifier:
            answers.append(f"requirements/{lock}.lock: expected {text}, found {pinned[name]}")
    return answers


if __name__ == "__main__":
    problems = [answer for lock, groups in LOCKS.items() for answer in unmet(lock, groups)]
    if problems:
        sys.exit("\n".join([*problems, "Renew the lock files: make lock"]))
