"""Random small networks that can be built: branches, several ends, masks, shared weights."""

from typing import Any

from hypothesis import strategies as st

from tests.models.documents import Document, document

_INITIALIZERS = ["glorot_uniform", "he_normal", "truncated_normal", "random_uniform"]
Shape = tuple[int, ...]
IDS = ["forward", "class", "torch", "train", "self", "x", "input", "lambda_", "logits", "pop"]

TITLES = [
    None,
    "x" * 190,
    '"""\\ \r\n# fmt: off',
    "# noqa",
    "{{7*7}}",
    "Ω 网络" * 40,
    "\u202e</script>",
]

_ACTIVATIONS = ["linear", "relu", "tanh", "softmax", "sigmoid"]


@st.composite
def networks(draw: st.DrawFn) -> Document:
    """Draw a document of a few layers that branch and join, with names that could clash."""
    rank = draw(st.integers(1, 3))
    first: Shape = {1: (6,), 2: (4, 3), 3: (2, 6, 5)}[rank]
    long = [f"{letter * draw(st.integers(20, 61))}_x" for letter in "abcdefgh"]
    ids = draw(st.permutations([*IDS, *long, *(f"n_{n}" for n in range(9)), "class_activation"]))
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
    for _ in range(draw(st.integers(1, 6))):
        name = next(names)
        taken = shapes[loose]
        partners = [other for other, shape in shapes.items() if shape == shapes[loose]]
        if len(partners) > 1 and draw(st.booleans()):
            partner = draw(st.sampled_from([other for other in partners if other != loose]))
            kind = draw(st.sampled_from(["Add", "Concatenate"]))
            nodes.append((name, kind, {}))
            wires += [(loose, name), (partner, name)]
            shapes[name] = shapes[loose] if kind == "Add" else _joined(shapes[loose])
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
    return sent


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
