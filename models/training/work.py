"""What training works on: data in memory, weights, what the optimizer remembers; and the step."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from models.call import Call
from models.data.preprocess import entering
from models.data.windows import Examples, Windows
from models.objectives.joint import Joint, Weights
from models.objectives.optimizers import Optimizer
from models.training import updates
from models.training.augment import Augmenter
from models.training.batches import Batches
from models.training.memory import kinds, remembered
from models.training.scaler import Scaler

if TYPE_CHECKING:
    from models.network import Network


@dataclass
class Chunk:
    """What batches left: their losses, raw outputs (rows, width) and the last step's gradients.

    A batch's losses are the one that was made small, (), or, where the network has several outputs,
    that one and the loss of each output, (1 + outputs,).
    """

    losses: list[Tensor] = field(default_factory=list)
    outputs: list[Tensor] = field(default_factory=list)
    gradients: Sequence[Tensor] = ()
    settled: bool = False
    """The last step changed no weight by as much as the tolerance."""


@dataclass
class Work:
    """Everything that a training step reads and changes.

    Attributes:
        inputs: The examples (N, …) of each input of the network: a tensor, images stored channels
            last, or windows of a table, gathered batch by batch.
        targets: What the criterion compares with, (N, …), one tensor per output.
        row_weights: How much each row's loss counts, (N,), or None for all alike; per output.
        batch_size: Rows per batch; the last batch of an epoch takes what is left.
        scaler: Scales the losses, where gradients would be lost in half precision.
        clip: The function of `updates` that clips the gradients, with its limit.
        augmenter: What is done to the images of each batch, of `image_shape`.
    """

    network: "Network"
    criterion: Joint
    optimizer: Optimizer
    inputs: tuple[Examples, ...]
    targets: tuple[Tensor, ...]
    row_weights: tuple[Tensor | None, ...]
    batch_size: int
    clip: Call | None = None
    tolerance: float | None = None
    autocast: Callable[[], AbstractContextManager[Any]] = nullcontext
    scaler: Scaler | None = None
    augmenter: Augmenter | None = None
    image_shape: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        self.parameters = [p for p in self.network.parameters() if p.requires_grad]
        # The same memory without autograd's bookkeeping, so that rules may change it in place.
        self.weights = [parameter.detach() for parameter in self.parameters]
        self.frozen = [p.detach() for p in self.network.parameters() if not p.requires_grad]
        self.buffers = [buffer.detach() for buffer in self.network.buffers()]
        self.memory = remembered(self.optimizer, self.weights, kinds(self.network))
        self.averaging = self.optimizer.averaging()
        self.averages = [weight.clone() for weight in self.weights if self.averaging]
        self.rule = self.optimizer.rule()
        self.rows = self.targets[0].shape[0]
        self.device = self.targets[0].device
        per_step = self.optimizer.gradient_accumulation_steps or 1
        self.batches = Batches(self.rows, self.batch_size, per_step)
        self.sums = [torch.zeros_like(w) for w in self.weights if self.batches.per_step > 1]

    def order(self, generator: torch.Generator) -> Tensor:
        """Return the rows of an epoch in the order in which they are learnt: (N,) int64."""
        if self.batches.count == 1:
            return torch.arange(self.rows, device=self.device)
        return torch.randperm(self.rows, generator=generator).to(self.device)

    def state(self) -> list[Tensor]:
        """Return every tensor that a step may change, themselves and not copies.

        Frozen weights are among them: a layer may bring them to a norm.
        """
        remembered = (tensor for slot in self.memory for tensor in slot)
        kept = [*self.averages, *self.sums, *(self.scaler.state() if self.scaler else ())]
        return [*self.weights, *self.frozen, *self.buffers, *remembered, *kept]

    def conclude(self) -> None:
        """Leave the weights as the trained model has them: their moving average, if there is one.

        To go on afterwards, the weights have to be put back as the last step left them.
        """
        for weight, average in zip(self.weights, self.averages, strict=False):
            weight.copy_(average)

    def forward(
        self, batch: Sequence[Tensor], targets: Sequence[Tensor], row_weights: Weights
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return the loss of a batch, (), its losses as a `Chunk` has them, and the raw outputs."""
        with self.autocast():
            raw = self.criterion.raw(self.network, *(as_network_sees(x) for x in batch))
            losses = self.criterion.losses(raw, targets, row_weights)
            loss = self.criterion.total(losses)
        if self.network.penalized:
            loss = loss + self.network.penalty()
        return loss, loss if len(losses) == 1 else torch.stack([loss, *losses]), raw

    def run(self, order: Tensor, first: int, rates: Sequence[float], number: int) -> Chunk:
        """Learn from the batches `first`, `first + 1` … of an epoch, one per learning rate.

        Args:
            order: The epoch's rows.
            first: Which of the epoch's batches is the first, from 0.
            rates: The learning rate of each batch's step.
            number: Steps taken in the whole run before these.
        """
        chunk = Chunk()
        for batch, rate in enumerate(rates, start=first):
            loss, losses, raw = self.forward(*self._picked(order, batch))
            if self.scaler is not None:
                loss = self.scaler.scaled(loss)
            gradients = like(self.weights, torch.autograd.grad(loss, self.parameters))
            chunk.losses.append(losses.detach())
            chunk.outputs.append(raw.detach())
            if self.sums:
                share, begins = self.batches.share(batch), self.batches.begins(batch)
                updates.gathered(self.sums, gradients, share, begins)
                gradients = self.sums
            if not self.batches.ends(batch):
                continue
            number += 1
            chunk.gradients = gradients
            if self.scaler is not None and not self.scaler.fit(gradients):
                continue
            if self.clip is not None:
                gradients = updates.CLIPS[self.clip.name](gradients, **self.clip.kwargs)
            chunk.gradients = gradients
            # Steps that were left out do not count for the rule.
            skipped = int(self.scaler.skipped) if self.scaler is not None else 0
            chunk.settled = self._step(gradients, rate, number - skipped)
            if chunk.settled:
                break
        return chunk

    def _picked(
        self, order: Tensor, batch: int
    ) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...], tuple[Tensor | None, ...]]:
        """Return the inputs, targets and row weights of a batch."""
        targets, row_weights = self.targets, self.row_weights
        if self.batches.count == 1:
            inputs = tuple(x[:] for x in self.inputs)
        else:
            start = batch * self.batch_size
            rows = order[start : start + self.batch_size]
            inputs = tuple(x.index_select(0, rows) for x in self.inputs)
            targets = tuple(y.index_select(0, rows) for y in targets)
            row_weights = tuple(w if w is None else w.index_select(0, rows) for w in row_weights)
        if self.augmenter is not None:
            return self._augmented(inputs, targets, row_weights)
        return inputs, targets, row_weights

    def _step(self, gradients: list[Tensor], rate: float, number: int) -> bool:
        """Change the weights; return whether none changed by as much as the tolerance."""
        before = [weight.clone() for weight in self.weights if self.tolerance is not None]
        rule = updates.RULES[self.rule.name]
        rule(self.weights, gradients, self.memory, rate, number, **self.rule.kwargs)
        if self.averaging is not None:
            updates.averaged(self.weights, self.averages, number, **self.averaging.kwargs)
        if self.network.constrained:
            self.network.constrain()
        if self.tolerance is None:
            return False
        # The one number that is read at once: it decides whether there is a next step.
        return float(updates.largest_change(self.weights, before)) < self.tolerance

    def _augmented(
        self, batch: Sequence[Tensor], targets: Sequence[Tensor], row_weights: Weights
    ) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...], tuple[Tensor | None, ...]]:
        assert self.augmenter is not None
        seen = as_network_sees(batch[0])
        images = seen.reshape(len(seen), *self.image_shape)
        changed = self.augmenter.batch(images, targets, row_weights)
        stored = as_stored(changed.images, seen.shape[1:])
        return (stored[:],), changed.targets, changed.row_weights


