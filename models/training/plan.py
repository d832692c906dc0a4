"""What a full recipe means for one network and one dataset: declarations, tensors, criterion."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import torch
from torch import Tensor, nn

from models.errors import refuse
from models.objectives.base import declare
from models.objectives.criterion import Criterion
from models.objectives.losses import LOSSES
from models.objectives.metrics import metric_of
from models.objectives.optimizers import OPTIMIZERS, Optimizer, clip_by_norm
from models.objectives.schedules import SCHEDULES, Rate
from models.objectives.tallies import Scale, Tallies
from models.recipe import Recipe
from models.training import device as devices
from models.training.stopping import check_reported
from models.training.work import Work, as_network_sees, as_stored

if TYPE_CHECKING:
    from models.data.prepare import Part, Prepared
    from models.network import Network

Field = TypeVar("Field")
VALIDATION_ROWS = 4_096
VALIDATION_VALUES = 4_000_000
"""Most rows, and most numbers of input, that are validated at once."""


@dataclass
class Examples:
    """A part of the data on the device: inputs as `Work` keeps them, and both forms of targets."""

    inputs: tuple[Tensor, ...]
    y: Tensor
    targets: Tensor
    origin: Tensor

    @property
    def rows(self) -> int:
        return self.y.shape[0]

    def batches(self) -> list[slice]:
        """Return the rows of each batch that is validated at once."""
        per_row = sum(x[0].numel() for x in self.inputs)
        size = max(1, min(VALIDATION_ROWS, VALIDATION_VALUES // max(1, per_row)))
        return [slice(start, start + size) for start in range(0, self.rows, size)]


@dataclass
class Plan:
    """Everything decided before the first step."""

    network: "Network"
    recipe: Recipe
    device: torch.device
    criterion: Criterion
    optimizer: Optimizer
    rate: Rate
    tallies: Tallies
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

    def reported(self) -> list[str]:
        """Return the names of the values of an epoch."""
        names = ["loss", *(metric.label for metric in self.tallies.metrics)]
        return names + [f"val_{name}" for name in names] if self.validation else names


def plan(network: "Network", prepared: "Prepared", recipe: Recipe) -> Plan:
    """Decide everything.

    Raises:
        DocumentError: when the recipe names what does not exist, or does not suit network and data.
    """
    device = devices.choose(recipe.device)
    classes = prepared.interface.classes
    loss = declare(LOSSES, need(recipe.loss, "loss"), "loss", ["loss"])
    optimizer = declare(OPTIMIZERS, need(recipe.optimizer, "optimizer"), "optimizer", ["optimizer"])
    schedule = (
        declare(SCHEDULES, recipe.schedule, "schedule", ["schedule"]) if recipe.schedule else None
    )
    metrics = [
        metric_of(entry, ["metrics", index]) for index, entry in enumerate(recipe.metrics or [])
    ]
    task = "regression" if classes is None else "classification"
    for index, metric in enumerate(metrics):
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
    if not any(parameter.requires_grad for parameter in network.parameters()):
        raise refuse(
            "nothing_to_train",
            "Expected at least one layer with weights to train, got none. Add a Dense layer.",
        )
    _place(network, device)
    probe = tuple(as_network_sees(x[:2]) for x in _inputs(network, prepared.train, device))
    width = output_width(network, *probe)
    criterion = Criterion(loss, network.output_activation, width, classes)
    if loss.undefined_elsewhere and network.output_activation not in (loss.activations or ()):
        raise refuse(
            "output_activation",
            f"Expected a last layer with one of {', '.join(loss.activations or ())} for "
            f"{loss.name}, got {network.output_activation or 'linear'}. Set its activation.",
            path=["loss", "type"],
        )
    train = _examples(network, criterion, prepared.train, device)
    validation = (
        _examples(network, criterion, prepared.validation, device)
        if prepared.validation is not None and len(prepared.validation.rows)
        else None
    )
    batch_size = train.rows if recipe.batch_size == "all" else recipe.batch_size or 32
    batch_size = min(batch_size, train.rows)
    work = Work(
        network=network,
        criterion=criterion,
        optimizer=optimizer,
        inputs=train.inputs,
        targets=train.targets,
        row_weights=_row_weights(recipe.class_weight, classes, criterion, train.y),
        batch_size=batch_size,
        clip=optimizer.clip() or clip_by_norm(recipe.clip_norm),
        tolerance=recipe.tolerance,
        autocast=_autocast(recipe.precision, device),
    )
    epochs = recipe.epochs or 1
    steps = epochs * work.steps_per_epoch
    if recipe.max_steps is not None:
        steps = min(steps, recipe.max_steps)
    initial = optimizer.learning_rate
    per_row = devices.multiplications(network, *probe) / probe[0].shape[0]
    decided = Plan(
        network=network,
        recipe=recipe,
        device=device,
        criterion=criterion,
        optimizer=optimizer,
        rate=schedule.begin(initial, steps) if schedule else Rate(initial),
        tallies=Tallies(
            criterion,
            metrics,
            Scale(prepared.preparation.target_std, prepared.preparation.target_mean),
        ),
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


def need(value: Field | None, name: str) -> Field:
    """Return a field of a full recipe."""
    if value is None:
        raise refuse("incomplete_recipe", f"Expected a recipe with its {name}.", path=[name])
    return value


def output_width(network: "Network", *inputs: Tensor) -> int:
    """Return the number of the network's outputs, by asking it about a row or two."""
    training = network.training
    with torch.inference_mode():
        outputs = network.eval()(*inputs)
    network.train(training)
    return outputs[0].numel()


