"""How many rows each part of a split gets: arithmetic only, so that nothing need be read."""

from collections.abc import Mapping
from typing import NamedTuple

from models.errors import DocumentError, refuse
from models.recipe import Split


class Sizes(NamedTuple):
    """Rows of each part."""

    train: int
    validation: int
    test: int


def sizes(rows: int, split: Split) -> Sizes:
    """Deal `rows` out by the shares; a part that is asked for gets at least one row.

    Raises:
        DocumentError: the shares leave nothing to train on, or there are too few rows.
    """
    check_shares(split)
    needed = 1 + (split.validation > 0) + (split.test > 0)
    if rows < needed:
        raise refuse(
            "too_few_rows",
            f"Expected at least {needed} rows for this split into {_parts(split)}, got {rows}. "
            "Add rows, or set a share to 0.",
            path=["split"],
        )
    return _deal(rows, split)


def stratified_sizes(
    members: Mapping[str, int], split: Split, target: str | None = None
) -> dict[str, Sizes]:
    """Deal the members of each class out by the shares, at least one to each part asked for.

    Raises:
        DocumentError: a class has too few members; names it.
    """
    check_shares(split)
    needed = 1 + (split.validation > 0) + (split.test > 0)
    short = {name: count for name, count in members.items() if 0 < count < needed}
    if short:
        name, count = min(short.items(), key=lambda item: item[1])
        others = f" ({len(short) - 1} more classes are as small)" if len(short) > 1 else ""
        raise refuse(
            "class_too_small",
            f"Expected every class to have at least {needed} members, one for each of "
            f"{_parts(split)}, because the split is stratified, got {count} in the class "
            f'"{name}"{others}. Add '
            "examples of it, leave its rows out, or set split.stratify to false.",
            path=["split", "stratify"],
            column=target,
        )
    return {name: _deal(count, split) for name, count in members.items()}


def small_class(folds: int, members: int, target: str | None = None) -> DocumentError:
    """Return the refusal of stratified folds for which a class has too few members."""
    return refuse(
        "class_too_small",
        f"Expected every class to have at least {folds} members beside the test part, one for each "
        f"fold, because the split is stratified, got {members} in one. Ask for fewer folds, or set "
        "split.stratify to false.",
        path=["split", "folds"],
        column=target,
    )


def too_few_for_folds(what: str, needed: int, found: int, most: int | None = None) -> DocumentError:
    """Return the refusal of folds for which there are too few rows, groups or moments.

    Args:
        most: how many folds they are enough for, where that is known.
    """
    advice = f"Ask for {most} at most" if most is not None and most >= 2 else "Ask for fewer folds"
    return refuse(
        "too_few_groups" if what.startswith("groups") else "too_few_rows",
        f"Expected at least {needed:,} {what} beside the test part for so many folds, got "
        f"{found:,}. {advice}, or add rows.",
        path=["split", "folds"],
    )


def before_folds(split: Split) -> Split:
    """Return a split that keeps rows for the test only, where folds take turns to validate."""
    return split if split.fold is None else split.model_copy(update={"validation": 0.0})


def check_shares(split: Split) -> None:
    """Refuse shares that add up to everything.

    Raises:
        DocumentError: nothing would be left to train on.
    """
    if split.validation + split.test >= 1:
        raise refuse(
            "nothing_to_train_on",
            "Expected the shares of validation and test to add up to less than 1, got "
            f"{split.validation:g} and {split.test:g}. Lower one of them.",
            path=["split"],
        )


def _deal(rows: int, split: Split) -> Sizes:
    if rows == 0:
        return Sizes(0, 0, 0)
    validation = _part(rows, split.validation)
    test = _part(rows, split.test)
    while rows - validation - test < 1:
        if test > validation:
            test -= 1
        else:
            validation -= 1
    return Sizes(rows - validation - test, validation, test)


def _part(rows: int, share: float) -> int:
    return max(1, int(rows * share + 0.5)) if share > 0 else 0


def _parts(split: Split) -> str:
    names = ["training"]
    names += ["validation"] if split.validation else []
    names += ["test"] if split.test else []
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + f" and {names[-1]}"
