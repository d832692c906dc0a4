"""Whether a network fits the data: width and activation of its output, loss, kind of input."""

from collections.abc import Mapping

from models.data.interface import Entry, Interface
from models.errors import Fix, InsertNode, Problem, SetParams, SetRecipe, Where
from models.first_network import vector_length
from models.graph import Graph
from models.layers import Layer
from models.layers.activations import ACTIVATIONS
from models.layers.base import Shape, describe
from models.layers.block import Block
from models.layers.core import Dense, Embedding
from models.layers.io import Input
from models.measure import Measure
from models.objectives.losses import LOSSES, Loss

_OUTPUT = {"linear", "sigmoid", "softmax", "log_softmax"}
"""Activations that a last layer has; one with another is taken for a hidden layer."""


def problems(
    layers: Mapping[str, Layer],
    graph: Graph,
    measures: Mapping[str, Measure],
    interface: Interface,
    loss: str | None = None,
) -> list[Problem]:
    """Return what keeps a measured network from learning this data, or from learning it well."""
    found = [*_of_codes(layers, graph, interface), *_alike(layers, interface)]
    outputs = [node for node, layer in layers.items() if layer.role == "output"]
    for output in outputs:
        asked = interface.asked_at(output, alone=len(outputs) == 1)
        if asked is not None and output in measures:
            found += _of_output(output, layers, graph, measures, asked, loss)
    return found


def _of_output(
    output: str,
    layers: Mapping[str, Layer],
    graph: Graph,
    measures: Mapping[str, Measure],
    asked: Interface,
    loss: str | None,
) -> list[Problem]:
    """Return what keeps one Output from predicting its target."""
    own = asked.goals[0].end.loss
    if own is not None:
        loss = own.type
    chosen = LOSSES.get(loss) if loss is not None else None
    (source,) = graph.inputs_of(output)
    shape = measures[output].output
    if len(shape) != 1:
        return [_rank(source, output, shape, asked)]
    found: list[Problem] = []
    if shape[0] not in asked.output_units:
        found.append(_units(source, output, shape[0], layers, graph, asked))
    elif problem := _activation(source, shape[0], layers, measures, asked, chosen):
        found.append(problem)
    if chosen is not None:
        found += _of_loss(chosen, shape[0], asked, output if own is not None else None)
    return found


def activation_of(measure: Measure) -> str:
    """Return the activation function that a layer ends with."""
    return measure.activation or "linear"


def suited(interface: Interface, units: int | None = None) -> tuple[int, str]:
    """Return the width and the activation of the output that the data asks for."""
    if interface.task == "regression":
        return 1, "linear"
    if interface.exclusive is None:
        return min(interface.output_units), "sigmoid"
    wanted = units if units in interface.output_units else min(interface.output_units)
    return wanted, "sigmoid" if wanted == 1 else "softmax"


def _asked(interface: Interface) -> str:
    if interface.classes is None:
        return f'1 output, to predict the number "{interface.target}"'
    classes = ", ".join(interface.classes[:5]) + (" …" if len(interface.classes) > 5 else "")
    if interface.exclusive is None:
        count = len(interface.classes)
        return f"{count} outputs, one for each of the {count} labels ({classes})"
    outputs = (
        "1 or 2 outputs" if len(interface.classes) == 2 else f"{len(interface.classes)} outputs"
    )
    return (
        f'{outputs}, because "{interface.target}" has {len(interface.classes)} classes ({classes})'
    )


def _rank(source: str, output: str, shape: Shape, interface: Interface) -> Problem:
    return Problem(
        code="output_shape",
        message=f"Expected a row of {_asked(interface)}, got {describe(shape)}. "
        "Put Flatten and a Dense layer before the output.",
        fix=Fix(
            title="Insert Flatten",
            changes=[InsertNode(type="Flatten", source=source, target=output)],
        ),
        where=Where(node=source),
    )


