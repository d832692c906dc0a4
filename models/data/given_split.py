"""A split that images bring along: folders, arrays or a table say what trains and what tests."""

import numpy as np

from models.data.split import Parts, deal
from models.errors import refuse
from models.recipe import Split


def deal_given(
    given: np.ndarray,
    split: Split,
    codes: np.ndarray | None = None,
    classes: tuple[str, ...] = (),
    target: str | None = None,
) -> Parts:
    """Deal rows out as the data say; a part of which they have none comes out of the training part.

    Args:
        given: of each row 0, 1 or 2: it trains, validates or tests, (N,).
        split: of it the share of a part that is not given, and how that is dealt out.
        codes: class code of each row, (N,), for a stratified split.
        classes: names of the classes, for messages.
        target: what messages call the classes.

    Raises:
        DocumentError: nothing is there to train on, or too little for a part that is not given.
    """
    rows = np.arange(len(given))
    train, validation, test = (rows[given == part] for part in range(3))
    if not len(train):
        raise refuse(
            "nothing_to_train_on",
            "Expected images that train in the split that the data bring along, got only images "
            "that validate or test.",
            path=["split"],
        )
    asked = split.model_copy(
        update={
            "validation": 0.0 if len(validation) else split.validation,
            "test": 0.0 if len(test) else split.test,
        }
    )
    own = codes[train] if codes is not None else None
    dealt = deal(train, asked, own, classes, target)
    return Parts(
        dealt.train,
        validation if len(validation) else dealt.validation,
        test if len(test) else dealt.test,
    )
