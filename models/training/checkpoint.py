"""Where a training stands, in a file: written whole or not at all, and checked when it is read."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from safetensors.torch import load, save
from torch import Tensor

from models.data.files import DISK_FULL, replacing

FIRST_SECONDS = 1.0
SECONDS = 5.0
"""What a killed training loses at most, where writing is quick."""
SHARE = 0.02
"""Of the training's time, what writing may take."""
_DIGEST = hashlib.sha256
_DIGEST_BYTES = _DIGEST().digest_size


class Damaged(Exception):
    """The file is not a checkpoint, or not all of one."""


class NoRoom(Exception):
    """There is no room for a checkpoint; the file that was there is as it was.

    Attributes:
        needed: Bytes that it takes.
        free: Bytes that are free.
    """

    def __init__(self, needed: int, free: int) -> None:
        super().__init__(f"A checkpoint needs {needed:,} bytes, {free:,} are free")
        self.needed, self.free = needed, free


State = dict[str, Any]
"""What a part of a training stands for: tensors, and numbers and texts as JSON has them."""


def write(path: Path, parts: Mapping[str, State]) -> None:
    """Write the file aside, sync it and put it in the place of the one before.

    Raises:
        NoRoom: the disk, or what this user may have of it, is full.
    """
    tensors: dict[str, Tensor] = {}
    values: dict[str, State] = {part: {} for part in parts}
    for part, state in parts.items():
        for name, value in state.items():
            if isinstance(value, Tensor):
                tensors[f"{part}.{name}"] = value.detach().cpu().contiguous()
            else:
                values[part][name] = value
    content = save(tensors, {"values": json.dumps(values)})
    try:
        with replacing(path) as aside, aside.open("wb") as file:
            file.write(content)
            file.write(_DIGEST(content).digest())
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        needed = len(content) + _DIGEST_BYTES
        raise NoRoom(needed, shutil.disk_usage(path.parent).free) from error


def read(path: Path) -> dict[str, State]:
    """Return the parts of a checkpoint.

    Raises:
        FileNotFoundError: there is none.
        Damaged: it is not as it was written.
    """
    content = path.read_bytes()
    content, digest = content[:-_DIGEST_BYTES], content[-_DIGEST_BYTES:]
    if _DIGEST(content).digest() != digest:
        raise Damaged(f"{path.name} is not as it was written")
    # The head of the file is JSON; its length stands before it in eight bytes.
    length = int.from_bytes(content[:8], "little")
    parts: dict[str, State] = json.loads(
        json.loads(content[8 : 8 + length])["__metadata__"]["values"]
    )
    for name, tensor in load(content).items():
        part, _, own = name.partition(".")
        parts[part][own] = tensor
    return parts


def numbered(tensors: Iterable[Tensor]) -> State:
    """Return tensors as the state of a part, by their place."""
    return {str(place): tensor for place, tensor in enumerate(tensors)}


def put_back(tensors: Sequence[Tensor], state: State) -> None:
    """Fill tensors in place from a state that `numbered` made.

    Raises:
        Damaged: they are of other shapes or another number: it is another network's.
    """
    saved = [state[str(place)] for place in range(len(tensors)) if str(place) in state]
    if [tensor.shape for tensor in tensors] != [tensor.shape for tensor in saved]:
        raise Damaged("The checkpoint is of another network or another optimizer")
    for tensor, value in zip(tensors, saved, strict=True):
        tensor.copy_(value)


class Keeper:
    """Keeps a checkpoint up to date, at a small share of the training's time.

    Args:
        path: The file; None keeps nothing.
    """

    def __init__(self, path: Path | None, clock: Callable[[], float] = perf_counter) -> None:
        self._path, self._clock = path, clock
        self._due = clock() + FIRST_SECONDS

    def due(self) -> bool:
        """Return whether the file has grown old."""
        return self._path is not None and self._clock() >= self._due

    def keep(self, parts: Mapping[str, State]) -> bool:
        """Write the file; return whether there is one to write.

        Raises:
            NoRoom: the file is as it was.
        """
        if self._path is None:
            return False
        began = self._clock()
        write(self._path, parts)
        now = self._clock()
        self._due = now + max(SECONDS, (now - began) / SHARE)
        return True
