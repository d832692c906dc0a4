"""Windows of consecutive rows of one table: examples that are gathered when they are asked for."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from models.data.series import Order
from models.data.shares import sizes
from models.data.split import Parts
from models.errors import refuse
from models.recipe import Split


@dataclass(frozen=True)
class Windows:
    """Examples (N, length, features) as places in a table, of which no copy is kept.

    It is used as a tensor of examples is: by `shape`, slices and `index_select`, which return
    tensors. All windows of a table of a million rows take the memory of the table, and of a number
    for each.

    Attributes:
        table: rows in the order of their series and times, (rows, features).
        starts: the first row of each window, int64 (N,).
        length: rows of a window.
    """

    table: Tensor
    starts: Tensor
    length: int

    @property
    def shape(self) -> torch.Size:
        return torch.Size((len(self.starts), self.length, self.table.shape[1]))

    @property
    def dtype(self) -> torch.dtype:
        return self.table.dtype

    @property
    def every(self) -> Tensor:
        """A view of all windows of the table, one from each row on, (rows − length + 1, …)."""
        rows, features = self.table.shape
        shape = (rows - self.length + 1, self.length, features)
        return self.table.as_strided(shape, (features, features, 1))

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, rows: slice) -> Tensor:
        return self.every.index_select(0, self.starts[rows])

    def index_select(self, dim: int, rows: Tensor) -> Tensor:
        """Return some windows, a tensor of their own, as `Tensor.index_select` does for dim 0."""
        return self.every.index_select(dim, self.starts.index_select(0, rows))

    def to(self, device: torch.device) -> "Windows":
        return Windows(self.table.to(device), self.starts.to(device), self.length)


Examples = Tensor | Windows
"""Examples along the first axis: as they are, or as places in a table."""


def held(examples: Examples) -> tuple[Tensor, ...]:
    """Return the tensors that examples are kept in."""
    return (examples.table, examples.starts) if isinstance(examples, Windows) else (examples,)


@dataclass(frozen=True)
class Cut:
    """Windows over ordered rows, by place: those of one series that have a target.

    Attributes:
        starts: the place of the first row of each, (N,), ascending.
        window, horizon, stride: as `Steps` has them.
        short: how many series are too short for one.
    """

    starts: np.ndarray
    window: int
    horizon: int
    stride: int
    short: int

    @property
    def ends(self) -> np.ndarray:
        """The place of the last row of each."""
        return self.starts + self.window - 1

    @property
    def targets(self) -> np.ndarray:
        """The place of the row whose target each is to predict."""
        return self.ends + self.horizon


def cut(order: Order, window: int, horizon: int, stride: int) -> Cut:
    """Return every window of every series, its target in the same series."""
    bounds = order.bounds
    starts, short = [], 0
    for first, end in pairwise(bounds):
        found = np.arange(first, end - window - horizon + 1, stride)
        short += not len(found)
        starts.append(found)
    places = np.concatenate(starts) if starts else np.zeros(0, dtype=np.int64)
    return Cut(places.astype(np.int64), window, horizon, stride, short)


def deal_windows(
    found: Cut, times: np.ndarray, series: np.ndarray, split: Split, gap: int
) -> Parts:
    """Deal windows out by time, whole: no row of one part's windows or targets is in another's.

    The last are the test part, those before them validate. A part begins at a moment; what begins
    before it and reaches over it is left out.

    Args:
        times: when each place is, (rows,).
        series: of each place, (rows,).
        gap: rows between the targets of two parts, less one; of the window and horizon less one at
            least.

    Returns:
        Places among the windows.

    Raises:
        DocumentError: too few windows for every part.
    """
    starts, ends = times[found.starts], times[found.targets]
    extra = gap - (found.window + found.horizon - 1)
    left = np.arange(len(found.starts))
    parts: list[np.ndarray] = []
    later = [split.test, split.validation]
    lost = _lost(found, series)
    asked = [share for share in later if share]
    fitting = len(left) - len(asked) * (lost + extra)
    if fitting <= len(asked):
        raise _too_few(found, split)
    wanted = sizes(fitting, split)
    for share, count in zip(later, (wanted.test, wanted.validation), strict=True):
        if not share:
            parts.append(left[:0])
            continue
        if count >= len(left):
            raise _too_few(found, split)
        moment = np.sort(starts[left])[len(left) - count]
        parts.append(left[starts[left] >= moment])
        left = left[ends[left] < moment]
        left = without_last(left, found, series, extra)
        if not len(left):
            raise _too_few(found, split)
    test, validation = parts
    return Parts(left, validation, test)


def _lost(found: Cut, series: np.ndarray) -> int:
    """Return how many windows reach over a moment, about: of every series those of its reach."""
    reach = (found.window + found.horizon - 1) // found.stride
    return len(np.unique(series[found.starts])) * reach


def without_last(left: np.ndarray, found: Cut, series: np.ndarray, rows: int) -> np.ndarray:
    """Return windows without those whose targets are the last rows of what is left of a series."""
    if rows <= 0 or not len(left):
        return left
    targets = found.targets[left]
    own = series[targets]
    last = targets[np.searchsorted(own, own, side="right") - 1]
    return left[targets <= last - rows]


def _too_few(found: Cut, split: Split) -> Exception:
    parts = 1 + (split.validation > 0) + (split.test > 0)
    return refuse(
        "too_few_rows",
        f"Expected windows for each of {parts} parts that share no row, got {len(found.starts):,} "
        f"windows of {found.window:,} rows and a horizon of {found.horizon:,} in all. Shorten the "
        "window or the horizon, set a share to 0, or add rows.",
        path=["sequence", "window"],
    )


def rows_of(found: Cut, chosen: np.ndarray, rows: int) -> np.ndarray:
    """Return the places that some windows and their targets cover, each once, ascending."""
    marks = np.zeros(rows + 1, dtype=np.int64)
    np.add.at(marks, found.starts[chosen], 1)
    np.add.at(marks, found.ends[chosen] + 1, -1)
    covered = np.cumsum(marks[:-1]) > 0
    covered[found.targets[chosen]] = True
    return np.flatnonzero(covered)