def like(weights: Sequence[Tensor], gradients: Sequence[Tensor]) -> list[Tensor]:
    """Return the gradients laid out in memory as their weights are, as fused kernels ask."""
    return [
        gradient
        if gradient.stride() == weight.stride()
        else torch.empty_like(weight).copy_(gradient)
        for weight, gradient in zip(weights, gradients, strict=True)
    ]


def as_network_sees(stored: Tensor) -> Tensor:
    """Return a batch as the network takes it: images (N, H, W, C) → (N, C, H, W), channels last.

    Stored pixels of eight bits become numbers from 0 to 1 here, so that no copy of all images is
    kept that is four times as large.
    """
    x = entering(stored)
    return x.permute(0, 3, 1, 2) if x.dim() == 4 else x


def kept(x: Examples, shape: tuple[int, ...] | None) -> Examples:
    """Return examples as `Work` keeps them; windows stay places in their table.

    Where the input asks for another shape than theirs, they are copied out after all.
    """
    if not isinstance(x, Windows):
        return as_stored(x, shape)
    return x if shape is None or tuple(x.shape[1:]) == shape else as_stored(x[:], shape)


def as_stored(x: Tensor, shape: tuple[int, ...] | None) -> Tensor:
    """Return data as `Work` keeps it: in the input's shape, images with their channels last.

    Rows are picked along the first axis, which forgets the memory format; a permuted view of rows
    stored channels last has the format that convolutions are fastest on.
    """
    if shape is not None and tuple(x.shape[1:]) != shape:
        x = x.reshape(x.shape[0], *shape)
    return x.permute(0, 2, 3, 1).contiguous() if x.dim() == 4 else x.contiguous()
