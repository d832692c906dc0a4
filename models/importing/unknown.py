"""Layers of Keras that have no counterpart here: why, and what there is instead."""

from collections.abc import Iterable

from models.importing.config import Made
from models.objectives.augmentations import AUGMENTATIONS
from models.wording import show

_OF_DATA = {
    **dict.fromkeys(("Resizing", "CenterCrop"), "the size of the images"),
    **dict.fromkeys(("TextVectorization",), "how texts become ids of their words"),
    **dict.fromkeys(
        ("CategoryEncoding", "Hashing", "HashedCrossing", "IntegerLookup", "StringLookup"),
        "how categories become numbers",
    ),
    "Discretization": "the kinds of the columns",
}
"""Layers that prepare data, and what is chosen of a dataset instead."""
_PRECISIONS = ("float16", "bfloat16", "mixed_float16", "mixed_bfloat16", "float64")


def not_carried_over(made: Made) -> str:
    """Return why a layer has no counterpart here, and what to do, where Identity stands for it."""
    told, stands = f"{made.kind} could not be carried over", "Identity stands for it"
    if made.registered is None and made.kind in AUGMENTATIONS:
        return (
            f"{told}: it changes images in training alone, which a recipe does here. {stands}: "
            f"remove that, and choose the augmentation {made.kind} for training."
        )
    if made.registered is None and made.kind in _OF_DATA:
        return (
            f"{told}: it prepares data, which is done before a network here. {stands}: remove "
            f"that, and choose {_OF_DATA[made.kind]} at the dataset."
        )
    return (
        f"{told}: {_why(made)}. {stands}, which changes nothing: put layers in its place that "
        "compute the same."
    )


def precision_of(layers: Iterable[Made]) -> str | None:
    """Return what is to be told of the numbers that a model computes with; None of the usual."""
    names = {name for made in layers if (name := _policy(made)) in _PRECISIONS}
    if not names:
        return None
    told = " and ".join(sorted(map(str, names)))
    return f"It computes in {told}, which is no part of a network here: choose it for training."


def _policy(made: Made) -> str | None:
    """Return the type that a layer computes with, as its configuration has it."""
    found = made.config.get("dtype")
    settings = found.get("config") if isinstance(found, dict) else None
    name = settings.get("name") if isinstance(settings, dict) else found
    return name if isinstance(name, str) else None


def _why(made: Made) -> str:
    if made.kind == "Lambda":
        return "its code is in the file, and no code of a file is run"
    if made.registered is not None:
        return f"it is code of its own, {show(made.registered)}, and a file holds only its settings"
    return "there is no such layer type here"
