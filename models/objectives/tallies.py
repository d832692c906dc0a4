"""What metrics want to know of the examples of an epoch: sums, and what needs all of them at once.

Sums are made on the device, a batch at a time, and added up there; they cost one pass. What needs
all examples at once, such as a median or the area under a curve, keeps the outputs of an epoch and
is worked out when it is read.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import torch
from torch import Tensor

from models.objectives.criterion import Criterion
from models.objectives.losses import LOSSES
from models.objectives.metrics.base import Metric, Tally


@dataclass(frozen=True)
class Scale:
    """How a regression's target was scaled: its own value is `scaled · unit + mean`."""

    unit: float = 1.0
    mean: float = 0.0


class Answers:
    """Raw outputs (N, width) beside what was expected, in the forms that tallies read.

    `origin` is a number near the mean of a regression's targets, so that their squares do not lose
    their digits.
    """

    def __init__(
        self, criterion: Criterion, raw: Tensor, y: Tensor, origin: Tensor, scale: Scale
    ) -> None:
        self.criterion, self.raw, self.y, self.origin = criterion, raw, y, origin
        self._scale = scale

    @cached_property
    def codes(self) -> Tensor:
        """Expected classes: (N,)."""
        return self.criterion.codes(self.y)

    @cached_property
    def probabilities(self) -> Tensor:
        """The probability of each class: (N, classes), in double precision."""
        return self.criterion.probabilities(wide(self.raw))

    def predicted(self, threshold: float) -> Tensor:
        """Return the predicted classes: (N,). Of two, the second is above `threshold`.

        Of labels, which are predicted: (N, labels).
        """
        if threshold == 0.5:
            return self.criterion.predicted(self.raw)
        return (self.probabilities[:, 1] > threshold).long()

    @cached_property
    def right_labels(self) -> Tensor:
        """Which labels are told rightly, as there or not there: (N, labels) of bool."""
        return self.predicted(0.5) == (self.y > 0.5)

    @cached_property
    def expected(self) -> Tensor:
        """Expected numbers as they were scaled: (N,) in double precision."""
        return wide(self.y.reshape(-1))

    @cached_property
    def error(self) -> Tensor:
        """What was predicted too much: (N,) in double precision, as it was scaled."""
        return wide(self.raw.reshape(-1)) - self.expected

    def losses(self, loss: str) -> Tensor:
        """Return a loss of the catalogue for each example, (N,), in double precision.

        Numbers are compared in the target's own unit, classes by their probabilities, or by the
        network's answers as they are where the loss asks for a margin.
        """
        kind, classes = LOSSES[loss], self.criterion.classes
        if classes is None:
            unit, mean = self._scale.unit, self._scale.mean
            expected = (self.expected * unit + mean).reshape(-1, 1)
            return _criterion_of(loss, 1, None).losses(wide(self.raw) * unit + mean, expected)
        outputs = self.probabilities
        if kind.activations is not None:
            outputs = self.criterion.answers(wide(self.raw))
        criterion = _criterion_of(loss, outputs.shape[-1], classes)
        targets = criterion.targets(self.y)
        return criterion.losses(outputs, targets if kind.takes == "codes" else wide(targets))


@lru_cache(maxsize=64)
def _criterion_of(loss: str, width: int, classes: tuple[str, ...] | None) -> Criterion:
    return Criterion(LOSSES[loss](), None, width, classes)


def wide(tensor: Tensor) -> Tensor:
    """Return the tensor in double precision, as far as its device has it."""
    return tensor.float() if tensor.device.type == "mps" else tensor.double()


def correct(answers: Answers) -> Tensor:
    """1 and right answers, over the examples: (2,); of labels, the share that is right."""
    if answers.criterion.multilabel:
        return _count_and_sum(wide(answers.right_labels).mean(dim=-1))
    return _count_and_sum(answers.predicted(0.5) == answers.codes)


def all_correct(answers: Answers) -> Tensor:
    """1 and examples with every label right, over the examples: (2,)."""
    return _count_and_sum(answers.right_labels.all(dim=-1))


