"""Random small networks that can be built: branches, several ends, masks, shares, blocks."""

import copy
from collections.abc import Iterator
from math import prod
from typing import Any

from hypothesis import strategies as st

from models.check import check
from models.parse import parse
from tests.models.documents import Document, document

_INITIALIZERS = ["glorot_uniform", "he_normal", "truncated_normal", "random_uniform"]
Shape = tuple[int, ...]
IDS = ["forward", "class", "torch", "train", "self", "x", "input", "lambda_", "logits", "pop"]

BLOCKS = ["residual", "class", "network", "o"]

TITLES = [
    None,
    "x" * 190,
    '"""\\ \r\n# fmt: off',
    "# noqa",
    "{{7*7}}",
    "Ω 网络" * 40,
    "\u202e</script>",
]

_MERGES = ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"]
MOST_NUMBERS = 500
_ACTIVATIONS = ["linear", "relu", "tanh", "softmax", "sigmoid"]


@st.composite
def networks(draw: st.DrawFn, most: int = 6, least: int = 1) -> Document:
    """Draw a document of a few layers that branch and join, with names that could clash.

    Args:
        most: how many layers there are between the ends, at most; `least` at least.
    """
    rank = draw(st.integers(1, 3))
    first: Shape = {1: (6,), 2: (4, 3), 3: (2, 6, 5)}[rank]
    long = [f"{letter * draw(st.integers(20, 61))}_x" for letter in "abcdefgh"]
    ids = draw(
        st.permutations([*IDS, *long, *(f"n_{n}" for n in range(most + 3)), "class_activation"])
    )
    names = iter(ids)
    start = next(names)
    nodes: list[tuple[str, str, dict[str, Any]]] = [(start, "Input", {"shape": list(first)})]
    wires: list[tuple[str, str]] = []
    shapes: dict[str, Shape] = {start: first}
    loose = start
    if draw(st.booleans()):
        other, loose = next(names), next(names)
        nodes += [(other, "Input", {"shape": list(first)}), (loose, "Add", {})]
        wires += [(other, loose), (start, loose)]
        shapes |= {other: first, loose: first}
    alike: dict[Shape, list[tuple[str, str, Shape]]] = {}
    shared: dict[str, str] = {}
    for _ in range(draw(st.integers(least, most))):
        name = next(names)
        taken = shapes[loose]
        partners = [other for other, shape in shapes.items() if shape == shapes[loose]]
        if len(partners) > 1 and draw(st.booleans()):
            partner = draw(st.sampled_from([other for other in partners if other != loose]))
            kind = draw(st.sampled_from(_merges(taken)))
            nodes.append((name, kind, {"normalize": True} if kind == "Dot" else {}))
            wires += [(loose, name), (partner, name)]
            shapes[name] = _merged(kind, taken)
        else:
            if taken in alike and draw(st.booleans()):
                shared[name], kind, shape = draw(st.sampled_from(alike[taken]))
                params: dict[str, Any] = {}
            else:
                kind, params, shape = draw(_layer(taken))
            nodes.append((name, kind, params))
            wires.append((loose, name))
            shapes[name] = shape
            alike.setdefault(taken, []).append((name, kind, shape))
        loose = name
    for source in [loose, *draw(st.lists(st.sampled_from(list(shapes)), max_size=2))]:
        end = next(names)
        nodes.append((end, "Output", {}))
        wires.append((source, end))
    sent = document(*nodes, wires=" ".join(f"{a}>{b}" for a, b in wires))
    sent["name"] = draw(st.sampled_from(TITLES)) or "A name"
    for node in sent["nodes"]:
        node["title"] = draw(st.sampled_from(TITLES))
        node["shares"] = shared.get(node["id"])
    for block in draw(st.lists(st.sampled_from(BLOCKS), max_size=2, unique=True)):
        _fold(draw, sent, block, names)
    return sent


def _merges(taken: Shape) -> list[str]:
    """Return what may join two such outputs; features that are joined again and again add up."""
    if prod(taken) > MOST_NUMBERS:
        return _MERGES[:-1]
    return _MERGES if len(taken) > 2 else [*_MERGES, "Dot"]


