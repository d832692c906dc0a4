"""A first network for a dataset: plain, small enough to train in a minute, sized by the data."""

from itertools import chain, pairwise
from typing import Any

from models.architecture import Architecture, Edge, Node
from models.data.interface import Entry, Interface
from models.objectives.losses import Loss
from models.recipe import Reason

WIDE_FROM = 10_000
"""Rows from which a wider first layer has enough examples to be fitted."""
LONG_FROM = 64
"""Tokens from which reading them one after the other takes too long on a few cores."""
MIN_SIDE = 2
MAX_BLOCKS = 4
STEP_X, STEP_Y = 300.0, 92.0
"""Between layers, in the layout."""
_Layer = tuple[str, str, dict[str, Any]]


def first_network(
    interface: Interface, rows: int, loss: type[Loss] | None = None
) -> tuple[Architecture, list[Reason]]:
    """Return layers that suit the data, from Input to Output, and why they are as they are.

    Args:
        loss: one that is chosen already may ask for an activation at the output.
    """
    if len(interface.input_shape) == 3:
        hidden, reasons = _convolutional(interface.input_shape)
    elif interface.sequence is not None:
        hidden, reasons = _recurrent(interface)
    elif all(entry.text for entry in interface.entries):
        hidden, reasons = _after_texts()
    else:
        hidden, reasons = _dense(rows)
    branches = [_branch(entry) for entry in interface.entries]
    join: list[_Layer] = [("features", "Concatenate", {})] if len(branches) > 1 else []
    rest = [*join, *hidden]
    heads = [_head(one, loss) for one in interface.alone()]
    below = max(map(len, branches))
    places = {
        name: (STEP_X * column, STEP_Y * row)
        for column, branch in enumerate(branches)
        for row, (name, _, _) in enumerate(branch)
    }
    middle = STEP_X * (len(branches) - 1) / 2
    places |= {name: (middle, STEP_Y * row) for row, (name, _, _) in enumerate(rest, below)}
    left, below = middle - STEP_X * (len(heads) - 1) / 2, below + len(rest)
    places |= {
        name: (left + STEP_X * column, STEP_Y * row)
        for column, (layers, _) in enumerate(heads)
        for row, (name, _, _) in enumerate(layers, below)
    }
    chains = [*([*branch, rest[0]] for branch in branches), rest]
    chains += [[rest[-1], *layers] for layers, _ in heads]
    architecture = Architecture(
        format="neuroloom/1",
        name=f"First network for {interface.target}"[:200],
        nodes=[
            Node(id=name, type=kind, params=params)
            for name, kind, params in [
                *chain.from_iterable(branches),
                *rest,
                *chain.from_iterable(layers for layers, _ in heads),
            ]
        ],
        edges=[
            Edge(source=before[0], target=after[0])
            for layers in chains
            for before, after in pairwise(layers)
        ],
        layout=places,
    )
    why = [*_why_codes(interface), *_why_texts(interface), *reasons]
    return architecture, [*why, *(reason for _, reason in heads)]


def _branch(entry: Entry) -> list[_Layer]:
    """Return the layers from an Input on: for codes and tokens, a vector looked up for each."""
    named = {"columns": list(entry.columns)} if entry.vocabulary else {}
    layers: list[_Layer] = [(entry.node or "input", "Input", named)]
    if entry.vocabulary:
        codes = max(entry.vocabulary)
        params = {"input_dim": codes, "output_dim": vector_length(codes)}
        if entry.text:
            return [*layers, *_reading(entry, params)]
        layers.append((f"embedding_{entry.node}", "Embedding", params))
        layers.append((f"flatten_{entry.node}", "Flatten", {}))
    return layers


def _reading(entry: Entry, embedding: dict[str, Any]) -> list[_Layer]:
    """Return the layers that read a text: one row of features, whatever its length."""
    if _is_long(entry):
        convolution = {"filters": 64, "kernel_size": 5, "padding": "same", "activation": "relu"}
        return [
            (f"embedding_{entry.node}", "Embedding", embedding),
            (f"conv1d_{entry.node}", "Conv1D", convolution),
            (f"pool_{entry.node}", "GlobalMaxPooling1D", {}),
        ]
    gru = {"type": "GRU", "units": 32}
    return [
        (f"embedding_{entry.node}", "Embedding", {**embedding, "mask_zero": True}),
        (f"gru_{entry.node}", "Bidirectional", {"layer": gru}),
    ]


def _is_long(entry: Entry) -> bool:
    return entry.shape[0] > LONG_FROM


def vector_length(codes: int) -> int:
    """Return how long a vector for one of so many codes is: about 1.6 · codes^0.56, as fastai."""
    return min(50, max(2, round(1.6 * codes**0.56)))


def _why_codes(interface: Interface) -> list[Reason]:
    coded = [entry for entry in interface.entries if entry.vocabulary and not entry.text]
    names = [entry.columns[0] for entry in coded]
    if not names:
        return []
    shown = ", ".join(f'"{name}"' for name in names[:5])
    why = f"An Embedding for {shown}: each category gets a vector that is learnt with the rest"
    return [Reason(path=["architecture", "nodes"], reason=why)]


