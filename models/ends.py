"""The Inputs and Outputs of an architecture: what they say of the data."""

from models.architecture import Architecture
from models.data.ends import NOTHING, Ends, InputEnd, OutputEnd
from models.declared import layer
from models.ending import ending
from models.layers.io import Input, Output
from models.objectives.losses import LOSSES
from models.recipe import Objective


def ends(architecture: Architecture) -> Ends:
    """Return what the Inputs and Outputs say, in the document's order.

    A draft without an Input or without an Output is taken to have one that says nothing.

    Raises:
        DocumentError: for a document that `parse` would refuse.
    """
    inputs: list[InputEnd] = []
    outputs: list[OutputEnd] = []
    for node in architecture.nodes:
        if node.type not in (Input.__name__, Output.__name__):
            continue
        declared = layer(node)
        if isinstance(declared, Input):
            inputs.append(InputEnd(node.id, declared.columns))
        elif isinstance(declared, Output):
            outputs.append(_output(node.id, declared, architecture))
    return Ends(tuple(inputs) or (InputEnd(),), tuple(outputs) or (NOTHING,))


def _output(node: str, declared: Output, architecture: Architecture) -> OutputEnd:
    own = declared.loss
    kind = LOSSES.get(own.type) if own is not None else None
    end = ending(architecture, node)
    return OutputEnd(
        node,
        declared.target,
        Objective.model_validate(own.model_dump()) if own is not None else None,
        kind.tasks[0] if kind is not None and kind.tasks is not None else None,
        declared.loss_weight,
        declared.class_weight,
        end.units,
        end.activation,
    )
