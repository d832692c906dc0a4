"""A dataset as tensors: split, with everything fitted on the training part only."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
import torch
from torch import Tensor

from models.data.columns import numbers
from models.data.dealing import (
    as_given,
    before_folds,
    check_classes,
    deal_by,
    deal_rows,
    folded,
    keys_of,
    strata,
)
from models.data.dealt_by import dealt_by
from models.data.dealt_steps import Table
from models.data.description import Description, Note
from models.data.ends import Ends
from models.data.files import IMAGES, LABELS, TABLE
from models.data.fit import codes_of, fit, raw_values
from models.data.folds import Keys
from models.data.images import store
from models.data.interface import Goal, Interface, interface
from models.data.preparation import Preparation, PreparedInput, PreparedOutput
from models.data.prepare_steps import columns_of, deal_steps, prepared_sequence
from models.data.preprocess import Preprocess, entering
from models.data.sequence import Steps, steps_of
from models.data.sequence_split import dealt_steps
from models.data.split import Parts
from models.data.text_fit import RawRows, fit_text
from models.data.windows import Examples
from models.recipe import Recipe

CHUNK = 65_536
"""Rows prepared at a time, which bounds the memory beside the result."""


@dataclass
class Part:
    """Rows of one part.

    Attributes:
        rows: row numbers in the dataset, int64 (N,).
        inputs: for each Input of the network its features, float32 (N, *shape), of windows as
            places in a table; of images their pixels, uint8, which `entering` makes features of, a
            batch at a time.
        targets: for each Output class codes, int64 (N,); or for two classes float32 (N, 1) of 0 and
            1; or for several labels each float32 (N, labels) of 0 and 1; or for regression float32
            (N, 1), standardised where the recipe says so.
        weights: how much each row counts, float32 (N,); None where all count alike.
        last: of forecasts what each target was in the last row of its window, as `targets` has
            them; None of everything else.
    """

    rows: np.ndarray
    inputs: tuple[Examples, ...]
    targets: tuple[Tensor, ...]
    weights: Tensor | None = None
    last: tuple[Tensor, ...] | None = None

    @property
    def x(self) -> Tensor:
        """What enters at the first Input, float32 (N, *shape)."""
        return entering(self.inputs[0][:])

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


def _prepare_table(
    folder: Path, description: Description, recipe: Recipe, asked: Interface
) -> Prepared:
    columns = {column.name: column for column in description.columns}
    inputs = [columns[name] for name in asked.columns]
    targets = list(dict.fromkeys(goal.target for goal in asked.goals))
    others = [asked.weight] if asked.weight is not None else []
    steps = steps_of(description, recipe)
    by = (
        dealt_by(description, recipe.split)
        if steps is None
        else dealt_steps(description, recipe.split, steps)
    )
    read = {*asked.columns, *targets, *others, *([by.column.name] if by.column else [])}
    read |= columns_of(steps)
    frame = pl.read_parquet(folder / TABLE, columns=[*read], glob=False)
    goals = [_values(frame[goal.target], goal) for goal in asked.goals]
    weights = numbers(frame[others[0]]).to_numpy().astype(np.float64) if others else None
    raw = np.column_stack([raw_values(frame[column.name], column) for column in inputs])
    required = [place for place, column in enumerate(inputs) if column.treated.missing == "drop"]
    if steps is not None:
        table = Table(frame, raw, goals, weights, required)
        return _prepare_steps(table, description, recipe, asked, steps)
    needed = [*goals, *([weights] if weights is not None else []), *raw[:, required].T]
    usable = np.flatnonzero(~np.isnan(needed).any(axis=0))
    keys = np.zeros(frame.height)
    classes = strata(asked, goals)
    if by.column is None or recipe.split is None:
        parts = deal_rows(usable, before_folds(recipe), asked, goals)
    else:
        keys = keys_of(by.column, by.by, frame)
        parts = deal_by(usable, before_folds(recipe), by, frame, keys, classes)
    parts = folded(parts, recipe, by.by, Keys(keys, classes))
    lacking = np.isnan(keys)
    check_classes(parts, asked, goals)
    outputs = [
        _output(goal, values[parts.train], recipe)
        for goal, values in zip(asked.goals, goals, strict=True)
    ]
    preparation = Preparation(
        kind="table",
        columns=[
            fit_text(column, frame[column.name].gather(parts.train))
            if column.kind == "text"
            else fit(column, raw[parts.train, i])
            for i, column in enumerate(inputs)
        ],
        inputs=_inputs(asked),
        outputs=outputs,
        others=[name for name in columns if name not in (*asked.columns, *targets)],
    )
    preprocess, raw_rows = Preprocess(preparation), RawRows(raw, preparation.columns, frame)

    def part(rows: np.ndarray) -> Part:
        size = raw_rows.at_a_time(CHUNK)
        chunks = [rows[start : start + size] for start in range(0, len(rows), size)]
        features = [preprocess(torch.from_numpy(raw_rows[chunk])) for chunk in chunks]
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
    if by.column is not None and (absent := int(lacking.sum())):
        prepared.notes.append(
            _without_value("missing_split", f'"{by.column.name}", by which they are split', absent)
        )
    prepared.notes += [
        _without_value("missing_inputs", f'the input "{inputs[place].name}"', absent)
        for place in required
        if (absent := int(np.isnan(raw[:, place]).sum()))
    ]
    prepared.notes += _doubles(np.column_stack([raw, *goals]), parts)
    return prepared


def _prepare_steps(
    table: Table, description: Description, recipe: Recipe, asked: Interface, steps: Steps
) -> Prepared:
    """Prepare a table whose rows are steps."""
    dealt = deal_steps(table, description, recipe, steps, asked)
    goals = [values[dealt.rows] for values in table.goals]
    check_classes(dealt.parts, asked, goals)
    outputs = [
        _output(goal, values[dealt.parts.train], recipe)
        for goal, values in zip(asked.goals, goals, strict=True)
    ]
    columns = {column.name: column for column in description.columns}
    targets = {goal.target for goal in asked.goals}
    preparation = Preparation(
        kind="table",
        columns=[
            fit(columns[name], table.raw[dealt.learnt, place])
            for place, name in enumerate(asked.columns)
        ],
        inputs=_inputs(asked),
        outputs=outputs,
        others=[name for name in columns if name not in {*asked.columns, *targets}],
        sequence=prepared_sequence(steps),
    )
    gather = dealt.gather(Preprocess(preparation))

    def trained(values: np.ndarray, output: PreparedOutput) -> Tensor:
        return _target((values - output.mean) / output.std, output)

    def part(chosen: np.ndarray) -> Part:
        pairs = list(zip(table.goals, goals, outputs, strict=True))
        rows, last, weights = dealt.rows[chosen], None, table.weights
        if dealt.last is not None:
            before = dealt.last[chosen]
            # Where it is not known, the last value is taken for the usual one.
            last = tuple(
                trained(np.nan_to_num(every[before], nan=output.mean), output)
                for every, _, output in pairs
            )
        return Part(
            rows,
            gather(chosen),
            tuple(trained(values[chosen], output) for _, values, output in pairs),
            None if weights is None else torch.from_numpy(weights[rows].astype(np.float32)),
            last,
        )

    prepared = _prepared(preparation, asked, dealt.parts, part)
    prepared.notes += dealt.notes
    return prepared


def _doubles(values: np.ndarray, parts: Parts) -> list[Note]:
    """Return a note on rows of the test part that the training part has as well."""
    hashes = pl.DataFrame(values).hash_rows().to_numpy()
    count = int(np.isin(hashes[parts.test], hashes[parts.train]).sum())
    if not count:
        return []
    return [
        Note(
            severity="warning",
            code="duplicates_across_parts",
            message=f"{count:,} of the {len(parts.test):,} rows of the test part "
            f"{'is' if count == 1 else 'are'} the same as a row of the training part in every "
            f"input and target: learnt by heart, {'it tells' if count == 1 else 'they tell'} "
            "nothing of rows that are new.",
            count=count,
        )
    ]


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
            notes.append(_without_value("missing_targets", name, absent))
    return notes


def _without_value(code: str, what: str, rows: int) -> Note:
    return Note(
        severity="warning",
        code=code,
        message=f"{rows:,} rows without a value in {what} are left out.",
        count=rows,
    )


def _prepare_images(folder: Path, recipe: Recipe, asked: Interface) -> Prepared:
    images = np.load(folder / IMAGES, mmap_mode="r")
    values = np.load(folder / LABELS).astype(np.float64)
    goals = [values for _ in asked.goals]
    by = recipe.split.by if recipe.split else None
    given = store.parts_of(folder) if by in (None, "given") else None
    if given is None:
        parts = deal_rows(np.arange(len(values)), before_folds(recipe), asked, goals)
    else:
        parts = as_given(given, before_folds(recipe), asked, values)
    parts = folded(parts, recipe, "rows", Keys(classes=strata(asked, goals)))
    check_classes(parts, asked, goals)
    channels, height, width = asked.input_shape
    outputs = [_output(goal, values[parts.train], recipe) for goal in asked.goals]
    preparation = Preparation(
        kind="images",
        image_shape=(channels, height, width),
        inputs=_inputs(asked),
        outputs=outputs,
    )

    def part(rows: np.ndarray) -> Part:
        x = torch.from_numpy(images[rows])
        targets = (_target((values[rows] - output.mean) / output.std, output) for output in outputs)
        return Part(rows, (x,), tuple(targets))

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


def _target(values: np.ndarray, output: PreparedOutput) -> Tensor:
    if output.task == "multilabel":
        return torch.from_numpy(values.astype(np.float32))
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
