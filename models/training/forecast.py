"""What a training will take, told before there is a process for it.

A step of a few rows is laid out on PyTorch's meta device, where nothing is computed or allocated.
If it is small it is then taken, as the kernels of the CPU keep more for the way back than is seen
there, those of recurrent layers above all.
"""

import logging
from math import prod

import torch
from torch import Tensor

from models.aims import Aim, aims
from models.architecture import Architecture
from models.data.description import Description
from models.data.interface import Interface, interface
from models.data.sequence import count_of, steps_of
from models.ends import ends
from models.modules.heads import MultiHeadAttention
from models.network import Network
from models.objectives.base import declare
from models.objectives.optimizers import OPTIMIZERS
from models.plan import plan as network_plan
from models.recipe import Recipe
from models.recipe_check import labelled
from models.training import device as devices
from models.training.dry import ALLOWED, ROWS, Needs, bytes_per_row
from models.training.plan import joint, need
from models.training.resident import MEGABYTE
from models.training.work import Work, as_network_sees, as_stored

logger = logging.getLogger(__name__)

SMALL = 64 * MEGABYTE
"""What the step of a few rows may take to be taken really."""
PROGRAM = 300 * MEGABYTE
"""What a process takes that has loaded PyTorch, before any data."""


def check_fits(architecture: Architecture, description: Description, recipe: Recipe) -> None:
    """Check that a training fits into the memory of its device, and into what the recipe allows.

    Args:
        recipe: in full.

    Raises:
        DocumentError: it does not; says what it takes, and which batch size would fit.
    """
    device = devices.choose(recipe.device)
    try:
        found = needs(architecture, description, recipe)
    except (NotImplementedError, RuntimeError):
        # A layer does what needs real numbers: the worker tries a step before it trains.
        logger.exception("what the training takes could not be told beforehand")
        return
    found.check(devices.memory(device))
    if recipe.max_memory is not None:
        program = PROGRAM if device.type == "cpu" else 0
        Needs(found.rows, found.per_row, found.fixed, program).check(
            recipe.max_memory * MEGABYTE, ALLOWED
        )


def needs(architecture: Architecture, description: Description, recipe: Recipe) -> Needs:
    """Return what a training takes, from a step of a few rows."""
    asked = interface(description, recipe, ends(architecture))
    work = _work(architecture, asked, recipe)
    held = sum(tensor.nbytes for tensor in (*work.state(), *work.weights))
    per_row = bytes_per_row(work)
    fitting = (SMALL - held) // max(1, per_row)
    if fitting >= 2:
        work = _work(architecture, asked, recipe, "cpu", min(fitting, 2 * ROWS))
        per_row = bytes_per_row(work)
    elif any(isinstance(module, MultiHeadAttention) for module in work.network.modules()):
        # All scores are kept on the meta device, and none of them by the kernels of the others.
        per_row = 0
    split = need(recipe.split, "split")
    examples, data = _data(description, asked, recipe)
    learnt = max(1, round(examples * (1 - split.validation - split.test)))
    rows = learnt if recipe.batch_size == "all" else min(learnt, recipe.batch_size or 32)
    return Needs(rows, per_row, data + held)


def _data(description: Description, asked: Interface, recipe: Recipe) -> tuple[int, int]:
    """Return how many examples there are, and the bytes that they take at least."""
    rows, _ = labelled(description, asked)
    steps = steps_of(description, recipe)
    if steps is None:
        value = 1 if description.kind == "images" else 4
        return rows, rows * sum(prod(entry.shape) * value for entry in asked.entries)
    # Windows are places in the table, of which there is one copy.
    features = sum(entry.shape[-1] for entry in asked.entries)
    return count_of(description, steps, rows), 4 * features * rows


def _work(
    architecture: Architecture,
    asked: Interface,
    recipe: Recipe,
    device: str = "meta",
    rows: int = 2 * ROWS,
) -> Work:
    """Return a step of a few rows of zeros."""
    with torch.random.fork_rng(devices=[]), torch.device(device):
        network = Network(network_plan(architecture, asked))
    shapes = [tuple(shape) for shape in network.input_shapes]
    inputs = tuple(as_stored(torch.zeros(rows, *shape, device=device), shape) for shape in shapes)
    all_aims = aims(asked, recipe)
    criterion = joint(network, all_aims, *(as_network_sees(x[:2]) for x in inputs))
    truths = [_truths(aim, rows) for aim in all_aims]
    pairs = zip(criterion.criteria, truths, strict=True)
    return Work(
        network=network,
        criterion=criterion,
        optimizer=declare(
            OPTIMIZERS, need(recipe.optimizer, "optimizer"), "optimizer", ["optimizer"]
        ),
        inputs=inputs,
        targets=tuple(of_one.targets(y).to(device) for of_one, y in pairs),
        row_weights=tuple(None for _ in truths),
        batch_size=rows,
    )


def _truths(aim: Aim, rows: int) -> Tensor:
    """Return targets of an Output, all 0."""
    if aim.asked.task == "multilabel":
        return torch.zeros(rows, len(aim.asked.classes or ()))
    if aim.asked.classes is None:
        return torch.zeros(rows, 1)
    return torch.zeros(rows, dtype=torch.int64)
