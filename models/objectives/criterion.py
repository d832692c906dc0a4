"""A loss bound to a network's output: what is compared with what, and what the outputs mean."""

from collections.abc import Sequence
from functools import partial

import torch
from torch import Tensor

from models.errors import refuse
from models.objectives.functions import LOSS_FUNCTIONS, predicted_codes
from models.objectives.losses import Loss

PROBABILITIES = ("sigmoid", "softmax")
"""Last activations that give probabilities."""


class Criterion:
    """A loss for one network on one task.

    The *raw* outputs, shape (N, width), are logits where the loss takes the last activation into
    itself (`from_logits`), otherwise what the network answers.

    Args:
        loss: The loss.
        activation: The network's last activation.
        width: The number of the network's outputs.
        classes: The classes in the order of their codes; None for a regression.
        multilabel: Whether an example has any number of the classes, each with an output.

    Raises:
        DocumentError: when outputs, loss and classes do not go together.
    """

    def __init__(
        self,
        loss: Loss,
        activation: str | None,
        width: int,
        classes: Sequence[str] | None,
        multilabel: bool = False,
    ) -> None:
        if classes is None and loss.tasks is not None and "regression" not in loss.tasks:
            raise refuse(
                "loss_task",
                f"{loss.name} compares classes, but the target is a number. "
                "Choose MeanSquaredError or MeanAbsoluteError.",
                path=["loss", "type"],
            )
        self.loss = loss
        self.classes = tuple(classes) if classes is not None else None
        self.width, self.multilabel = width, multilabel
        either = len(classes or ()) == 2 and not multilabel
        allowed = {1, 2} if either else {len(classes or "1")}
        if width not in allowed:
            wanted = " or ".join(str(units) for units in sorted(allowed))
            kind = "labels" if multilabel else "classes"
            what = f"{len(classes)} {kind}" if classes else "one predicted number"
            raise refuse(
                "output_units",
                f"Expected a last layer with {wanted} outputs for {what}, got {width}.",
            )
        self._activation = activation
        self._both = width == 1 and classes is not None and loss.takes != "numbers"
        # Over both classes, a sigmoid of x is a softmax of 0 and x.
        inner = "sigmoid" if self._both else loss.stable_after
        self.from_logits = loss.stable_after is not None and activation == inner
        self.scores = means_scores(loss, activation)
        self.threshold = 0.0 if self.from_logits or self.scores else 0.5
        settings = loss.settings()
        if loss.stable_after is not None:
            settings["logits"] = self.from_logits
        self._function = partial(LOSS_FUNCTIONS[loss.function], **settings)

    def targets(self, y: Tensor) -> Tensor:
        """Return what the loss compares with: class codes (N,), or numbers (N, width or 2).

        `y` holds class codes, as integers (N,) or as 0 and 1 in (N, 1), or a regression's numbers,
        or 0 and 1 for every label, (N, width).
        """
        if self.multilabel:
            return y.float()
        if self.classes is None:
            return y.reshape(-1, 1).float()
        codes = self.codes(y)
        if self.loss.takes == "codes":
            return codes
        if self.width == 1 and not self._both:
            return codes.reshape(-1, 1).float()
        return torch.nn.functional.one_hot(codes, len(self.classes)).float()

    def codes(self, y: Tensor) -> Tensor:
        """Return class codes (N,) int64 from either form of `y`."""
        return y.reshape(-1).long()

    def value(self, raw: Tensor, targets: Tensor, weights: Tensor | None = None) -> Tensor:
        """Return the loss of a batch: (). `weights` (N,) multiply the losses of its examples.

        As in Keras, weighted losses are divided by the number of examples, not by their weights;
        the loss of a whole batch is multiplied by their mean.
        """
        if weights is None:
            losses = self._function(self._compared(raw), targets, mean=True)
        else:
            losses = self.losses(raw, targets)
            losses = losses * weights if losses.shape == weights.shape else losses * weights.mean()
            losses = losses.mean()
        if self.loss.combine == "root_mean_square":
            # The root's gradient at zero is infinite; a perfect batch has nothing to learn from.
            return losses.clamp_min(1e-14).sqrt()
        return losses

    def losses(self, raw: Tensor, targets: Tensor) -> Tensor:
        """Return the loss of each example, (N,), or of the batch, (), if it is one of batches."""
        return self._function(self._compared(raw), targets, mean=False)

    def _compared(self, raw: Tensor) -> Tensor:
        if not self._both:
            return raw
        other = torch.zeros_like(raw) if self.from_logits else 1 - raw
        return torch.cat([other, raw], dim=-1)

    def answers(self, raw: Tensor) -> Tensor:
        """Return what the network answers where it gives these raw outputs: (N, width)."""
        if not self.from_logits:
            return raw
        return raw.sigmoid() if self._activation == "sigmoid" else raw.softmax(dim=-1)

    def origin(self, y: Tensor) -> Tensor:
        """Return the number near which the regression's targets lie: ()."""
        return y.double().mean()

    def probabilities(self, raw: Tensor) -> Tensor:
        """Return the probability of every class: (N, classes). For classifications only."""
        outputs = self.answers(raw)
        if self.scores:
            outputs = outputs.sigmoid() if self.width == 1 else outputs.softmax(dim=-1)
        return torch.cat([1 - outputs, outputs], dim=-1) if self.width == 1 else outputs

    def predicted(self, raw: Tensor) -> Tensor:
        """Return the predicted class codes: (N,) int64. For classifications only.

        Where an example has any number of labels: which are predicted, (N, labels) of bool.
        """
        return raw > self.threshold if self.multilabel else predicted_codes(raw, self.threshold)


def means_scores(loss: Loss, activation: str | None) -> bool:
    """Return whether outputs for classes are scores on either side of 0 and no probabilities.

    They are where a loss that asks for a margin follows an activation that is not bound to 0 and 1.
    """
    return (
        loss.tasks is not None
        and "regression" not in loss.tasks
        and loss.activations is not None
        and activation not in PROBABILITIES
    )
