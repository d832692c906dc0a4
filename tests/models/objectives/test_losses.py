"""Every loss gives Keras's numbers, by logits as by probabilities, and its number's gradient."""

import inspect
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import pytest
import torch
from torch import Tensor

from models.errors import DocumentError
from models.objectives.criterion import Criterion
from models.objectives.losses import LOSSES, Loss

# Keras's variables do not know numpy 2's copy keyword yet.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

NAMES = ("a", "b", "c", "d", "e")
ROWS = 17
SETTINGS: dict[str, list[dict[str, Any]]] = {
    "Huber": [{}, {"delta": 0.3}],
    "BinaryCrossentropy": [{}, {"label_smoothing": 0.2}],
    "CategoricalCrossentropy": [{}, {"label_smoothing": 0.2}],
    "BinaryFocalCrossentropy": [
        {},
        {"apply_class_balancing": True, "alpha": 0.7, "gamma": 3.0},
        {"gamma": 0.5, "label_smoothing": 0.1},
    ],
    "CategoricalFocalCrossentropy": [{}, {"alpha": 0.6, "gamma": 1.5, "label_smoothing": 0.1}],
    "CosineSimilarity": [{}, {"axis": 0}],
    "Tversky": [{}, {"alpha": 0.3, "beta": 0.9}],
}


@dataclass(frozen=True)
class Case:
    """A loss with settings on a network's outputs.

    Attributes:
        classes: their number; None is a regression.
        width: of the outputs.
        activation: of the last layer.
    """

    name: str
    settings: dict[str, Any]
    classes: int | None
    width: int
    activation: str | None

    @property
    def loss(self) -> Loss:
        return LOSSES[self.name](**self.settings)

    @property
    def criterion(self) -> Criterion:
        classes = None if self.classes is None else NAMES[: self.classes]
        return Criterion(self.loss, self.activation, self.width, classes)

    def outputs(self, dtype: torch.dtype = torch.float32) -> tuple[Tensor, Tensor]:
        """Return logits, and what the network answers: (rows, width) each."""
        chance = torch.Generator().manual_seed(3)
        logits = 2 * torch.randn(ROWS, self.width, generator=chance, dtype=torch.float64)
        answers = {
            "sigmoid": logits.sigmoid(),
            "softmax": logits.softmax(-1),
            "tanh": logits.tanh(),
            "exponential": logits.exp(),
        }.get(self.activation or "", logits)
        return logits.to(dtype), answers.to(dtype)

    def y(self) -> Tensor:
        chance = torch.Generator().manual_seed(4)
        if self.classes is not None:
            return torch.randint(self.classes, (ROWS,), generator=chance)
        numbers = torch.randn(ROWS, 1, generator=chance)
        return numbers.abs() * 3 if self.loss.lowest_target is not None else numbers

    def __str__(self) -> str:
        settings = ", ".join(f"{key}={value}" for key, value in self.settings.items())
        return f"{self.name}({settings})-{self.classes}-{self.width}-{self.activation}"


def cases(name: str) -> list[Case]:
    loss = LOSSES[name]
    found = []
    for settings in SETTINGS.get(name, [{}]):
        if loss.tasks == ("regression",):
            activation = "exponential" if loss.undefined_elsewhere else None
            found.append(Case(name, settings, None, 1, activation))
            continue
        pairs = [("sigmoid", 1), ("softmax", 2), ("sigmoid", 2)]
        if loss.activations is not None:
            pairs += [("tanh", 1), (None, 1)]
        found += [Case(name, settings, 2, width, activation) for activation, width in pairs]
        if loss.classes is None:
            found += [
                Case(name, settings, 5, 5, activation) for activation in ("softmax", "sigmoid")
            ]
    return found


CASES = [case for name in LOSSES for case in cases(name)]


def of_keras(case: Case, answers: Tensor, weights: Tensor | None) -> float:
    """Return Keras's loss of the network's answers, with the targets that it asks for."""
    name = case.name
    outputs, y = answers.numpy(), case.y().numpy()
    if name == "RootMeanSquaredError":
        metric = keras.metrics.RootMeanSquaredError()
        metric.update_state(y, outputs)
        return float(metric.result())
    if case.classes is None or name == "SparseCategoricalCrossentropy":
        targets = y
    elif case.width == 1 and case.loss.takes == "numbers":
        targets = y.reshape(-1, 1).astype("float32")
    else:
        targets = np.eye(case.classes, dtype="float32")[y]
    if case.width == 1 and case.loss.takes != "numbers":
        outputs = np.concatenate([1 - outputs, outputs], axis=-1)
    theirs = getattr(keras.losses, name)(**case.settings)
    sample_weight = None if weights is None else weights.numpy()
    return float(theirs(targets, outputs, sample_weight=sample_weight))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_losses_equal_keras(case: Case) -> None:
    criterion = case.criterion
    logits, answers = case.outputs()
    raw = logits if criterion.from_logits else answers

    ours = criterion.value(raw, criterion.targets(case.y()))

    assert float(ours) == pytest.approx(of_keras(case, answers, None), abs=1e-6, rel=1e-6)


