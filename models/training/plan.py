"""What a full recipe means for one network and one dataset: declarations, tensors, criterion."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import torch
from torch import Tensor, nn

from models.aims import Aim, aims, reported
from models.class_weights import check_class_weights
from models.data.windows import Examples as Kept
from models.errors import refuse
from models.objectives.base import declare
from models.objectives.criterion import Criterion
from models.objectives.joint import Joint, Weights
from models.objectives.optimizers import OPTIMIZERS, Optimizer, clip_by_norm
from models.objectives.schedules import SCHEDULES, Rate
from models.objectives.tallies import Scale, Tallies
from models.recipe import Recipe, RecipeChange
from models.training import device as devices
from models.training.augment import Augmenter, declared
from models.training.meters import AllTallies
from models.training.scaler import Scaler
from models.training.stopping import check_reported
from models.training.work import Work, as_network_sees, kept

if TYPE_CHECKING:
    from models.data.preparation import Preparation
    from models.data.prepare import Part, Prepared
    from models.network import Network

Field = TypeVar("Field")
VALIDATION_ROWS = 4_096
VALIDATION_VALUES = 4_000_000
"""Most rows, and most numbers of input, that are validated at once."""


@dataclass
class Examples:
    """A part of the data on the device: inputs as `Work` keeps them, and both forms of targets.

    Attributes:
        weights: how much each row counts, (N,); None where all count alike.
    """

    inputs: tuple[Kept, ...]
    y: tuple[Tensor, ...]
    targets: tuple[Tensor, ...]
    origins: tuple[Tensor, ...]
    weights: Tensor | None

    @property
    def rows(self) -> int:
        return self.y[0].shape[0]

    def weights_of(self, rows: slice) -> Weights:
        """Return how much some rows count, the same for every output."""
        weights = self.weights[rows] if self.weights is not None else None
        return [weights] * len(self.y)

    def batches(self) -> list[slice]:
        """Return the rows of each batch that is validated at once."""
        per_row = sum(x[:1].numel() for x in self.inputs)
        size = max(1, min(VALIDATION_ROWS, VALIDATION_VALUES // max(1, per_row)))
        return [slice(start, start + size) for start in range(0, self.rows, size)]


@dataclass
class Plan:
    """Everything decided before the first step."""

    network: "Network"
    recipe: Recipe
    device: torch.device
    criterion: Joint
    optimizer: Optimizer
    rate: Rate
    aims: tuple[Aim, ...]
    tallies: AllTallies
    train: Examples
    validation: Examples | None
    work: Work
    epochs: int
    steps: int
    """Most optimizer steps of the whole run."""
    threaded: bool
    """Whether a step is long enough for a second thread to pay."""

    def rates(self, number: int, count: int) -> list[float]:
        """Return the learning rates of `count` steps after the first `number` of the run."""
        return [self.rate.of(step) for step in range(number, number + count)]

    def change(self, change: RecipeChange, epoch: int, step: int) -> None:
        """Go on by another recipe in an epoch, after so many steps; what is done stays done."""
        self.recipe = change.of(self.recipe)
        self.epochs = max(self.recipe.epochs or 1, epoch)
        self.steps = max(step, _steps(self.recipe, self.epochs, self.work.batches.steps))
        self.rate.change(change.learning_rate or self.rate.initial, self.steps)

    def until_validation(self, step: int) -> int | None:
        """Return how many steps after the first `step` of the run it is validated in an epoch."""
        every = self.recipe.validate_every
        return every - step % every if every is not None and self.validation else None

    def reported(self) -> list[str]:
        """Return the names of the values of an epoch."""
        names = reported(self.aims)
        return names + [f"val_{name}" for name in names] if self.validation else names


def plan(network: "Network", prepared: "Prepared", recipe: Recipe) -> Plan:
    """Decide everything.

    Raises:
        DocumentError: when the recipe names what does not exist, or does not suit network and data.
    """
    device = devices.choose(recipe.device)
    all_aims = aims(prepared.interface, recipe)
    check_class_weights(recipe, prepared.interface)
    optimizer = declare(OPTIMIZERS, need(recipe.optimizer, "optimizer"), "optimizer", ["optimizer"])
    schedule = (
        declare(SCHEDULES, recipe.schedule, "schedule", ["schedule"]) if recipe.schedule else None
    )
    for aim in all_aims:
        _check_metrics(aim)
    if not any(parameter.requires_grad for parameter in network.parameters()):
        raise refuse(
            "nothing_to_train",
            "Expected at least one layer with weights to train, got none. Add a Dense layer.",
        )
    _place(network, device)
    probe = tuple(as_network_sees(x[:2]) for x in _inputs(network, prepared.train, device))
    criterion = joint(network, all_aims, *probe)
    train = _examples(network, criterion, prepared.train, device)
    validation = (
        _examples(network, criterion, prepared.validation, device)
        if prepared.validation is not None and len(prepared.validation.rows)
        else None
    )
    batch_size = train.rows if recipe.batch_size == "all" else recipe.batch_size or 32
    batch_size = min(batch_size, train.rows)
    dtype = devices.precision(recipe.precision, device)
    work = Work(
        network=network,
        criterion=criterion,
        optimizer=optimizer,
        inputs=train.inputs,
        targets=train.targets,
        row_weights=tuple(
            _row_weights(aim, of_one, y, train.weights)
            for aim, of_one, y in zip(all_aims, criterion.criteria, train.y, strict=True)
        ),
        batch_size=batch_size,
        clip=optimizer.clip() or clip_by_norm(recipe.clip_norm),
        tolerance=recipe.tolerance,
        autocast=partial(devices.computing, dtype, device, network),
        scaler=Scaler(device) if dtype == torch.float16 else None,
        augmenter=_augmenter(recipe, criterion, device),
        image_shape=prepared.interface.input_shape,
    )
    epochs = recipe.epochs or 1
    steps = _steps(recipe, epochs, work.batches.steps)
    initial = optimizer.learning_rate
    per_row = devices.multiplications(network, *probe) / probe[0].shape[0]
    decided = Plan(
        network=network,
        recipe=recipe,
        device=device,
        criterion=criterion,
        optimizer=optimizer,
        rate=schedule.begin(initial, steps) if schedule else Rate(initial),
        aims=all_aims,
        tallies=_tallies(criterion, all_aims, prepared.preparation),
        train=train,
        validation=validation,
        work=work,
        epochs=epochs,
        steps=steps,
        threaded=3 * per_row * batch_size > devices.THREADED_WORK,
    )
    if schedule is not None and (watched := schedule.watches()) is not None:
        check_reported(watched, decided.reported(), "schedule")
    return decided


def _steps(recipe: Recipe, epochs: int, steps_per_epoch: int) -> int:
    steps = epochs * steps_per_epoch
    return steps if recipe.max_steps is None else min(steps, recipe.max_steps)


def need(value: Field | None, name: str) -> Field:
    """Return a field of a full recipe."""
    if value is None:
        raise refuse("incomplete_recipe", f"Expected a recipe with its {name}.", path=[name])
    return value


def joint(network: "Network", all_aims: Sequence[Aim], *inputs: Tensor) -> Joint:
    """Return the criteria of a network's outputs, by asking it about a row or two.

    Raises:
        DocumentError: when outputs, losses and classes do not go together.
    """
    training = network.training
    with torch.inference_mode():
        outputs = network.eval().outputs(*inputs)
    network.train(training)
    criteria = []
    for aim, output in zip(all_aims, outputs, strict=True):
        activation = network.output_activations[aim.place]
        if aim.loss.undefined_elsewhere and activation not in (aim.loss.activations or ()):
            raise refuse(
                "output_activation",
                f"Expected a last layer with one of {', '.join(aim.loss.activations or ())} for "
                f"{aim.loss.name}, got {activation or 'linear'}. Set its activation.",
                **aim.loss_spot,
            )
        classes, multilabel = aim.asked.classes, aim.asked.task == "multilabel"
        width = output[0].numel()
        criteria.append(Criterion(aim.loss, activation, width, classes, multilabel))
    return Joint(criteria, [aim.loss_weight for aim in all_aims])


def _check_metrics(aim: Aim) -> None:
    task, classes = aim.asked.task, aim.asked.classes
    for index, metric in enumerate(aim.metrics):
        if metric.tasks is not None and task not in metric.tasks:
            raise refuse(
                "metric_task",
                f"Expected a metric for {task}, got {metric.name}. Remove it from the metrics.",
                path=["metrics", index],
            )
        if classes is not None and (wrong := metric.misfit(len(classes))) is not None:
            raise refuse(
                "metric_classes",
                f"Expected {wrong.expected}, got {wrong.received}. Change it or leave it out.",
                path=["metrics", index],
            )


def _tallies(criterion: Joint, all_aims: Sequence[Aim], preparation: "Preparation") -> AllTallies:
    parts = tuple(
        Tallies(of_one, aim.metrics, Scale(output.std, output.mean))
        for of_one, aim, output in zip(
            criterion.criteria, all_aims, preparation.outputs, strict=True
        )
    )
    return AllTallies(criterion, parts, tuple(aim.prefix for aim in all_aims))


def _place(network: nn.Module, device: torch.device) -> None:
    network.to(device)
    if any(isinstance(module, nn.Conv2d) for module in network.modules()):
        network.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]


def _inputs(network: "Network", part: "Part", device: torch.device) -> tuple[Kept, ...]:
    shapes = [tuple(shape) for shape in network.input_shapes]
    pairs = zip(part.inputs, shapes, strict=True)
    return tuple(kept(x.to(device), shape) for x, shape in pairs)


def _examples(network: "Network", criterion: Joint, part: "Part", device: torch.device) -> Examples:
    y = tuple(target.to(device) for target in part.targets)
    pairs = list(zip(criterion.criteria, y, strict=True))
    return Examples(
        inputs=_inputs(network, part, device),
        y=y,
        targets=tuple(of_one.targets(target) for of_one, target in pairs),
        origins=tuple(of_one.origin(target) for of_one, target in pairs),
        weights=part.weights.to(device) if part.weights is not None else None,
    )


def _row_weights(
    aim: Aim, criterion: Criterion, y: Tensor, weights: Tensor | None
) -> Tensor | None:
    """Return how much each row's loss counts: by its class, times by its own weight."""
    wanted, classes = aim.class_weight, aim.asked.classes
    if wanted is None or classes is None:
        return weights
    codes = criterion.codes(y)
    if wanted == "balanced":
        counts = torch.bincount(codes, minlength=len(classes)).clamp_min(1)
        by_class = len(codes) / (len(classes) * counts.float())
    else:
        by_class = torch.tensor([float(wanted.get(name, 1.0)) for name in classes])
    of_rows = by_class.to(y.device)[codes]
    return of_rows if weights is None else of_rows * weights


def _augmenter(recipe: Recipe, criterion: Joint, device: torch.device) -> Augmenter | None:
    if not recipe.augmentation:
        return None
    classes = [len(of_one.classes or ()) for of_one in criterion.criteria]
    return Augmenter(declared(recipe.augmentation), recipe.seed or 0, device, classes)