def _units(
    source: str,
    output: str,
    units: int,
    layers: Mapping[str, Layer],
    graph: Graph,
    interface: Interface,
) -> Problem:
    wanted, activation = suited(interface)
    node = _widest(source, layers, graph)
    layer = layers[node] if node else None
    own = getattr(layer, "activation", "linear")
    if node is None or layer is None or layer.width is None or own not in _OUTPUT:
        params = {"units": wanted, "activation": activation}
        fix = Fix(
            title=f"Add Dense with {wanted} {activation} unit{'s' if wanted > 1 else ''}",
            changes=[InsertNode(type=Dense.__name__, params=params, source=source, target=output)],
        )
        where = Where(node=source)
    else:
        change: dict[str, int | str] = {layer.width: wanted}
        title = f"Set {layer.width} to {wanted}"
        # An Activation after the layer has the say; only the layer's own is set along with it.
        if node == source and "activation" in type(layer).model_fields and own != activation:
            change["activation"] = activation
            title += f" and activation to {activation}"
        fix = Fix(title=title, changes=[SetParams(node=node, params=change)])
        where = Where(node=node, path=["params", layer.width])
    return Problem(
        code="output_units",
        message=f"Expected {_asked(interface)}, got {units:,}. {fix.title}.",
        fix=fix,
        where=where,
    )


def _widest(node: str, layers: Mapping[str, Layer], graph: Graph) -> str | None:
    """Return the layer that sets the width of `node`'s output: itself or one straight before it."""
    while layers[node].width is None:
        sources = graph.inputs_of(node)
        if len(sources) != 1 or len(graph.outputs_of(sources[0])) != 1:
            return None
        if layers[node].group in ("Reshaping", "Pooling"):
            return None
        (node,) = sources
    return node


def _activation(
    source: str,
    units: int,
    layers: Mapping[str, Layer],
    measures: Mapping[str, Measure],
    interface: Interface,
    loss: type[Loss] | None,
) -> Problem | None:
    found = activation_of(measures[source])
    if loss is not None and loss.activations is not None:
        if found in loss.activations:
            return None
        wanted, reason = loss.activations[0], f"{loss.name} is made for outputs of that kind"
        severe = loss.undefined_elsewhere
    else:
        _, wanted = suited(interface, units)
        if found == wanted or (interface.task == "regression" and ACTIVATIONS[found].any_number):
            return None
        several = interface.task == "multilabel"
        reason = {
            "linear": f'"{interface.target}" may be any number, which {found} cannot give',
            "sigmoid": "each label has a probability of its own, whatever the others have"
            if several
            else "one output for two classes has to be a probability",
            "softmax": "the outputs for classes have to be probabilities that add up to one",
        }[wanted]
        severe = False
    layer = layers[source]
    fix = None
    if "activation" in type(layer).model_fields:
        change = SetParams(node=source, params={"activation": wanted})
        fix = Fix(title=f"Set activation to {wanted}", changes=[change])
    return Problem(
        severity="error" if severe else "warning",
        code="output_activation",
        message=f"Expected the activation {wanted} at the output, because {reason}; "
        f"got {found}. Set it to {wanted}.",
        fix=fix,
        where=Where(node=source, path=["params", "activation"] if fix else []),
    )


def _of_loss(
    loss: type[Loss], units: int, interface: Interface, output: str | None
) -> list[Problem]:
    """Return what is wrong with a loss; `output` is the one that names it, if it has its own."""
    if interface.task == "regression":
        better = "MeanSquaredError"
    else:
        binary = units == 1 or interface.exclusive is None
        better = "BinaryCrossentropy" if binary else "CategoricalCrossentropy"
    if loss.tasks is not None and interface.task not in loss.tasks:
        reason = f"a loss for {interface.task}"
    elif loss.classes == "two" and len(interface.exclusive or ()) > 2:
        reason = f"a loss for {len(interface.exclusive or ())} classes"
    elif loss.takes == "codes" and units == 1:
        reason = "a loss for one output, as cross entropy over classes needs one output per class"
    else:
        return []
    values = {"loss": {"type": better}}
    change = SetParams(node=output, params=values) if output else SetRecipe(values=values)
    return [
        Problem(
            code="loss_mismatch",
            message=f"Expected {reason}, got {loss.name}. Set the loss to {better}.",
            fix=Fix(title=f"Set the loss to {better}", changes=[change]),
            where=Where(node=output, path=["params" if output else "recipe", "loss"]),
        )
    ]