@pytest.mark.parametrize(
    "case",
    [
        case
        for case in CASES
        if case.name != "RootMeanSquaredError" and case.settings.get("axis") != 0
    ],
    ids=str,
)
def test_weights_of_examples_multiply_their_losses_as_in_keras(case: Case) -> None:
    criterion = case.criterion
    logits, answers = case.outputs()
    weights = torch.rand(ROWS, generator=torch.Generator().manual_seed(5)) * 3

    ours = criterion.value(
        logits if criterion.from_logits else answers, criterion.targets(case.y()), weights
    )

    assert float(ours) == pytest.approx(of_keras(case, answers, weights), abs=1e-6, rel=1e-6)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.criterion.from_logits], ids=lambda case: str(case)
)
def test_by_logits_a_loss_is_the_same_number_as_by_probabilities(case: Case) -> None:
    logits, answers = case.outputs(torch.float64)
    by_logits = case.criterion
    by_answers = Criterion(case.loss, None, case.width, by_logits.classes)
    targets = _precise(by_logits, case.y())

    assert float(by_logits.value(logits, targets)) == pytest.approx(
        float(by_answers.value(answers, targets)), abs=1e-9
    )
    torch.testing.assert_close(by_logits.answers(logits), answers)
    torch.testing.assert_close(by_logits.probabilities(logits), by_answers.probabilities(answers))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_gradients_equal_finite_differences(case: Case) -> None:
    criterion = case.criterion
    logits, answers = case.outputs(torch.float64)
    raw = (logits if criterion.from_logits else answers).requires_grad_()
    targets = _precise(criterion, case.y())

    assert torch.autograd.gradcheck(lambda x: criterion.value(x, targets), [raw])


def _precise(criterion: Criterion, y: Tensor) -> Tensor:
    targets = criterion.targets(y)
    return targets if criterion.loss.takes == "codes" else targets.double()


@pytest.mark.parametrize("name", sorted(set(LOSSES) - {"RootMeanSquaredError"}))
def test_names_and_defaults_are_keras_own(name: str) -> None:
    theirs = inspect.signature(getattr(keras.losses, name).__init__).parameters

    for key, value in LOSSES[name]().model_dump().items():
        assert theirs[key].default == value


@pytest.mark.parametrize(
    "name",
    ["CategoricalCrossentropy", "SparseCategoricalCrossentropy", "CategoricalFocalCrossentropy"],
)
def test_a_sure_wrong_answer_stays_finite_and_has_a_gradient(name: str) -> None:
    logits = torch.tensor([[200.0, -200.0]], requires_grad=True)
    criterion = Criterion(LOSSES[name](), "softmax", 2, ["a", "b"])

    loss = criterion.value(logits, criterion.targets(torch.tensor([1])))
    (gradient,) = torch.autograd.grad(loss, [logits])

    scale = 0.25 if name == "CategoricalFocalCrossentropy" else 1.0
    assert loss.item() == pytest.approx(400.0 * scale)
    assert gradient.tolist() == [[scale, -scale]]


@pytest.mark.parametrize("name", ["BinaryFocalCrossentropy", "CategoricalFocalCrossentropy"])
def test_a_fractional_gamma_keeps_the_gradient_finite_where_all_is_right(name: str) -> None:
    logits = torch.tensor([[-200.0, 200.0]], requires_grad=True)
    activation = "sigmoid" if name.startswith("Binary") else "softmax"
    criterion = Criterion(LOSSES[name](gamma=0.5), activation, 2, ["a", "b"])

    loss = criterion.value(logits, criterion.targets(torch.tensor([1])))
    (gradient,) = torch.autograd.grad(loss, [logits])

    assert gradient.isfinite().all()


def test_root_mean_squared_error_of_a_perfect_batch_has_a_finite_gradient() -> None:
    outputs = torch.zeros(4, 1, requires_grad=True)
    criterion = Criterion(LOSSES["RootMeanSquaredError"](), "linear", 1, None)

    (gradient,) = torch.autograd.grad(criterion.value(outputs, torch.zeros(4, 1)), [outputs])

    assert gradient.isfinite().all()


def test_large_errors_do_not_overflow_log_cosh() -> None:
    outputs = torch.tensor([[500.0], [-500.0]])
    criterion = Criterion(LOSSES["LogCosh"](), None, 1, None)

    assert float(criterion.value(outputs, torch.zeros(2, 1))) == pytest.approx(500 - np.log(2))


@pytest.mark.parametrize(
    ("activation", "threshold"), [("tanh", 0.0), (None, 0.0), ("sigmoid", 0.5)]
)
def test_a_margin_divides_the_classes_at_the_middle_of_the_outputs(
    activation: str | None, threshold: float
) -> None:
    criterion = Criterion(LOSSES["Hinge"](), activation, 1, ["no", "yes"])
    raw = torch.tensor([[threshold - 0.1], [threshold + 0.1]])

    assert criterion.predicted(raw).tolist() == [0, 1]
    shares = criterion.probabilities(raw)
    torch.testing.assert_close(shares.sum(-1), torch.ones(2))
    assert (shares.argmax(-1) == torch.tensor([0, 1])).all()


@pytest.mark.parametrize("name", [n for n in LOSSES if "classification" in (LOSSES[n].tasks or ())])
def test_a_loss_of_classes_is_refused_for_a_number(name: str) -> None:
    with pytest.raises(DocumentError, match=f"{name} compares classes"):
        Criterion(LOSSES[name](), "softmax", 1, None)