def _place(network: nn.Module, device: torch.device) -> None:
    network.to(device)
    if any(isinstance(module, nn.Conv2d) for module in network.modules()):
        network.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]


def _inputs(network: "Network", part: "Part", device: torch.device) -> tuple[Tensor, ...]:
    shapes = [tuple(shape) for shape in network.input_shapes]
    given = part.x if isinstance(part.x, tuple) else (part.x,)
    return tuple(as_stored(x.to(device), shape) for x, shape in zip(given, shapes, strict=True))


def _examples(
    network: "Network", criterion: Criterion, part: "Part", device: torch.device
) -> Examples:
    y = part.y.to(device)
    return Examples(
        inputs=_inputs(network, part, device),
        y=y,
        targets=criterion.targets(y),
        origin=criterion.origin(y),
    )


def _row_weights(
    wanted: Mapping[str, float] | Literal["balanced"] | None,
    classes: Sequence[str] | None,
    criterion: Criterion,
    y: Tensor,
) -> Tensor | None:
    if wanted is None:
        return None
    if classes is None:
        raise refuse(
            "class_weight",
            "Expected no class weights for a regression, which has no classes. Remove them.",
            path=["class_weight"],
        )
    codes = criterion.codes(y)
    if wanted == "balanced":
        counts = torch.bincount(codes, minlength=len(classes)).clamp_min(1)
        by_class = len(codes) / (len(classes) * counts.float())
    else:
        for name in wanted:
            if name not in classes:
                raise refuse(
                    "class_weight",
                    f"Expected the name of a class ({', '.join(classes[:10])}), got {name!r}.",
                    path=["class_weight", name],
                )
        by_class = torch.tensor([float(wanted.get(name, 1.0)) for name in classes])
    return by_class.to(y.device)[codes]


def _autocast(
    precision: str | None, device: torch.device
) -> Callable[[], AbstractContextManager[Any]]:
    if precision in (None, "auto", "float32"):
        return nullcontext
    if precision == "float16":
        raise refuse(
            "precision",
            "Expected precision 'float32' or 'bfloat16', got 'float16', whose small range loses "
            "gradients. Choose 'bfloat16': it is as fast and has float32's range.",
            path=["precision"],
        )
    return partial(torch.autocast, device.type, dtype=torch.bfloat16)