def _fold(draw: st.DrawFn, sent: Document, block: str, names: Iterator[str]) -> None:
    """Fold some layers that follow each other in the document into a block."""
    inside = [n for n in sent["nodes"] if n["type"] not in ("Input", "Output")]
    first = draw(st.integers(0, len(inside) - 1))
    inside = inside[first : draw(st.integers(first + 1, len(inside)))]
    ids = {node["id"] for node in inside}
    by_id = {node["id"]: node for node in sent["nodes"]}
    for node in sent["nodes"]:
        origin = node
        while origin["shares"]:
            origin = by_id[origin["shares"]]
        if (origin["id"] in ids) != (node["id"] in ids):
            node |= {"shares": None, "params": origin["params"]}
    use = next(names)
    starts: dict[tuple[str, str | None], str] = {}
    ends: dict[tuple[str, str | None], str] = {}
    wires: list[dict[str, Any]] = []
    outer: list[dict[str, Any]] = []
    for edge in sent["edges"]:
        source = (edge["source"], edge.get("output"))
        if edge["source"] in ids and edge["target"] not in ids and source not in ends:
            ends[source] = next(names)
        if edge["source"] not in ids and edge["target"] in ids and source not in starts:
            starts[source] = next(names)
            outer.append(_wire(source, use) | {"port": starts[source]})
        if edge["target"] in ids:
            within = source if edge["source"] in ids else (starts[source], None)
            wires.append(edge | _wire(within, edge["target"]))
        else:
            left = (use, ends[source]) if edge["source"] in ids else source
            outer.append(edge | _wire(left, edge["target"]))
    wires += [_wire(source, end) for source, end in ends.items()]
    made = [
        *({"id": name, "type": "Input", "params": {}} for name in starts.values()),
        *inside,
        *({"id": name, "type": "Output", "params": {}} for name in ends.values()),
    ]
    place = sent["nodes"].index(inside[0])
    rest = [node for node in sent["nodes"] if node["id"] not in ids]
    params: dict[str, Any] = {"block": block}
    node = {"id": use, "type": "Block", "params": params, "title": None, "shares": None}
    sent["nodes"] = [*rest[:place], node, *rest[place:]]
    sent["edges"] = outer
    sent.setdefault("blocks", {})[block] = {
        "title": draw(st.sampled_from(TITLES)),
        "summary": draw(st.sampled_from(TITLES)),
        "nodes": made,
        "edges": wires,
        "parameters": {},
    }
    _vary(draw, sent, node, next(names))


def _wire(source: tuple[str, str | None], target: str) -> dict[str, Any]:
    return {"source": source[0], "output": source[1], "target": target}


def _vary(draw: st.DrawFn, sent: Document, use: dict[str, Any], name: str) -> None:
    """Repeat a block, or use it a second time with other arguments, where that fits."""
    block = sent["blocks"][use["params"]["block"]]
    sizes = [node["id"] for node in block["nodes"] if "units" in node.get("params", {})]
    if sizes:
        sets = [[node, "units"] for node in sizes]
        block["parameters"]["size"] = {"default": 3, "sets": sets}
        use["params"]["arguments"] = {"size": draw(st.integers(1, 4))}
    other = copy.deepcopy(sent)
    repeated = next(node for node in other["nodes"] if node["id"] == use["id"])
    ends = [node["type"] for node in block["nodes"]]
    if ends.count("Output") > 1:
        other = sent
    elif draw(st.booleans()):
        repeated["params"]["repeat"] = draw(st.integers(2, 3))
    else:
        again = copy.deepcopy(use) | {"id": name}
        if sizes and draw(st.booleans()):
            again["params"]["arguments"] = {"size": draw(st.integers(1, 4))}
        for edge in other["edges"]:
            if edge["source"] == use["id"]:
                edge |= {"source": name}
        other["nodes"].insert(other["nodes"].index(repeated) + 1, again)
        other["edges"].append({"source": use["id"], "target": name})
        if draw(st.booleans()):
            again |= {"shares": use["id"], "params": {}}
    for varied in (other, sent):
        if check(parse(varied)).ok:
            sent |= varied
            return
    # Another size may not fit what comes after.
    use["params"].pop("arguments", None)
    block["parameters"] = {}


