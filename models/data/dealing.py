"""Which rows of a dataset go into which part, as a recipe says."""

import numpy as np
import polars as pl

from models.data.dealt_by import By, DealtBy, parts_of
from models.data.description import Column
from models.data.fit import raw_values
from models.data.folds import Keys
from models.data.folds import folded as split_folded
from models.data.given_split import deal_given
from models.data.interface import Interface
from models.data.kinds import as_text
from models.data.shares import before_folds as split_before_folds
from models.data.split import Parts, deal, deal_groups, deal_times
from models.errors import refuse
from models.recipe import Recipe


def deal_rows(rows: np.ndarray, recipe: Recipe, asked: Interface, goals: list[np.ndarray]) -> Parts:
    """Deal rows out at random or in order, the classes' shares kept where the recipe says so."""
    if recipe.split is None:
        raise ValueError("a recipe in full has a split")
    by = asked.stratified
    if by is None:
        return deal(rows, recipe.split)
    codes = goals[asked.goals.index(by)][rows].astype(np.int64)
    return deal(rows, recipe.split, codes, by.classes or (), by.target)


def deal_by(
    rows: np.ndarray,
    recipe: Recipe,
    by: DealtBy,
    frame: pl.DataFrame,
    keys: np.ndarray,
    classes: np.ndarray | None,
) -> Parts:
    """Deal rows out by a column, those left out that have no value there."""
    if by.column is None or recipe.split is None:
        raise ValueError("a split by a column has one")
    rows, split = rows[~np.isnan(keys[rows])], recipe.split
    if by.by == "group":
        return deal_groups(rows, split, keys[rows])
    if by.by == "stratified_group":
        return deal_groups(rows, split, keys[rows], None if classes is None else classes[rows])
    if by.by == "time":
        return deal_times(rows, split, keys[rows])
    named = parts_of(by.column)
    part = as_text(frame[by.column.name]).replace_strict(named, default=None).to_numpy()[rows]
    parts = Parts(*(rows[part == name] for name in ("train", "validation", "test")))
    if not len(parts.train):
        raise refuse(
            "nothing_to_train_on",
            f'Expected rows that "{by.column.name}" calls train and that have a target, got none.',
            path=["split", "column"],
            column=by.column.name,
        )
    return parts


def as_given(given: np.ndarray, recipe: Recipe, asked: Interface, values: np.ndarray) -> Parts:
    """Deal rows out as they came, with the parts that are lacking taken from the training part."""
    if recipe.split is None:
        raise ValueError("a recipe in full has a split")
    if asked.stratified is None:
        return deal_given(given, recipe.split)
    codes, classes = values.astype(np.int64), asked.stratified.classes or ()
    return deal_given(given, recipe.split, codes, classes, asked.target)


def before_folds(recipe: Recipe) -> Recipe:
    """Return a recipe that keeps rows for the test only, where folds take turns to validate."""
    if recipe.split is None:
        return recipe
    return recipe.model_copy(update={"split": split_before_folds(recipe.split)})


def folded(parts: Parts, recipe: Recipe, by: By, keys: Keys) -> Parts:
    """Return the parts with this run's fold as its validation, where the recipe has folds."""
    return parts if recipe.split is None else split_folded(parts, recipe.split, by, keys)


def strata(asked: Interface, goals: list[np.ndarray]) -> np.ndarray | None:
    """Return the class codes whose shares a split keeps, (N,); None where nothing has classes."""
    goal = asked.stratified
    return None if goal is None else goals[asked.goals.index(goal)]


def keys_of(column: Column, by: By, frame: pl.DataFrame) -> np.ndarray:
    """Return what rows are dealt by, float64 (N,): times, else codes; NaN is missing."""
    if by == "time":
        return raw_values(frame[column.name], column)
    ranks = frame[column.name].rank("dense").cast(pl.Float64)
    return ranks.to_numpy().astype(np.float64)


def check_classes(parts: Parts, asked: Interface, goals: list[np.ndarray]) -> None:
    """Check that training sees two classes at least of each target that has any.

    Raises:
        DocumentError: it sees one.
    """
    for goal, values in zip(asked.goals, goals, strict=True):
        if goal.classes is not None and len(np.unique(values[parts.train])) < 2:
            raise refuse(
                "single_class",
                "Expected at least two classes in the training part, got one. Set split.shuffle "
                "and split.stratify to true, split in another way, or add rows.",
                path=["split"],
                column=goal.target,
            )
