"""A loss bound to a network's output: what is compared with what, and what the outputs mean."""

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor

from models.errors import refuse
from models.objectives.functions import (
    LOSS_FUNCTIONS,
    classification_sums,
    predicted_codes,
    regression_sums,
)
from models.objectives.losses import CategoricalCrossentropy, KLDivergence, Loss
from models.objectives.metrics import CLASSIFICATION_SUMS, REGRESSION_SUMS

WHOLE_DISTRIBUTION = (CategoricalCrossentropy, KLDivergence)
"""Losses over all classes: a single sigmoid output p is read as the two probabilities 1 − p, p."""


class Answering(Protocol):
    """A network as the criterion sees it."""

    @property
    def output_activation(self) -> str | None: ...

    def __call__(self, *inputs: Tensor) -> Tensor: ...

    def logits(self, *inputs: Tensor) -> Tensor: ...


class Criterion:
    """A loss for one network on one task.

    The *raw* outputs, shape (N, width), are logits where the loss takes the last activation into
    itself (`from_logits`), otherwise what the network answers.

    Args:
        loss: The loss.
        activation: The network's last activation.
        width: The number of the network's outputs.
        classes: The classes in the order of their codes; None for a regression.

    Raises:
        DocumentError: when outputs, loss and classes do not go together.
    """

    def __init__(
        self, loss: Loss, activation: str | None, width: int, classes: Sequence[str] | None
    ) -> None:
        if classes is None and loss.tasks == ("classification",):
            raise refuse(
                "loss_task",
                f"{loss.name} compares classes, but the target is a number. "
                "Choose MeanSquaredError or MeanAbsoluteError.",
                path=["loss", "type"],
            )
        self.loss = loss
        self.classes = tuple(classes) if classes is not None else None
        self.width = width
        allowed = {1, 2} if len(classes or ()) == 2 else {len(classes or "1")}
        if width not in allowed:
            wanted = " or ".join(str(units) for units in sorted(allowed))
            what = f"{len(classes)} classes" if classes else "one predicted number"
            raise refuse(
                "output_units",
                f"Expected a last layer with {wanted} outputs for {what}, got {width}.",
            )
        self.from_logits = loss.stable_after is not None and activation == loss.stable_after
        self.threshold = 0.0 if self.from_logits else 0.5
        self._both = width == 1 and isinstance(loss, WHOLE_DISTRIBUTION)
        self._codes = isinstance(loss, CategoricalCrossentropy)
        self._function = LOSS_FUNCTIONS[loss.function]
        self._smoothing: float = getattr(loss, "label_smoothing", 0.0)
        self.sum_names = REGRESSION_SUMS if classes is None else CLASSIFICATION_SUMS

    def raw(self, network: Answering, *inputs: Tensor) -> Tensor:
        """Return the network's raw outputs: (N, width)."""
        outputs = network.logits(*inputs) if self.from_logits else network(*inputs)
        return outputs.reshape(outputs.shape[0], self.width)

    def targets(self, y: Tensor) -> Tensor:
        """Return what the loss compares with: class codes (N,), or numbers (N, width or 2).

        `y` holds class codes, as integers (N,) or as 0 and 1 in (N, 1), or a regression's numbers.
        """
        if self.classes is None:
            return y.reshape(-1, 1).float()
        codes = self.codes(y)
        if self._codes:
            return codes
        if self.width == 1 and not self._both:
            return codes.reshape(-1, 1).float()
        return torch.nn.functional.one_hot(codes, len(self.classes)).float()

    def codes(self, y: Tensor) -> Tensor:
        """Return class codes (N,) int64 from either form of `y`."""
        return y.reshape(-1).long()

    def value(self, raw: Tensor, targets: Tensor, weights: Tensor | None = None) -> Tensor:
        """Return the loss of a batch: (). `weights` (N,) multiply the losses of its examples.

        As in Keras, weighted losses are divided by the number of examples, not by their weights.
        """
        outputs = torch.cat([1 - raw, raw], dim=-1) if self._both else raw
        mean = weights is None
        losses = self._function(
            outputs,
            targets,
            mean=mean,
            logits=self.from_logits,
            label_smoothing=self._smoothing,
        )
        if weights is not None:
            losses = (losses * weights).mean()
        if self.loss.combine == "root_mean_square":
            # The root's gradient at zero is infinite; a perfect batch has nothing to learn from.
            return losses.clamp_min(1e-14).sqrt()
        return losses

    def sums(self, raw: Tensor, y: Tensor, origin: Tensor) -> Tensor:
        """Return the sums that every metric is worked out from, in the order of `sum_names`."""
        if self.classes is None:
            return regression_sums(raw, y.reshape(-1, 1), origin)
        return classification_sums(raw, self.codes(y), self.threshold)

    def origin(self, y: Tensor) -> Tensor:
        """Return the number near which the regression's targets lie: ()."""
        return y.double().mean()

    def probabilities(self, raw: Tensor) -> Tensor:
        """Return the probability of every class: (N, classes). For classifications only."""
        if self.from_logits:
            raw = raw.sigmoid() if self.loss.stable_after == "sigmoid" else raw.softmax(dim=-1)
        return torch.cat([1 - raw, raw], dim=-1) if self.width == 1 else raw

    def predicted(self, raw: Tensor) -> Tensor:
        """Return the predicted class codes: (N,) int64. For classifications only."""
        return predicted_codes(raw, self.threshold)
