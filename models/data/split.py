"""Which row goes where: into the training, the validation or the test part."""

from typing import NamedTuple

import numpy as np

from models.data.shares import sizes, stratified_sizes
from models.recipe import Split


class Parts(NamedTuple):
    """Row numbers of each part, in the order in which they are dealt."""

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray


def deal(
    rows: np.ndarray,
    split: Split,
    codes: np.ndarray | None = None,
    classes: tuple[str, ...] = (),
    target: str | None = None,
) -> Parts:
    """Deal row numbers out by the shares; the same seed deals the same.

    Args:
        rows: row numbers, (N,).
        split: shares, seed, and whether to shuffle and to keep each class's share. Without
            shuffling the parts follow one another in file order: training, validation, test.
        codes: class code of each row, (N,), for a stratified split.
        classes: names of the classes, for messages.
        target: the column of the classes, for messages.

    Raises:
        DocumentError: too few rows, or too few members of a class.
    """
    # Asked for first, so that too few rows are told as such and not as a class that is too small.
    sizes(len(rows), split)
    random = np.random.default_rng(split.seed)
    if codes is None or not (split.stratify and split.shuffle):
        order = random.permutation(rows) if split.shuffle else rows
        return _cut([order], [sizes(len(rows), split)])
    members = {name: int((codes == code).sum()) for code, name in enumerate(classes)}
    dealt = stratified_sizes(members, split, target)
    groups = [random.permutation(rows[codes == code]) for code in range(len(classes))]
    parts = _cut(groups, [dealt[name] for name in classes])
    # Rows stand by class now; an order by class is nothing that training should see.
    return Parts(*(random.permutation(part) for part in parts))


def _cut(groups: list[np.ndarray], counts: list) -> Parts:
    train, validation, test = [], [], []
    for group, count in zip(groups, counts, strict=True):
        train.append(group[: count.train])
        validation.append(group[count.train : count.train + count.validation])
        test.append(group[count.train + count.validation :])
    return Parts(np.concatenate(train), np.concatenate(validation), np.concatenate(test))