def _merged(kind: str, shape: Shape) -> Shape:
    """Return what comes of two inputs of this shape."""
    if kind == "Concatenate":
        return (2 * shape[0], *shape[1:]) if len(shape) == 3 else (*shape[:-1], 2 * shape[-1])
    if kind == "Dot":
        return (1,) if len(shape) == 1 else (shape[0], shape[0])
    return shape


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
        ("LayerNormalization", {"center": draw(st.booleans())}, shape),
        ("RMSNormalization", {}, shape),
        ("GroupNormalization", {"groups": -1}, shape),
        ("UnitNormalization", {"axis": 1}, shape),
        ("SpectralNormalization", {"layer": {"type": "Dense", **dense}}, widened),
        ("Dropout", {"seed": draw(st.sampled_from([None, 3]))}, shape),
        ("AlphaDropout", {}, shape),
        ("GaussianDropout", {"rate": 0.2}, shape),
        ("GaussianNoise", {"seed": 5}, shape),
        ("ActivityRegularization", {"l2": 0.1}, shape),
        ("Masking", {"mask_value": 0.5}, shape),
    ]
    if len(shape) == 1:
        choices.append(("RepeatVector", {"n": 3}, (3, *shape)))
        choices.append(("Reshape", {"target_shape": [1, -1, 1]}, (1, shape[0], 1)))
    if len(shape) == 2:
        choices.append(("Permute", {}, shape[::-1]))
        heads = {"num_heads": 2, "key_dim": units, "use_causal_mask": draw(st.booleans())}
        choices.append(("MultiHeadAttention", heads, shape))
        choices.append(("LSTM", {"units": units, "return_sequences": True}, (shape[0], units)))
        choices.append(("GRU", {"units": units, "recurrent_activation": activation}, (units,)))
        choices.append(("SimpleRNN", {"units": units, "recurrent_dropout": 0.5}, (units,)))
        choices.append(("GlobalAveragePooling1D", {}, (shape[1],)))
        causal = {"filters": units, "padding": "causal", "dilation_rate": 2, "kernel_size": 2}
        choices.append(("Conv1D", causal | {"activation": activation}, (shape[0], units)))
        separable = {"filters": units, "padding": "same", "depth_multiplier": 2}
        separable["depthwise_initializer"] = draw(st.sampled_from(["orthogonal", *_INITIALIZERS]))
        choices.append(("SeparableConv1D", separable, (shape[0], units)))
        wide = {"pool_size": 2, "strides": 1, "padding": "same"}
        choices.append(("MaxPooling1D", wide, shape))
    if len(shape) == 3:
        same = {"filters": units, "padding": "same", "activation": activation}
        same |= {"kernel_size": [2, 3], "kernel_initializer": draw(st.sampled_from(_INITIALIZERS))}
        choices.append(("Conv2D", same, widened))
        larger = (units, 2 * shape[1], shape[2])
        transposed = same | {"kernel_size": 3, "strides": [2, 1]}
        if shape[1] < 20:
            choices.append(("Conv2DTranspose", transposed, larger))
        twice = {"padding": "same", "depth_multiplier": 2}
        choices.append(("DepthwiseConv2D", twice, (2 * shape[0], *shape[1:])))
        choices.append(("Flatten", {}, (shape[0] * shape[1] * shape[2],)))
        choices.append(("Permute", {"dims": [3, 1, 2]}, (shape[2], *shape[:2])))
        around = {"padding": [[1, 0], [0, 2]]}
        choices.append(("ZeroPadding2D", around, (shape[0], shape[1] + 1, shape[2] + 2)))
        choices.append(("GlobalMaxPooling2D", {"keepdims": True}, (shape[0], 1, 1)))
        sizes = (draw(st.integers(1, 3)), draw(st.integers(1, 3)))
        choices.append(("AdaptiveMaxPooling2D", {"output_size": sizes}, (shape[0], *sizes)))
    return draw(st.sampled_from(choices))
