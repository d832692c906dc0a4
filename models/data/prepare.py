"""A dataset as tensors: split, with everything fitted on the training part only."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
import torch
from torch import Tensor

from models.data.columns import NUMERIC, numbers
from models.data.description import Column, Description, Note
from models.data.ends import Ends
from models.data.files import IMAGES, LABELS, TABLE
from models.data.interface import Goal, Interface, interface
from models.data.kinds import as_text
from models.data.preparation import InputColumn, Preparation, PreparedInput, PreparedOutput
from models.data.preprocess import Preprocess
from models.data.split import Parts, deal
from models.errors import refuse
from models.recipe import Recipe

CHUNK = 65_536
"""Rows prepared at a time, which bounds the memory beside the result."""


@dataclass
class Part:
    """Rows of one part.

    Attributes:
        rows: row numbers in the dataset, int64 (N,).
        inputs: for each Input of the network its features, float32 (N, *shape).
        targets: for each Output class codes, int64 (N,); or for two classes float32 (N, 1) of 0 and
            1; or for regression float32 (N, 1), standardised where the recipe says so.
        weights: how much each row counts, float32 (N,); None where all count alike.
    """

    rows: np.ndarray
    inputs: tuple[Tensor, ...]
    targets: tuple[Tensor, ...]
    weights: Tensor | None = None

    @property
    def x(self) -> Tensor:
        """What enters at the first Input."""
        return self.inputs[0]

    @property
    def y(self) -> Tensor:
        """What the first Output is to predict."""
        return self.targets[0]


@dataclass
class Prepared:
    """A dataset ready for training. `notes` tell which rows were left out."""

    preparation: Preparation
    interface: Interface
    train: Part
    validation: Part | None
    test: Part | None
    notes: list[Note] = field(default_factory=list)


def prepare(
    folder: Path, description: Description, recipe: Recipe, ends: Ends | None = None
) -> Prepared:
    """Read the dataset's columns, split the rows and prepare each part.

    Args:
        folder: where `ingest` stored the dataset.
        description: of the dataset.
        recipe: in full, as `propose` makes it.
        ends: of the network; None stands for one Input and one Output that say nothing.

    Raises:
        DocumentError: recipe and ends do not suit the data, or there are too few rows or members of
            a class for the split.
    """
    asked = interface(description, recipe, ends)
    if description.kind == "images":
        return _prepare_images(folder, recipe, asked)
    return _prepare_table(folder, description, recipe, asked)


def raw_values(values: pl.Series, column: Column) -> np.ndarray:
    """Return float64 (N,): numbers, or codes of categories; NaN where missing."""
    if column.kind in NUMERIC:
        return numbers(values).to_numpy().astype(np.float64)
    return codes_of(values, column.categories or [])


def codes_of(values: pl.Series, categories: list[str]) -> np.ndarray:
    """Return float64 (N,) of the values' places among the categories; NaN where missing."""
    codes = as_text(values).cast(pl.Enum(categories)).to_physical()
    return codes.cast(pl.Float64).to_numpy().astype(np.float64)


def fit(column: Column, raw: np.ndarray) -> InputColumn:
    """Learn what to do with a column from its raw values in the training part."""
    known = raw[~np.isnan(raw)]
    if column.kind in NUMERIC:
        mean = float(known.mean()) if len(known) else 0.0
        # Filled values stand at the mean: they count as rows, and add nothing to the spread.
        std = float(np.sqrt(((known - mean) ** 2).sum() / len(raw))) if len(known) else 0.0
        scale = std if std > 1e-12 * max(1.0, abs(mean)) else 1.0
        return InputColumn(name=column.name, kind="number", fill=mean, mean=mean, scale=scale)
    categories = column.categories or []
    counts = np.bincount(known.astype(np.int64), minlength=len(categories))
    return InputColumn(
        name=column.name,
        kind="boolean" if column.kind == "boolean" else "category",
        fill=float(counts.argmax()),
        categories=categories,
        seen=[bool(count) for count in counts],
    )


def _prepare_table(
    folder: Path, description: Description, recipe: Recipe, asked: Interface
) -> Prepared:
    columns = {column.name: column for column in description.columns}
    inputs = [columns[name] for name in asked.columns]
    targets = list(dict.fromkeys(goal.target for goal in asked.goals))
    others = [asked.weight] if asked.weight is not None else []
    frame = pl.read_parquet(folder / TABLE, columns=[*asked.columns, *targets, *others], glob=False)
    goals = [_values(frame[goal.target], goal) for goal in asked.goals]
    weights = numbers(frame[others[0]]).to_numpy().astype(np.float64) if others else None
    needed = [*goals, *([weights] if weights is not None else [])]
    usable = np.flatnonzero(~np.isnan(needed).any(axis=0))
    parts = _deal(usable, recipe, asked, goals)
    raw = np.column_stack([raw_values(frame[column.name], column) for column in inputs])
    outputs = [
        _output(goal, values[parts.train], recipe)
        for goal, values in zip(asked.goals, goals, strict=True)
    ]
    preparation = Preparation(
        kind="table",
        columns=[fit(column, raw[parts.train, i]) for i, column in enumerate(inputs)],
        inputs=_inputs(asked),
        outputs=outputs,
        others=[name for name in columns if name not in (*asked.columns, *targets)],
    )
    preprocess = Preprocess(preparation)

    def part(rows: np.ndarray) -> Part:
        chunks = [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]
        features = [preprocess(torch.from_numpy(raw[chunk])) for chunk in chunks]
        return Part(
            rows,
            tuple(torch.cat(pieces) for pieces in zip(*features, strict=True)),
            tuple(
                _target((values[rows] - output.mean) / output.std, output)
                for values, output in zip(goals, outputs, strict=True)
            ),
            None if weights is None else torch.from_numpy(weights[rows].astype(np.float32)),
        )

    prepared = _prepared(preparation, asked, parts, part)
    prepared.notes += _left_out(asked, goals, weights)
    return prepared


