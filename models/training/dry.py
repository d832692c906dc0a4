"""A dry step: what training takes of the memory, measured on a few rows before it begins."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from models.budget import in_words
from models.data.windows import held
from models.errors import Fix, SetRecipe, refuse
from models.training import device as devices
from models.training import resident
from models.training.stopping import Snapshot
from models.training.work import Work

ALLOWED = " (max_memory)"
ROWS = 16
"""What kernels keep of fewer may not grow with them: they are rounded up to what suits them."""


@dataclass(frozen=True)
class Needs:
    """What a training takes of the memory, in bytes.

    Counted is what a step cannot do without. No training that fits is refused by it; one that just
    does not may still run out of memory.

    Attributes:
        rows: of a batch.
        per_row: what each of them leaves for the way back.
        fixed: data, weights with their gradients, and all that the optimizer remembers.
        program: what the process takes for the program itself.
    """

    rows: int
    per_row: int
    fixed: int
    program: int = 0

    @property
    def total(self) -> int:
        """All of it."""
        return self.program + self.fixed + self.rows * self.per_row

    def check(self, limit: int, why: str = "") -> None:
        """Check that it fits into so many bytes; `why` says who sets the limit.

        Raises:
            DocumentError: it does not fit; says what it takes, and which batch size would fit.
        """
        if self.total <= limit:
            return
        fitting = (limit - self.program - self.fixed) // max(1, self.per_row)
        if fitting < 1:
            advice = "Make the network smaller."
            fix = None
        else:
            advice = f"Choose a batch_size of at most {fitting:,}."
            smaller = SetRecipe(values={"batch_size": fitting})
            fix = Fix(title=f"Batch size {fitting:,}", changes=[smaller])
        program = f", and {in_words(self.program)} for the program itself" if self.program else ""
        raise refuse(
            "out_of_memory",
            f"Expected a training step that fits into {in_words(limit)} of memory{why}, got one of "
            f"{self.rows:,} rows that takes at least {in_words(self.total)}: "
            f"{in_words(self.per_row)} for each row and {in_words(self.fixed)} for data, weights "
            f"and optimizer{program}. {advice}",
            path=["batch_size"],
            fix=fix,
        )


def check_memory(work: Work, limit: int | None = None) -> None:
    """Check that a step fits into the memory of the machine, and into what the recipe allows.

    Args:
        limit: Bytes that the recipe allows; None for all that the device has.

    Raises:
        DocumentError: it does not fit; says what it takes, and which batch size would fit.
    """
    gradients = sum(map(_bytes, work.weights))
    inputs = [tensor for examples in work.inputs for tensor in held(examples)]
    lasting = sum(map(_bytes, [*inputs, *work.targets, *work.state()]))
    needs = Needs(work.batch_size, bytes_per_row(work), lasting + gradients)
    needs.check(devices.memory(work.device))
    if limit is not None:
        # Of a GPU's memory the program takes none, of the process's what is not the training's.
        program = max(0, resident.now() - lasting) if work.device.type == "cpu" else 0
        replace(needs, program=program).check(limit, ALLOWED)


def bytes_per_row(work: Work) -> int:
    """Return what each row of a batch leaves in memory between the ways forth and back.

    The step is taken with two batch sizes, so that what does not grow with them is not counted. It
    changes nothing, neither weights and buffers nor the random numbers that are drawn next.
    """
    rows = min(ROWS, work.batch_size // 2)
    if rows < 1:
        return 0
    # A layer may bring its weights to a norm on the way.
    before = Snapshot([*work.weights, *work.frozen, *work.buffers])
    drawn = devices.random_state(work.device)
    before.take(0)
    training = work.network.training
    work.network.train()
    try:
        few, more = _left(work, rows), _left(work, 2 * rows)
    finally:
        work.network.train(training)
        before.restore()
        devices.set_random_state(work.device, drawn)
    return max(0, (more - few) // rows)


def _left(work: Work, rows: int) -> int:
    """Return the bytes that a forward pass leaves for the backward one."""
    found: dict[int, Tensor] = {}

    def keep(tensor: Tensor) -> Tensor:
        # By the storage and not by its address, which is the same for all on the meta device.
        found[tensor.untyped_storage()._cdata] = tensor
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        loss, _, _ = work.forward(
            [x[:rows].clone() for x in work.inputs],
            [y[:rows].clone() for y in work.targets],
            [w if w is None else w[:rows] for w in work.row_weights],
        )
    del loss
    return sum(map(_bytes, found.values()))


def _bytes(tensor: Tensor) -> int:
    return tensor.untyped_storage().nbytes()
