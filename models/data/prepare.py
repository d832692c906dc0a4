"""A dataset as tensors: split, with everything fitted on the training part only."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
import torch
from torch import Tensor

from models.data.columns import NUMERIC, numbers
from models.data.description import Column, Description, Note
from models.data.files import IMAGES, LABELS, TABLE
from models.data.interface import Interface, interface
from models.data.kinds import as_text
from models.data.preparation import InputColumn, Preparation
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
        x: features, float32 (N, *input_shape).
        y: class codes, int64 (N,); or for two classes float32 (N, 1) of 0 and 1; or for regression
            float32 (N, 1), standardised where the recipe says so.
    """

    rows: np.ndarray
    x: Tensor
    y: Tensor


@dataclass
class Prepared:
    """A dataset ready for training. `notes` tell which rows were left out."""

    preparation: Preparation
    interface: Interface
    train: Part
    validation: Part | None
    test: Part | None
    notes: list[Note] = field(default_factory=list)


def prepare(folder: Path, description: Description, recipe: Recipe) -> Prepared:
    """Read the dataset's columns, split the rows and prepare each part.

    Args:
        folder: where `ingest` stored the dataset.
        description: of the dataset.
        recipe: in full, as `propose` makes it.

    Raises:
        DocumentError: the recipe does not suit the data, or there are too few rows or members of a
            class for the split.
    """
    asked = interface(description, recipe)
    if description.kind == "images":
        return _prepare_images(folder, description, recipe, asked)
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
    frame = pl.read_parquet(folder / TABLE, columns=[*asked.columns, asked.target], glob=False)
    target = frame[asked.target]
    if asked.classes is not None:
        goal = codes_of(target, list(asked.classes))
    else:
        goal = numbers(target).to_numpy().astype(np.float64)
    labelled = np.flatnonzero(~np.isnan(goal))
    parts = _deal(labelled, recipe, asked, goal)
    raw = np.column_stack([raw_values(frame[column.name], column) for column in inputs])
    mean, std = _target_scale(goal[parts.train], recipe, asked)
    preparation = Preparation(
        kind="table",
        columns=[fit(column, raw[parts.train, i]) for i, column in enumerate(inputs)],
        others=[name for name in columns if name not in asked.columns and name != asked.target],
        task=asked.task,
        target=asked.target,
        classes=None if asked.classes is None else list(asked.classes),
        target_mean=mean,
        target_std=std,
    )
    preprocess = Preprocess(preparation)

    def part(rows: np.ndarray) -> Part:
        chunks = [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]
        x = torch.cat([preprocess(torch.from_numpy(raw[chunk])) for chunk in chunks])
        return Part(rows, x, _goal((goal[rows] - mean) / std, asked))

    prepared = _prepared(preparation, asked, parts, part)
    absent = len(goal) - len(labelled)
    if absent:
        message = f'{absent:,} rows without a value in the target "{asked.target}" are left out.'
        prepared.notes.append(
            Note(severity="warning", code="missing_targets", message=message, count=absent)
        )
    return prepared


def _prepare_images(
    folder: Path, description: Description, recipe: Recipe, asked: Interface
) -> Prepared:
    images = np.load(folder / IMAGES, mmap_mode="r")
    goal = np.load(folder / LABELS).astype(np.float64)
    parts = _deal(np.arange(len(goal)), recipe, asked, goal)
    channels, height, width = asked.input_shape
    preparation = Preparation(
        kind="images",
        image_shape=(channels, height, width),
        task=asked.task,
        target=asked.target,
        classes=list(asked.classes or ()),
    )
    preprocess = Preprocess(preparation)

    def part(rows: np.ndarray) -> Part:
        x = torch.empty((len(rows), *asked.input_shape))
        for start in range(0, len(rows), CHUNK // 64):
            chunk = rows[start : start + CHUNK // 64]
            x[start : start + len(chunk)] = preprocess(torch.from_numpy(images[chunk]))
        return Part(rows, x, _goal(goal[rows], asked))

    return _prepared(preparation, asked, parts, part)


def _deal(rows: np.ndarray, recipe: Recipe, asked: Interface, goal: np.ndarray) -> Parts:
    if recipe.split is None:
        raise ValueError("a recipe in full has a split")
    if asked.classes is None:
        return deal(rows, recipe.split)
    codes = goal[rows].astype(np.int64)
    parts = deal(rows, recipe.split, codes, asked.classes, asked.target)
    if len(np.unique(goal[parts.train])) < 2:
        raise refuse(
            "single_class",
            "Expected at least two classes in the training part, got one. Set split.shuffle and "
            "split.stratify to true, or add rows.",
            path=["split"],
            column=asked.target,
        )
    return parts


def _target_scale(goal: np.ndarray, recipe: Recipe, asked: Interface) -> tuple[float, float]:
    if asked.task == "classification" or recipe.target_scaling != "standard":
        return 0.0, 1.0
    mean, std = float(goal.mean()), float(goal.std())
    return mean, std if std > 1e-12 * max(1.0, abs(mean)) else 1.0


def _goal(values: np.ndarray, asked: Interface) -> Tensor:
    if asked.classes is None or len(asked.classes) == 2:
        return torch.from_numpy(values.astype(np.float32))[:, None]
    return torch.from_numpy(values.astype(np.int64))


def _prepared(preparation: Preparation, asked: Interface, parts: Parts, part) -> Prepared:
    return Prepared(
        preparation,
        asked,
        train=part(parts.train),
        validation=part(parts.validation) if len(parts.validation) else None,
        test=part(parts.test) if len(parts.test) else None,
    )