def label_counts(answers: Answers) -> Tensor:
    """How often each label was expected, predicted, and both: (3 · labels,)."""
    expected, predicted = answers.y > 0.5, answers.predicted(0.5)
    return torch.cat([wide(each).sum(0) for each in (expected, predicted, expected & predicted)])


def among_best(answers: Answers, k: int) -> Tensor:
    """1 and examples whose class is among the k most probable ones: (2,).

    It is where fewer than k classes are more probable, as Keras has it.
    """
    own = answers.probabilities.gather(-1, answers.codes.unsqueeze(-1))
    return _count_and_sum((answers.probabilities > own).sum(dim=-1) < k)


def counts(answers: Answers, threshold: float) -> Tensor:
    """How often each class was expected, predicted, and both: (3 · classes,)."""
    expected, predicted = answers.codes, answers.predicted(threshold)
    size = len(answers.criterion.classes or ())
    one = wide(torch.ones_like(expected))
    found = one.new_zeros(3, size)
    found[0].index_add_(0, expected, one)
    found[1].index_add_(0, predicted, one)
    found[2].index_add_(0, expected, wide(expected == predicted))
    return found.reshape(-1)


def mean_loss(answers: Answers, loss: str) -> Tensor:
    """1 and a loss of the catalogue, over the examples: (2,)."""
    return _count_and_sum(answers.losses(loss))


def brier(answers: Answers) -> Tensor:
    """1 and squared distances of the probabilities from the right ones, over the examples: (2,)."""
    shares = answers.probabilities
    right = torch.nn.functional.one_hot(answers.codes, shares.shape[-1])
    squares = (shares - right).square()
    return _count_and_sum(squares[:, 1] if shares.shape[-1] == 2 else squares.sum(dim=-1))


def errors(answers: Answers) -> Tensor:
    """1, |e|, e, e², d, d² over the examples: (6,); e is the error, d is y − origin."""
    error, deviation = answers.error, answers.expected - answers.origin
    return torch.stack(
        [
            torch.ones_like(error).sum(),
            error.abs().sum(),
            error.sum(),
            error.square().sum(),
            deviation.sum(),
            deviation.square().sum(),
        ]
    )


def moments(answers: Answers) -> Tensor:
    """1, x, y, x², y², x·y over the examples: (6,); x is predicted, both less the origin."""
    y = answers.expected - answers.origin
    x = answers.error + y
    return torch.stack(
        [
            torch.ones_like(x).sum(),
            x.sum(),
            y.sum(),
            x.square().sum(),
            y.square().sum(),
            (x * y).sum(),
        ]
    )


def _count_and_sum(values: Tensor) -> Tensor:
    total = wide(values).sum()
    return torch.stack([torch.full_like(total, len(values)), total])


def median_error(answers: Answers) -> list[float]:
    """Return the median of |e|; of an even number, the mean of the two in the middle."""
    ordered, middle = answers.error.abs().sort().values, (len(answers.y) - 1) / 2
    return [float(ordered[math.floor(middle)] + ordered[math.ceil(middle)]) / 2]


def largest_error(answers: Answers) -> list[float]:
    """Return the largest |e|."""
    return [float(answers.error.abs().max())]


def area(answers: Answers, curve: str, average: str) -> list[float]:
    """Return the area under a curve; none where no class has examples of it and others.

    Of two classes it is that of the second, of more the mean over each against the rest; of labels
    the mean over all.
    """
    size, labels = answers.probabilities.shape[-1], answers.criterion.multilabel
    found: list[float] = []
    weights: list[float] = []
    for code in [1] if size == 2 and not labels else range(size):
        right = answers.y[:, code] > 0.5 if labels else answers.codes == code
        if bool(right.all()) or not bool(right.any()):
            continue
        hits, misses = ranking(answers.probabilities[:, code], right)
        found.append(under_roc(hits, misses) if curve == "ROC" else under_pr(hits, misses))
        weights.append(float(right.sum()) if average == "weighted" else 1.0)
    if not found:
        return []
    return [sum(a * w for a, w in zip(found, weights, strict=True)) / sum(weights)]