def _why_texts(interface: Interface) -> list[Reason]:
    reasons = []
    for entry in interface.entries:
        if not entry.text:
            continue
        why = f'An Embedding for "{entry.columns[0]}": each token gets a vector that is learnt. '
        if _is_long(entry):
            why += (
                "Filters look at five tokens at a time, and the pooling keeps whether what they "
                "look for is anywhere: quick, however long the text is"
            )
        else:
            why += (
                "A GRU reads them from both ends, so that their order counts; it skips the padding "
                "after the end of a text"
            )
        reasons.append(Reason(path=["architecture", "nodes"], reason=why))
    return reasons


def _after_texts() -> tuple[list[_Layer], list[Reason]]:
    hidden: list[_Layer] = [
        ("dropout", "Dropout", {"rate": 0.3}),
        ("dense", "Dense", {"units": 32, "activation": "relu"}),
    ]
    why = (
        "The dropout keeps the answer from hanging on single words; a hidden layer weighs what was "
        "read"
    )
    return hidden, [Reason(path=["architecture", "nodes"], reason=why)]


def _dense(rows: int) -> tuple[list[_Layer], list[Reason]]:
    units = 64 if rows < WIDE_FROM else 128
    hidden: list[_Layer] = []
    for index, width in enumerate((units, units // 2), 1):
        hidden.append((f"dense_{index}", "Dense", {"units": width, "activation": "relu"}))
        if rows < WIDE_FROM:
            hidden.append((f"dropout_{index}", "Dropout", {"rate": 0.2}))
    why = f"Two hidden layers of {units} and {units // 2} units can bend a boundary of most shapes"
    if rows < WIDE_FROM:
        why += (
            f"; the dropout keeps them from learning {rows:,} rows by heart: over many splits it "
            "gains a little on small data and costs nothing"
        )
    return hidden, [Reason(path=["architecture", "nodes"], reason=why)]


def _recurrent(interface: Interface) -> tuple[list[_Layer], list[Reason]]:
    """Return layers that read a sequence step by step."""
    groups = interface.sequence == "groups"
    steps = interface.input_shape[0]
    layers: list[_Layer] = [("masking", "Masking", {})] if groups else []
    layers.append(("gru", "GRU", {"units": 32}))
    if groups:
        layers.append(("dropout", "Dropout", {"rate": 0.2}))
    why = (
        f"A GRU reads the {steps:,} steps one after another and keeps what matters of them in 32 "
        "numbers, from which the answer is worked out"
    )
    if groups:
        why += "; the masking makes it skip what short sequences are filled up with"
    return layers, [Reason(path=["architecture", "nodes"], reason=why)]


def _convolutional(shape: tuple[int, ...]) -> tuple[list[_Layer], list[Reason]]:
    side = min(shape[1:])
    layers: list[_Layer] = []
    blocks = 0
    while side >= 2 * MIN_SIDE and blocks < MAX_BLOCKS:
        filters = min(32 * 2**blocks, 128)
        blocks += 1
        convolution = {
            "filters": filters,
            "kernel_size": 3,
            "padding": "same",
            "activation": "relu",
        }
        layers.append((f"conv2d_{blocks}", "Conv2D", convolution))
        layers.append((f"pool_{blocks}", "MaxPooling2D", {"pool_size": 2}))
        side //= 2
    layers.append(("flatten", "Flatten", {}))
    if not blocks:
        layers.append(("dense_1", "Dense", {"units": 64, "activation": "relu"}))
        why = "The images are too small to slide filters over, so a dense layer reads the pixels"
    else:
        layers.append(("dropout", "Dropout", {"rate": 0.3}))
        why = (
            f"{blocks} times a convolution and a pooling that halves the side, until {side} pixels "
            "are left: small patterns first, then what they form; the dropout keeps the last layer "
            "from relying on single pixels"
        )
    return layers, [Reason(path=["architecture", "nodes"], reason=why)]


def _head(interface: Interface, loss: type[Loss] | None) -> tuple[list[_Layer], Reason]:
    """Return the layers that predict one target, and why they are as they are."""
    (kind, layer, params), reason = _output(interface, loss)
    node = interface.goals[0].end.node
    if node is None:
        return [(kind, layer, params), ("output", "Output", {})], reason
    place = node.rpartition("_")[2]
    output: _Layer = (node, "Output", {"target": interface.target})
    why = Reason(path=["architecture", node], reason=f'"{interface.target}": {reason.reason}')
    return [(f"{kind}_{place}", layer, params), output], why


def _output(interface: Interface, loss: type[Loss] | None) -> tuple[_Layer, Reason]:
    classes = interface.classes
    if classes is None and loss is not None and loss.activations is not None:
        params = {"units": 1, "activation": loss.activations[0]}
        why = f"One output of a kind that {loss.name} is made for"
    elif classes is None:
        params = {"units": 1, "activation": "linear"}
        why = "One linear output, because a number is predicted"
    elif interface.exclusive is None:
        params = {"units": len(classes), "activation": "sigmoid"}
        why = (
            f"{len(classes)} sigmoid outputs, the probability of each label by itself, because an "
            "image may have several labels, or none"
        )
    elif len(classes) == 2:
        params = {"units": 1, "activation": "sigmoid"}
        why = (
            f'One sigmoid output, the probability of "{classes[1]}", because there are two classes'
        )
    else:
        params = {"units": len(classes), "activation": "softmax"}
        why = f"{len(classes)} softmax outputs, one probability for each class"
    return ("prediction", "Dense", params), Reason(path=["architecture", "output"], reason=why)
