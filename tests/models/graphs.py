"""Random small networks that can be built."""

from typing import Any

from hypothesis import strategies as st

from tests.models.documents import Document, document

Shape = tuple[int, ...]
IDS = ["forward", "class", "torch", "train", "self", "x", "input", "lambda_", "logits", "pop"]

_ACTIVATIONS = ["linear", "relu", "tanh", "softmax", "sigmoid"]


@st.composite
def networks(draw: st.DrawFn) -> Document:
    """Draw a document of a few layers that branch and join, with names that could clash."""
    rank = draw(st.integers(1, 3))
    first: Shape = {1: (6,), 2: (4, 3), 3: (2, 6, 5)}[rank]
    ids = draw(st.permutations([*IDS, *(f"node_{n}" for n in range(20)), "class_activation"]))
    names = iter(ids)
    start = next(names)
    nodes: list[tuple[str, str, dict[str, Any]]] = [(start, "Input", {"shape": list(first)})]
    wires: list[tuple[str, str]] = []
    shapes: dict[str, Shape] = {start: first}
    loose = start
    for _ in range(draw(st.integers(1, 6))):
        name = next(names)
        partners = [other for other, shape in shapes.items() if shape == shapes[loose]]
        if len(partners) > 1 and draw(st.booleans()):
            partner = draw(st.sampled_from([other for other in partners if other != loose]))
            kind = draw(st.sampled_from(["Add", "Concatenate"]))
            nodes.append((name, kind, {}))
            wires += [(loose, name), (partner, name)]
            shapes[name] = shapes[loose] if kind == "Add" else _joined(shapes[loose])
        else:
            kind, params, shape = draw(_layer(shapes[loose]))
            nodes.append((name, kind, params))
            wires.append((loose, name))
            shapes[name] = shape
        loose = name
    end = next(names)
    nodes.append((end, "Output", {}))
    wires.append((loose, end))
    return document(*nodes, wires=" ".join(f"{a}>{b}" for a, b in wires))


def _joined(shape: Shape) -> Shape:
    return (2 * shape[0], *shape[1:]) if len(shape) == 3 else (*shape[:-1], 2 * shape[-1])


@st.composite
def _layer(draw: st.DrawFn, shape: Shape) -> tuple[str, dict[str, Any], Shape]:
    units = draw(st.integers(1, 5))
    activation = draw(st.sampled_from(_ACTIVATIONS))
    dense = {"units": units, "activation": activation}
    widened = (units, *shape[1:]) if len(shape) == 3 else (*shape[:-1], units)
    choices: list[tuple[str, dict[str, Any], Shape]] = [
        ("Dense", dense, widened),
        ("Activation", {"activation": activation}, shape),
        ("BatchNormalization", {}, shape),
        ("Dropout", {}, shape),
    ]
    if len(shape) == 2:
        choices.append(("LSTM", {"units": units, "return_sequences": True}, (shape[0], units)))
        choices.append(("GRU", {"units": units}, (units,)))
    if len(shape) == 3:
        same = {"filters": units, "padding": "same", "activation": activation}
        choices.append(("Conv2D", same, widened))
        choices.append(("Flatten", {}, (shape[0] * shape[1] * shape[2],)))
    return draw(st.sampled_from(choices))
