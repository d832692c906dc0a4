"""Worked examples of metrics: a few predictions, drawn, and the value that the metric gives."""

from collections.abc import Sequence

import torch
from torch import Tensor

from models.objectives.criterion import Criterion
from models.objectives.losses import LOSSES
from models.objectives.metrics.base import Metric
from models.objectives.tallies import Tallies, ranking, rates
from tools.reference import plots
from tools.reference.cells import TALL, WIDE, cells
from tools.reference.curves import Drawn
from tools.reference.svg import Drawing, Point

TWO = (
    (0.95, 0.9, 0.8, 0.7, 0.6, 0.55, 0.45, 0.4, 0.35, 0.3, 0.2, 0.1),
    (1, 1, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0),
)
"""The probability of the second of two classes, and what is right: twelve examples."""
THREE = (((0.5, 0.3, 0.2), (0.2, 0.7, 0.1), (0.45, 0.35, 0.2), (0.6, 0.3, 0.1)), (0, 1, 1, 2))
"""Outputs for three classes, and the right ones: four examples."""
LABELS = (
    ((0.9, 0.2, 0.7), (0.1, 0.6, 0.8), (0.7, 0.3, 0.4), (0.2, 0.1, 0.3)),
    ((1, 0, 1), (0, 1, 0), (1, 0, 1), (0, 0, 0)),
)
"""Outputs for three labels, and which of them each of four examples has."""
NUMBERS = ((1.5, 1.6, 3.3, 5.2, 4.6, 6.2), (1.0, 2.0, 3.0, 4.0, 5.0, 6.0))
"""Predicted and expected numbers: six examples."""
AXES = {"ROC": ("false positive rate", "sensitivity"), "PR": ("sensitivity", "precision")}
LEFT, TOP = 100, 46


def example(metric: Metric) -> Drawn:
    """Draw predictions in the way that shows what the metric asks of them."""
    tally = metric.tally().name
    if metric.tasks == ("regression",):
        return _numbers(metric)
    if metric.tasks == ("multilabel",):
        return _labels(metric)
    if tally in ("area", "best_rate"):
        return _curve(metric)
    return _table(metric) if tally in ("counts", "correct") else _outputs(metric)


def value(metric: Metric, outputs: Tensor, targets: Tensor, classes: int = 0) -> float:
    """Return the metric of outputs (N, width) beside targets; no classes are a regression.

    Targets are (N,), or of labels (N, width).
    """
    several = targets.dim() == 2
    of_classes = "BinaryCrossentropy" if several else "CategoricalCrossentropy"
    loss = LOSSES[of_classes if classes else "MeanSquaredError"]()
    names = [str(code) for code in range(classes)] or None
    criterion = Criterion(loss, None, outputs.shape[1], names, several)
    tallies = Tallies(criterion, [metric])
    told = tallies.of(outputs, targets, criterion.origin(targets))
    kept = [told.kept] if told.kept is not None else []
    found = metric.value(tallies.read(told.sums, kept)[metric.tally()])
    assert found is not None
    return found


def of_two() -> tuple[Tensor, Tensor]:
    """Return the outputs (12, 2) and the classes (12,) of two."""
    second = torch.tensor(TWO[0], dtype=torch.float64)
    return torch.stack([1 - second, second], dim=1), torch.tensor(TWO[1])


def _numbers(metric: Metric) -> Drawn:
    predicted, expected = NUMBERS
    given = torch.tensor(predicted, dtype=torch.float64).unsqueeze(1)
    found = value(metric, given, torch.tensor(expected, dtype=torch.float64))
    says = f"Six predictions and how far they are from what is expected: {_told(metric, found)}"
    apart = [((x, y), (x, x)) for x, y in zip(expected, predicted, strict=True)]
    line = [(0.0, 0.0), (7.0, 7.0)]
    return says, plots.plot(says, "expected y", "predicted ŷ", [line], apart=apart)


def _curve(metric: Metric) -> Drawn:
    outputs, right = of_two()
    found = rates(*ranking(outputs[:, 1], right == 1))
    found["false positive rate"] = 1 - found["specificity"]
    settings = metric.tally().settings
    across, up = AXES[settings[0]] if settings[0] in AXES else (settings[1], settings[0])
    # Without a prediction of the second class there is no precision to draw.
    first = 1 if "precision" in (across, up) else 0
    curve: list[Point] = list(zip(found[across].tolist(), found[up].tolist(), strict=True))[first:]
    least = [] if settings[0] in AXES else [[(settings[2], 0.0), (settings[2], 1.0)]]
    told = _told(metric, value(metric, outputs, right, 2))
    says = f"All thresholds for twelve examples of two classes: {told}"
    says += f"; dashed the least {across}" if least else ""
    whole = (0.0, 1.0)
    drawn = plots.plot(says, across, up, [curve, *least], whole, whole, filled=not least)
    return says, drawn


def _table(metric: Metric) -> Drawn:
    outputs, right = of_two()
    counts = torch.zeros(2, 2)
    for expected, predicted in zip(right.tolist(), outputs.argmax(dim=1).tolist(), strict=True):
        counts[expected, predicted] += 1
    told = _told(metric, value(metric, outputs, right, 2))
    says = f"Twelve examples of two classes, counted: {told}"
    drawing = _named(says, ["first", "second"], ["first", "second"], "predicted", "expected")
    cells(drawing, (LEFT, TOP), counts.tolist())
    return says, str(drawing)


def _outputs(metric: Metric) -> Drawn:
    given, right = THREE
    misfit = metric.misfit(len(given[0]))
    metric = metric if misfit is None or misfit.instead is None else misfit.instead
    outputs = torch.tensor(given, dtype=torch.float64)
    found = value(metric, outputs, torch.tensor(right), len(given[0]))
    says = f"Outputs for three classes, the right one framed: {_told(metric, found)}"
    return says, _framed(says, "class", given, list(enumerate(right)))


def _labels(metric: Metric) -> Drawn:
    given, has = LABELS
    found = value(metric, torch.tensor(given, dtype=torch.float64), torch.tensor(has), 3)
    says = f"Outputs for three labels, those that an example has framed: {_told(metric, found)}"
    right = [(row, place) for row, marks in enumerate(has) for place in range(3) if marks[place]]
    return says, _framed(says, "label", given, right)


def _framed(
    says: str, what: str, given: Sequence[Sequence[float]], right: list[tuple[int, int]]
) -> str:
    """Draw the outputs of examples, those at the places of `right` with a frame."""
    rows = [str(place) for place in range(1, len(given) + 1)]
    drawing = _named(says, rows, ["first", "second", "third"], what, "example")
    cells(drawing, (LEFT, TOP), given)
    for row, column in right:
        drawing.box((LEFT + column * WIDE + 2, TOP + row * TALL + 2), WIDE - 4, TALL - 4, "second")
    return str(drawing)


def _named(says: str, rows: list[str], columns: list[str], across: str, down: str) -> Drawing:
    """Begin a table with the names of its rows and columns."""
    drawing = Drawing(LEFT + len(columns) * WIDE + 20, TOP + len(rows) * TALL + 14, says)
    drawing.text((LEFT + len(columns) * WIDE / 2, 18), across)
    for place, name in enumerate(columns):
        drawing.text((LEFT + (place + 0.5) * WIDE, TOP - 8), name)
    drawing.text((LEFT - 10, TOP - 8), down, "end")
    for place, name in enumerate(rows):
        drawing.text((LEFT - 10, TOP + (place + 0.5) * TALL + 4), name, "end")
    return drawing


def _told(metric: Metric, found: float) -> str:
    return f"{metric.label} = {plots.number(round(found, 4))}"