def _alike(layers: Mapping[str, Layer], interface: Interface) -> list[Problem]:
    """Return a warning for Inputs that all get the same columns because none names any."""
    free = [
        node for node, layer in layers.items() if isinstance(layer, Input) and layer.columns is None
    ]
    fed = [entry for entry in interface.entries if entry.node in free]
    if len(fed) < 2:
        return []
    return [
        Problem(
            severity="warning",
            code="same_columns",
            message=f"Expected columns for each of several Inputs, got none here: the same "
            f'{len(entry.columns):,} columns enter as at "{fed[0].node}". Choose its columns, '
            "unless that is meant.",
            where=Where(node=entry.node, path=["params", "columns"]),
        )
        for entry in fed[1:]
    ]


def _of_codes(layers: Mapping[str, Layer], graph: Graph, interface: Interface) -> list[Problem]:
    """Return what is wrong where codes are read, or should be."""
    if any(len(entry.shape) != 1 for entry in interface.entries):
        return []
    inputs = [node for node, layer in layers.items() if layer.role == "input"]
    found: list[Problem] = []
    for node in inputs:
        entry = interface.entry(node, alone=len(inputs) == 1)
        for reader in graph.outputs_of(node) if entry is not None else ():
            codes = max(entry.vocabulary, default=None) if entry is not None else None
            layer = layers[reader]
            if entry is not None and entry.text and isinstance(layer, Block):
                # What reads the text is inside.
                continue
            if entry is not None and entry.text and not layer.reads_codes:
                found.append(_text_unread(node, reader, layer, entry))
            else:
                found += _of_reader(reader, layers[reader], codes)
    return found


def _text_unread(node: str, reader: str, layer: Layer, entry: Entry) -> Problem:
    """Return the problem of a layer that takes the ids of a text for measurements."""
    codes = max(entry.vocabulary)
    params = {"input_dim": codes, "output_dim": vector_length(codes)}
    insert = InsertNode(type=Embedding.__name__, source=node, target=reader, params=params)
    return Problem(
        code="text_unread",
        message=f"Expected an {Embedding.__name__} behind the text "
        f'"{entry.columns[0]}", which enters as ids of its tokens, got {type(layer).__name__}: ids '
        "have no order and no scale. Insert one.",
        fix=Fix(title=f"Insert an {Embedding.__name__} of {codes:,} tokens", changes=[insert]),
        where=Where(node=reader),
    )


def _of_reader(node: str, layer: Layer, codes: int | None) -> list[Problem]:
    """Return what is wrong with a layer right behind an Input; `codes` is how many enter."""
    if not layer.reads_codes:
        if codes is None:
            return []
        message = (
            f"Expected a layer that reads codes, such as {Embedding.__name__}, behind columns that "
            f"are encoded as index, got {type(layer).__name__}: codes have no order and no scale. "
            "Insert one, or set the encoding of the columns to one_hot."
        )
    elif codes is None:
        message = (
            f"Expected whole-number codes for {type(layer).__name__}, got columns of the dataset, "
            "which are standardised or one-hot encoded before they enter: most codes would be 0. "
            "Set the encoding of the columns to index, or use Dense on columns instead."
        )
    elif isinstance(layer, Embedding) and layer.input_dim < codes:
        change = SetParams(node=node, params={"input_dim": codes})
        return [
            Problem(
                code="too_few_codes",
                message=f"Expected an input_dim of at least {codes:,}, one for each category or "
                "token and one for what training has not seen, got "
                f"{layer.input_dim:,}. Set it to {codes:,}.",
                fix=Fix(title=f"Set input_dim to {codes:,}", changes=[change]),
                where=Where(node=node, path=["params", "input_dim"]),
            )
        ]
    else:
        return []
    return [
        Problem(severity="warning", code="codes_expected", message=message, where=Where(node=node))
    ]
