"""Every optimizer takes Keras's steps, and PyTorch's where those are the same."""

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pytest
import torch
from torch import Tensor, nn

from models.errors import DocumentError
from models.modules import source_of
from models.objectives.base import declare
from models.objectives.optimizers import OPTIMIZERS, Kind, Optimizer
from models.objectives.schedules import SCHEDULES, Rate
from models.recipe import Objective
from models.resolve import make
from models.training import updates
from models.training.memory import kinds, remembered
from tests.models.objectives.test_schedules import of_the_callback, rates

# Keras's variables do not know numpy 2's copy keyword yet.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

SHAPES: dict[str, tuple[int, ...]] = {
    "dense": (3, 5),
    "tall": (6, 2),
    "output": (4, 4),
    "bias": (5,),
    "convolution": (4, 3, 2, 2),
    "embedding": (7, 3),
}
OF = [Kind(name, len(shape), name == "embedding") for name, shape in SHAPES.items()]

SETTINGS: list[tuple[str, dict[str, Any]]] = [
    *((name, {}) for name in OPTIMIZERS),
    ("SGD", {"learning_rate": 0.1, "momentum": 0.9}),
    ("SGD", {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    ("SGD", {"weight_decay": 0.2}),
    ("RMSprop", {"rho": 0.5, "momentum": 0.9, "epsilon": 1e-3}),
    ("RMSprop", {"centered": True, "weight_decay": 0.01}),
    ("Adagrad", {"learning_rate": 0.1, "initial_accumulator_value": 0.5, "weight_decay": 0.1}),
    ("Adadelta", {"learning_rate": 1.0, "rho": 0.8, "epsilon": 1e-4}),
    ("Lion", {"learning_rate": 0.01, "beta_1": 0.7, "beta_2": 0.6, "weight_decay": 0.1}),
    ("Ftrl", {"learning_rate": 0.1, "l1_regularization_strength": 0.05, "beta": 0.3}),
    ("Ftrl", {"l2_regularization_strength": 0.2, "l2_shrinkage_regularization_strength": 0.1}),
    ("Ftrl", {"learning_rate_power": -0.3, "weight_decay": 0.1}),
    ("Adam", {"learning_rate": 0.01, "beta_1": 0.8, "amsgrad": True, "weight_decay": 0.1}),
    ("AdamW", {"learning_rate": 0.05}),
    ("Adamax", {"learning_rate": 0.02, "beta_1": 0.6, "weight_decay": 0.1}),
    ("Nadam", {"learning_rate": 0.02, "beta_2": 0.9, "weight_decay": 0.1}),
    ("Lamb", {"learning_rate": 0.02, "weight_decay": 0.1}),
    ("Adafactor", {"learning_rate": 0.1, "clip_threshold": 0.5, "weight_decay": 0.1}),
    ("Adafactor", {"beta_2_decay": -0.5, "epsilon_2": 0.1, "learning_rate": 2.0}),
    ("Muon", {"nesterov": False, "rms_rate": None, "momentum": 0.5, "ns_steps": 3}),
    ("Muon", {"exclude_layers": ["output"], "adam_lr_ratio": 0.5, "weight_decay": None}),
    ("Muon", {"exclude_embeddings": False, "adam_weight_decay": 0.1, "learning_rate": 0.02}),
]


def weights() -> list[Tensor]:
    chance = torch.Generator().manual_seed(1)
    return [torch.randn(shape, generator=chance) for shape in SHAPES.values()]


def gradients(steps: int = 3, orders: int = 8) -> Iterator[list[Tensor]]:
    """Yield gradients of several orders of size, down to Adam's ε, where its placement shows."""
    chance = torch.Generator().manual_seed(2)
    for _ in range(steps):
        drawn = []
        for shape in SHAPES.values():
            scales = 10.0 ** -torch.randint(0, orders, shape, generator=chance)
            drawn.append(torch.randn(shape, generator=chance) * scales)
        yield drawn


class Ours:
    """An optimizer's steps as training takes them."""

    def __init__(self, optimizer: Optimizer, rate: Rate | None = None) -> None:
        self.weights = weights()
        self._optimizer, self._rate = optimizer, rate or Rate(optimizer.learning_rate)
        self._memory = remembered(optimizer, self.weights, OF)
        self._averages = weights()
        self._taken = 0

    def step(self, gradients: list[Tensor]) -> None:
        clip, rule, averaging = (
            self._optimizer.clip(),
            self._optimizer.rule(),
            self._optimizer.averaging(),
        )
        if clip is not None:
            gradients = updates.CLIPS[clip.name](gradients, **clip.kwargs)
        rate = self._rate.of(self._taken)
        self._taken += 1
        take = updates.RULES[rule.name]
        take(self.weights, gradients, self._memory, rate, self._taken, **rule.kwargs)
        if averaging is not None:
            updates.averaged(self.weights, self._averages, self._taken, **averaging.kwargs)

    def after_epoch(self, values: dict[str, float]) -> None:
        self._rate.after_epoch(values)

    def conclude(self) -> None:
        self.weights = self._averages


class Theirs:
    """Keras's optimizer on the same weights, which it has in another order of axes."""

    def __init__(self, name: str, **settings: Any) -> None:
        self._optimizer = getattr(keras.optimizers, name)(**settings)
        self._variables = [
            keras.Variable(_as_keras_has(weight), name=name)
            for name, weight in zip(SHAPES, weights(), strict=True)
        ]

    def step(self, gradients: list[Tensor], rate: float | None = None) -> None:
        if rate is not None:
            self._optimizer.learning_rate = rate
        self._optimizer.apply([_as_keras_has(gradient) for gradient in gradients], self._variables)

    def conclude(self) -> None:
        self._optimizer.finalize_variable_values(self._variables)

    @property
    def weights(self) -> list[Tensor]:
        return [_back(keras.ops.convert_to_tensor(variable)) for variable in self._variables]


def _as_keras_has(weight: Tensor) -> Tensor:
    """Return a layer's weights as Keras keeps them: inputs before units, positions before both."""
    return (weight.permute(2, 3, 1, 0) if weight.dim() == 4 else weight.T).contiguous()


def _back(weight: Tensor) -> Tensor:
    return weight.permute(3, 2, 0, 1) if weight.dim() == 4 else weight.T


def apart(ours: list[Tensor], theirs: list[Tensor]) -> float:
    pairs = zip(ours, theirs, strict=True)
    return max(float((mine - other).detach().abs().max()) for mine, other in pairs)


@pytest.mark.filterwarnings("ignore:The use of `x.T` on tensors of dimension:UserWarning")
@pytest.mark.parametrize(("name", "settings"), SETTINGS, ids=str)
def test_steps_of_an_optimizer_equal_keras(name: str, settings: dict[str, Any]) -> None:
    ours, theirs = Ours(OPTIMIZERS[name](**settings)), Theirs(name, **settings)

    for step in gradients():
        ours.step(step)
        theirs.step(step)

    assert apart(ours.weights, theirs.weights) < 1e-5
    assert apart(ours.weights, weights()) > 0


SCHEDULED: dict[str, dict[str, Any]] = {
    "ExponentialDecay": {"decay_steps": 2, "decay_rate": 0.5},
    "InverseTimeDecay": {"decay_steps": 2, "decay_rate": 0.5},
    "PolynomialDecay": {"decay_steps": 3, "power": 2.0},
    "PiecewiseConstantDecay": {"boundaries": [1], "values": [0.02, 0.005]},
    "CosineDecay": {"decay_steps": 4, "warmup_target": 0.02, "warmup_steps": 2},
    "CosineDecayRestarts": {"first_decay_steps": 2},
    "LinearWarmup": {"start_factor": 0.25, "warmup_steps": 3},
    "OneCycle": {"total_steps": 4, "div_factor": 4.0},
    "ReduceLROnPlateau": {"patience": 1, "factor": 0.5},
}
RATE, STEPS = 0.01, 4
OF_TORCH = {
    "LinearWarmup": lambda optimizer: torch.optim.lr_scheduler.LinearLR(
        optimizer, start_factor=0.25, total_iters=3
    ),
    "OneCycle": lambda optimizer: torch.optim.lr_scheduler.OneCycleLR(
        optimizer, RATE, total_steps=STEPS, div_factor=4.0, cycle_momentum=False
    ),
}


def reference(schedule: str) -> Any:
    """Return Keras's schedule; the rate of each step where PyTorch has it, or a callback."""
    settings = SCHEDULED[schedule]
    if schedule == "ReduceLROnPlateau":
        found = of_the_callback("val_loss", [1.0] * STEPS, settings)
        return [RATE * rate / 0.1 for rate in (0.1, *found[:-1])]
    if schedule in OF_TORCH:
        sgd = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=RATE)
        return rates(OF_TORCH[schedule](sgd), STEPS)
    given = () if "values" in settings else (RATE,)
    return getattr(keras.optimizers.schedules, schedule)(*given, **settings)


def compared(name: str, schedule: str, **limit: float) -> None:
    """Take a few steps in both libraries; the learning rate must have changed by the last."""
    rate = SCHEDULES[schedule](**SCHEDULED[schedule]).begin(RATE, STEPS)
    known = reference(schedule)
    by_step = isinstance(known, list)
    ours = Ours(OPTIMIZERS[name](learning_rate=RATE, **limit), rate)
    theirs = Theirs(name, learning_rate=RATE if by_step else known, **limit)
    told = known if by_step else [None] * STEPS

    first = rate.of(0)
    for step, own in zip(gradients(STEPS), told, strict=True):
        ours.step(step)
        theirs.step(step, own)
        ours.after_epoch({"val_loss": 1.0})

    assert apart(ours.weights, theirs.weights) < 1e-5
    assert rate.of(STEPS - 1) != first


@pytest.mark.filterwarnings("ignore:The use of `x.T` on tensors of dimension:UserWarning")
@pytest.mark.parametrize("name", list(OPTIMIZERS))
@pytest.mark.parametrize("schedule", list(SCHEDULES))
def test_steps_of_an_optimizer_with_any_schedule_equal_the_reference(
    name: str, schedule: str
) -> None:
    compared(name, schedule)


@pytest.mark.filterwarnings("ignore:The use of `x.T` on tensors of dimension:UserWarning")
@pytest.mark.parametrize("name", list(OPTIMIZERS))
@pytest.mark.parametrize(
    "limit", [{"clipnorm": 0.5}, {"clipvalue": 0.05}, {"global_clipnorm": 0.5}], ids=str
)
def test_steps_with_clipped_gradients_equal_keras(name: str, limit: dict[str, float]) -> None:
    compared(name, "CosineDecay", **limit)


@pytest.mark.filterwarnings("ignore:The use of `x.T` on tensors of dimension:UserWarning")
@pytest.mark.parametrize("name", list(OPTIMIZERS))
@pytest.mark.parametrize("frequency", [None, 1, 2])
def test_moving_averages_of_the_weights_equal_keras(name: str, frequency: int | None) -> None:
    settings = {"use_ema": True, "ema_momentum": 0.8, "ema_overwrite_frequency": frequency}
    ours = Ours(OPTIMIZERS[name](learning_rate=0.05, **settings))
    theirs = Theirs(name, learning_rate=0.05, **settings)

    for step in gradients(5):
        ours.step(step)
        theirs.step(step)
        assert apart(ours.weights, theirs.weights) < 1e-5
    ours.conclude()
    theirs.conclude()

    assert apart(ours.weights, theirs.weights) < 1e-5


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_parameters_and_defaults_of_optimizers_are_keras_own(name: str) -> None:
    theirs = getattr(keras.optimizers, name)().get_config()

    ours = OPTIMIZERS[name]().model_dump()

    assert ours == {
        key: pytest.approx(theirs[key]) if isinstance(value, float) else theirs[key]
        for key, value in ours.items()
    }
    left_out = set(theirs) - set(ours)
    assert left_out == {"name", "loss_scale_factor"} | (
        {"relative_step"} if name == "Adafactor" else set()
    )


@pytest.mark.parametrize("relative_step", [True, False])
def test_keras_relative_step_of_adafactor_changes_nothing(relative_step: bool) -> None:
    ours = Ours(OPTIMIZERS["Adafactor"](learning_rate=0.9))
    theirs = Theirs("Adafactor", learning_rate=0.9, relative_step=relative_step)

    for step in gradients(4):
        flat = [gradient if gradient.dim() < 3 else gradient * 0 for gradient in step]
        ours.step(flat)
        theirs.step(flat)

    assert apart(ours.weights, theirs.weights) < 1e-5


@pytest.mark.parametrize(("name", "settings"), SETTINGS, ids=str)
def test_what_is_printed_takes_the_same_steps_or_says_what_differs(
    name: str, settings: dict[str, Any]
) -> None:
    optimizer = OPTIMIZERS[name](**settings)

    ours, printed = both(optimizer, orders=8)
    if optimizer.unlike_torch() is None:
        assert float((ours - printed).abs().max()) < 1e-5
        return
    assert not torch.equal(ours, printed)
    ours, printed = both(optimizer, orders=1)
    assert torch.cosine_similarity(ours, printed, dim=0) > 0.8


def both(optimizer: Optimizer, orders: int) -> tuple[Tensor, Tensor]:
    """Return how far our steps move all weights, and the printed optimizer's: (weights,) each."""
    ours, parameters = Ours(optimizer), [nn.Parameter(weight) for weight in weights()]
    printed = make(optimizer.torch(), _groups(optimizer, parameters))
    for step in gradients(orders=orders):
        ours.step(step)
        for parameter, gradient in zip(parameters, step, strict=True):
            parameter.grad = gradient.clone()
        printed.step()
    left = [ours.weights, [parameter.detach() for parameter in parameters]]
    start = torch.cat([weight.flatten() for weight in weights()])
    one, other = (torch.cat([weight.flatten() for weight in each]) - start for each in left)
    return one, other


def _groups(optimizer: Optimizer, parameters: list[nn.Parameter]) -> Any:
    """Return the parameters as the printed optimizer takes them."""
    if optimizer.name != "Muon":
        return parameters
    square = optimizer.memory()[1]
    return [
        {"params": [parameter], "adam": optimizer.keeps(square, kind)}
        for parameter, kind in zip(parameters, OF, strict=True)
    ]


@pytest.mark.parametrize("name", [n for n in OPTIMIZERS if "." not in OPTIMIZERS[n]().torch().name])
def test_an_optimizer_of_our_own_stands_alone_in_printed_source(name: str) -> None:
    space: dict[str, Any] = {"torch": torch}
    exec(source_of(name), space)
    weight = nn.Parameter(torch.ones(3, 2))
    weight.grad = torch.ones(3, 2)
    untouched = nn.Parameter(torch.ones(2))

    space[name]([weight, untouched], lr=0.1).step()

    assert not torch.equal(weight, torch.ones(3, 2))
    assert torch.equal(untouched, torch.ones(2))


def test_an_embedding_is_known_by_its_layer_whatever_it_is_called() -> None:
    network = nn.ModuleDict({"words": nn.Embedding(4, 2), "last": nn.Linear(2, 1)})
    network["last"].bias.requires_grad_(False)  # type: ignore[union-attr]

    assert kinds(network) == [Kind("words", 2, embedding=True), Kind("last", 2)]


def test_adafactor_remembers_little_of_a_matrix() -> None:
    memory = remembered(OPTIMIZERS["Adafactor"](), weights(), OF)

    matrix = [tuple(slot[0].shape) for slot in memory]
    vector = [tuple(slot[3].shape) for slot in memory]
    assert matrix == [(3, 1), (1, 5), (0,)]
    assert vector == [(0,), (0,), (5,)]


def test_adamw_without_its_decay_is_refused_as_in_keras() -> None:
    asked = Objective.model_validate({"type": "AdamW", "weight_decay": None})
    with pytest.raises(DocumentError) as caught:
        declare(OPTIMIZERS, asked, "optimizer", ["optimizer"])

    assert caught.value.problems[0].where.path == ["optimizer", "weight_decay"]


@pytest.fixture(scope="module")
def unit() -> Any:
    return torch.jit.CompilationUnit(updates.source())


@pytest.mark.parametrize(("name", "settings"), SETTINGS, ids=str)
def test_compiled_for_the_captured_step_a_rule_leaves_the_same_bits(
    name: str, settings: dict[str, Any], unit: Any
) -> None:
    optimizer = OPTIMIZERS[name](**settings)
    rule = optimizer.rule()
    left = []
    for take in (updates.RULES[rule.name], getattr(unit, rule.name)):
        current = weights()
        memory = remembered(optimizer, current, OF)
        with torch.jit.optimized_execution(False):
            for number, step in enumerate(gradients(), start=1):
                take(current, step, memory, 0.01, number, **rule.kwargs)
        left.append([*current, *(tensor for slot in memory for tensor in slot)])

    assert all(np.array_equal(one.numpy(), two.numpy()) for one, two in zip(*left, strict=True))
