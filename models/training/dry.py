"""A dry step: what training takes of the memory, measured on a few rows before it begins."""

import torch
from torch import Tensor

from models.budget import in_words
from models.data.windows import held
from models.errors import Fix, SetRecipe, refuse
from models.training import device as devices
from models.training.stopping import Snapshot
from models.training.work import Work

ROWS = 16
"""What kernels keep of fewer may not grow with them: they are rounded up to what suits them."""


def check_memory(work: Work, limit: int | None = None) -> None:
    """Check that a step fits into the memory of the machine.

    Counted is what a step cannot do without: the data, the weights with their gradients and all
    that the optimizer remembers, and what the rows of a batch leave for the way back. No training
    that fits is refused; one that just does not may still run out of memory.

    Args:
        limit: Bytes that there are; None for what the device has.

    Raises:
        DocumentError: it does not fit; says what it takes, and which batch size would fit.
    """
    limit = devices.memory(work.device) if limit is None else limit
    inputs = [tensor for examples in work.inputs for tensor in held(examples)]
    lasting = [*inputs, *work.targets, *work.state(), *work.weights]
    fixed = sum(map(_bytes, lasting))
    per_row = bytes_per_row(work)
    needed = fixed + work.batch_size * per_row
    if needed <= limit:
        return
    fitting = (limit - fixed) // max(1, per_row)
    if fitting < 1:
        advice = "Make the network smaller."
        fix = None
    else:
        advice = f"Choose a batch_size of at most {fitting:,}."
        smaller = SetRecipe(values={"batch_size": fitting})
        fix = Fix(title=f"Batch size {fitting:,}", changes=[smaller])
    raise refuse(
        "out_of_memory",
        f"Expected a training step that fits into {in_words(limit)} of memory, got one of "
        f"{work.batch_size:,} rows that takes at least {in_words(needed)}: {in_words(per_row)} for "
        f"each row and {in_words(fixed)} for data, weights and optimizer. {advice}",
        path=["batch_size"],
        fix=fix,
    )


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
        found[tensor.untyped_storage().data_ptr()] = tensor
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
