"""What prepared rows ask of a network."""

from dataclasses import replace

from models.data.ends import OutputEnd
from models.data.interface import Entry, Goal, Interface, of_ends
from models.data.preparation import Preparation
from models.data.preprocess import column_features


def interface_of(preparation: Preparation) -> Interface:
    """Return what prepared rows ask of a network, as `interface` tells of the dataset."""
    widths = {column.name: len(column_features(column)) for column in preparation.columns}
    codes = {
        column.name: 1 + len(column.seen or ())
        for column in preparation.columns
        if column.encoding == "index"
    }
    texts = {column.name: column.text.max_tokens for column in preparation.columns if column.text}
    codes |= texts
    sequence = preparation.sequence
    time = () if sequence is None else (sequence.window,)
    entries = tuple(
        Entry(
            preparation.image_shape or (*time, sum(widths[name] for name in entering.columns)),
            tuple(entering.columns),
            entering.node,
            tuple(codes[name] for name in entering.columns if name in codes),
            any(name in texts for name in entering.columns),
        )
        for entering in preparation.inputs
    )
    goals = tuple(
        Goal(
            output.task,
            tuple(output.classes) if output.classes is not None else None,
            output.target,
            OutputEnd(output.node, output.target),
        )
        for output in preparation.outputs
    )
    asked = of_ends(entries, goals, tuple(column.name for column in preparation.columns))
    return replace(asked, sequence=sequence.kind if sequence is not None else None)