def best_rate(answers: Answers, wanted: str, given: str, least: float) -> list[float]:
    """Return the largest rate at any threshold where another is at least `least`.

    The rates are sensitivity, specificity and precision of the second of two classes.
    """
    right = answers.codes == 1
    if bool(right.all()) or not bool(right.any()):
        return []
    hits, misses = ranking(answers.probabilities[:, 1], right)
    found = rates(hits, misses)
    fitting = found[wanted][found[given] >= least]
    return [float(fitting.max())] if len(fitting) else [0.0]


def rates(hits: Tensor, misses: Tensor) -> dict[str, Tensor]:
    """Return the rates at every threshold, from true and false positives there."""
    return {
        "sensitivity": hits / hits[-1],
        "specificity": 1 - misses / misses[-1],
        # Where nothing is predicted to be of the class, no prediction of it is right.
        "precision": hits / (hits + misses).clamp_min(1),
    }


def ranking(scores: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
    """Return true and false positives at every threshold, from the one above all scores down."""
    scores, order = scores.sort(descending=True)
    # Equal scores are on the same side of every threshold.
    ends = torch.cat([scores[1:] != scores[:-1], scores.new_ones(1, dtype=torch.bool)])
    hits = wide(right[order]).cumsum(0)
    ranks = torch.ones_like(hits).cumsum(0)
    start = hits.new_zeros(1)
    return torch.cat([start, hits[ends]]), torch.cat([start, (ranks - hits)[ends]])


def under_roc(hits: Tensor, misses: Tensor) -> float:
    return float(torch.trapezoid(hits / hits[-1], misses / misses[-1]))


def under_pr(hits: Tensor, misses: Tensor) -> float:
    precision = hits[1:] / (hits[1:] + misses[1:])
    return float((hits.diff() / hits[-1] * precision).sum())


SUMS: dict[str, Callable[..., Tensor]] = {
    function.__name__: function
    for function in (
        *(correct, all_correct, label_counts, among_best, counts, mean_loss, brier),
        *(errors, moments),
    )
}
WHOLES: dict[str, Callable[..., list[float]]] = {
    function.__name__: function for function in (median_error, largest_error, area, best_rate)
}


@dataclass
class Told:
    """What some examples tell: sums on the device, and the answers where all are needed at once."""

    sums: dict[Tally, Tensor]
    kept: Answers | None


class Tallies:
    """What some metrics ask of the examples, each thing once.

    Args:
        criterion: says what outputs mean.
        metrics: that ask.
        scale: of the target.
    """

    def __init__(
        self, criterion: Criterion, metrics: Sequence[Metric], scale: Scale | None = None
    ) -> None:
        self.criterion, self.metrics, self.scale = criterion, list(metrics), scale or Scale()
        asked = list(dict.fromkeys(metric.tally() for metric in metrics))
        self.summed = [tally for tally in asked if tally.name in SUMS]
        self._whole = [tally for tally in asked if tally.name in WHOLES]

    def of(self, raw: Tensor, y: Tensor, origin: Tensor) -> Told:
        """Return what raw outputs (N, width) tell beside the targets y; see `Answers`."""
        answers = Answers(self.criterion, raw, y, origin, self.scale)
        sums = {tally: SUMS[tally.name](answers, *tally.settings) for tally in self.summed}
        # What was worked out for the sums is not kept with the answers.
        kept = Answers(self.criterion, raw, y, origin, self.scale) if self._whole else None
        return Told(sums, kept)

    def read(
        self, sums: Mapping[Tally, Tensor], kept: Sequence[Answers]
    ) -> dict[Tally, list[float]]:
        """Return what every tally tells of the examples that were summed and kept."""
        found = {tally: total.tolist() for tally, total in sums.items()}
        if self._whole and kept:
            raw, y = (torch.cat(parts) for parts in zip(*((a.raw, a.y) for a in kept), strict=True))
            answers = Answers(self.criterion, raw, y, kept[0].origin, self.scale)
            for tally in self._whole:
                found[tally] = WHOLES[tally.name](answers, *tally.settings)
        return found