def _values(values: pl.Series, goal: Goal) -> np.ndarray:
    """Return what an Output is to predict, float64 (N,): NaN where it is missing."""
    if goal.classes is not None:
        return codes_of(values, list(goal.classes))
    return numbers(values).to_numpy().astype(np.float64)


def _left_out(asked: Interface, goals: list[np.ndarray], weights: np.ndarray | None) -> list[Note]:
    """Return notes on the rows that lack what every row needs."""
    notes: list[Note] = []
    columns = {
        f'the target "{goal.target}"': values
        for goal, values in zip(asked.goals, goals, strict=True)
    }
    if weights is not None:
        columns[f'the weight "{asked.weight}"'] = weights
    for name, values in columns.items():
        if absent := int(np.isnan(values).sum()):
            message = f"{absent:,} rows without a value in {name} are left out."
            notes.append(
                Note(severity="warning", code="missing_targets", message=message, count=absent)
            )
    return notes


def _prepare_images(folder: Path, recipe: Recipe, asked: Interface) -> Prepared:
    images = np.load(folder / IMAGES, mmap_mode="r")
    values = np.load(folder / LABELS).astype(np.float64)
    goals = [values for _ in asked.goals]
    parts = _deal(np.arange(len(values)), recipe, asked, goals)
    channels, height, width = asked.input_shape
    outputs = [_output(goal, values, recipe) for goal in asked.goals]
    preparation = Preparation(
        kind="images",
        image_shape=(channels, height, width),
        inputs=_inputs(asked),
        outputs=outputs,
    )
    preprocess = Preprocess(preparation)

    def part(rows: np.ndarray) -> Part:
        x = torch.empty((len(rows), *asked.input_shape))
        for start in range(0, len(rows), CHUNK // 64):
            chunk = rows[start : start + CHUNK // 64]
            (x[start : start + len(chunk)],) = preprocess(torch.from_numpy(images[chunk]))
        return Part(rows, (x,), tuple(_target(values[rows], output) for output in outputs))

    return _prepared(preparation, asked, parts, part)


def _inputs(asked: Interface) -> list[PreparedInput]:
    return [PreparedInput(node=entry.node, columns=[*entry.columns]) for entry in asked.entries]


def _output(goal: Goal, values: np.ndarray, recipe: Recipe) -> PreparedOutput:
    """Learn the scale of a target from its values in the training part."""
    mean, std = 0.0, 1.0
    if goal.classes is None and recipe.target_scaling == "standard":
        mean, spread = float(values.mean()), float(values.std())
        std = spread if spread > 1e-12 * max(1.0, abs(mean)) else 1.0
    return PreparedOutput(
        node=goal.end.node,
        task=goal.task,
        target=goal.target,
        classes=None if goal.classes is None else list(goal.classes),
        mean=mean,
        std=std,
    )


def _deal(rows: np.ndarray, recipe: Recipe, asked: Interface, goals: list[np.ndarray]) -> Parts:
    if recipe.split is None:
        raise ValueError("a recipe in full has a split")
    by = asked.stratified
    if by is None:
        return deal(rows, recipe.split)
    codes = goals[asked.goals.index(by)][rows].astype(np.int64)
    parts = deal(rows, recipe.split, codes, by.classes or (), by.target)
    for goal, values in zip(asked.goals, goals, strict=True):
        if goal.classes is not None and len(np.unique(values[parts.train])) < 2:
            raise refuse(
                "single_class",
                "Expected at least two classes in the training part, got one. Set split.shuffle "
                "and split.stratify to true, or add rows.",
                path=["split"],
                column=goal.target,
            )
    return parts


def _target(values: np.ndarray, output: PreparedOutput) -> Tensor:
    if output.classes is None or len(output.classes) == 2:
        return torch.from_numpy(values.astype(np.float32))[:, None]
    return torch.from_numpy(values.astype(np.int64))


def _prepared(
    preparation: Preparation, asked: Interface, parts: Parts, part: Callable[[np.ndarray], Part]
) -> Prepared:
    return Prepared(
        preparation,
        asked,
        train=part(parts.train),
        validation=part(parts.validation) if len(parts.validation) else None,
        test=part(parts.test) if len(parts.test) else None,
    )
